//! The query method: the one that may call contracts in the running call.

const std = @import("std");
const zvm = @import("zvm");
const world = @import("world.zig");
const testing = std.testing;
const request = world.request;
const World = world.World;

/// Answers a question by asking a contract.
const Oracle = struct {
    world: World = .{},
    probe: zvm.Address = undefined,
    detail: zvm.Detail = .{},
    met: ?zvm.Error = null,
    cancelled: bool = true,
    answer: [64]u8 = undefined,

    pub fn query(self: *Oracle, asked: zvm.op.Query) !?[]const u8 {
        self.cancelled = asked.frame.cancelled();
        const gas = asked.frame.gasLeft();
        var call = request(self.probe, "echo", asked.request);
        if (asked.kind == 2) call.entry = "spin";
        if (asked.kind == 3) call.entry = "write";
        call.gas_limit = gas;
        var result = asked.call(call, &self.detail) catch |err| {
            self.met = err;
            return err;
        };
        defer result.deinit();
        if (result.gas_used + result.gas_left > gas) return error.MoreGasThanThereWas;
        if (result.kind != .success) return result.kind.name();
        @memcpy(self.answer[0..result.data.len], result.data);
        return self.answer[0..result.data.len];
    }

    /// Not a query: it may not call.
    pub fn get(self: *Oracle, asked: zvm.op.Get) !?[]const u8 {
        const query_like: zvm.op.Query = .{ .kind = 0, .request = "", .reply = asked.reply, .frame = asked.frame };
        var result = query_like.call(request(self.probe, "echo", ""), &self.detail) catch |err| {
            self.met = err;
            return null;
        };
        result.deinit();
        return error.CalledFromGet;
    }

    pub fn account(self: *Oracle, asked: zvm.op.Account) !?zvm.op.Account.Answer {
        return self.world.account(asked);
    }

    pub fn code(self: *Oracle, asked: zvm.op.Code) !?[]const u8 {
        return self.world.code(asked);
    }

    pub fn commit(self: *Oracle, asked: zvm.op.Commit) !void {
        return self.world.commit(asked);
    }
};

test "a query may call a contract, which pays from the gas of the call that asks" {
    var host: Oracle = .{};
    host.world.start();
    defer host.world.deinit();
    defer host.detail.deinit();
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    host.probe = try world.deployed(runtime, &host, world.probe);
    const session = try runtime.session(&host, .{});
    defer session.deinit();

    var answered = try session.call(request(host.probe, "ask", "\x01hello"));
    defer answered.deinit();
    try testing.expectEqual(.success, answered.kind);
    try testing.expectEqualStrings("hello", answered.data);
    try testing.expect(!host.cancelled);

    var spent = try session.call(request(host.probe, "ask", "\x02"));
    defer spent.deinit();
    try testing.expectEqualStrings("OUT_OF_GAS", spent.data);
    try testing.expect(spent.gas_used > 9_000_000 and spent.kind == .success);

    var wrote = try session.call(request(host.probe, "ask", "\x03\x03keyvalue"));
    defer wrote.deinit();
    const changes = try session.changes();
    try testing.expectEqual(1, changes.len);
    try testing.expectEqualStrings("value", changes[0].value.slice());
}

test "no other method may call a contract" {
    var host: Oracle = .{};
    host.world.start();
    defer host.world.deinit();
    defer host.detail.deinit();
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    host.probe = try world.deployed(runtime, &host, world.probe);
    const session = try runtime.session(&host, .{});
    defer session.deinit();
    var result = try session.call(request(host.probe, "read", "key"));
    defer result.deinit();
    try testing.expectEqual(error.State, host.met.?);
}

test "gas that a method asks for is paid on top" {
    const Toll = struct {
        const Toll = @This();
        world: World = .{},
        toll: u64 = 0,

        pub fn get(self: *Toll, asked: zvm.op.Get) !?[]const u8 {
            asked.frame.charge(self.toll);
            return self.world.get(asked);
        }
        pub fn account(self: *Toll, asked: zvm.op.Account) !?zvm.op.Account.Answer {
            return self.world.account(asked);
        }
        pub fn code(self: *Toll, asked: zvm.op.Code) !?[]const u8 {
            return self.world.code(asked);
        }
        pub fn commit(self: *Toll, asked: zvm.op.Commit) !void {
            return self.world.commit(asked);
        }
    };
    var host: Toll = .{};
    host.world.start();
    defer host.world.deinit();
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    const probe = try world.deployed(runtime, &host, world.probe);
    var used: [2]u64 = undefined;
    for (&used, [_]u64{ 0, 12345 }) |*gas, toll| {
        host.toll = toll;
        const session = try runtime.session(&host, .{});
        defer session.deinit();
        var result = try session.call(request(probe, "read", "key"));
        defer result.deinit();
        gas.* = result.gas_used;
    }
    try testing.expectEqual(used[0] + 12345, used[1]);
}
