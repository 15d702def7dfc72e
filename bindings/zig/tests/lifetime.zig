//! Who is released when, and what a session does that is used while it runs.

const std = @import("std");
const zvm = @import("zvm");
const world = @import("world.zig");
const testing = std.testing;
const request = world.request;
const World = world.World;

test "a host is released once, when its session is gone" {
    var host: World = .{};
    host.start();
    defer host.deinit();
    const runtime: zvm.Runtime = try .init(.{});
    const session = try runtime.session(&host, .{});
    // The order does not matter: a session keeps what it needs of its runtime.
    runtime.deinit();
    _ = try session.mark();
    try testing.expectEqual(0, host.released);
    session.deinit();
    try testing.expectEqual(1, host.released);
}

test "a host is released once, where its session could not be made" {
    var host: World = .{};
    host.start();
    defer host.deinit();
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    var params: zvm.c.zvm_session_params = .{ .struct_size = @sizeOf(zvm.c.zvm_session_params), .flags = 1 << 31 };
    zvm.Host(World).attach(&host, &params);
    try testing.expectError(error.Flags, zvm.Session.init(runtime.handle, &params, null));
    try testing.expectEqual(1, host.released);
    params.flags = 0;
    var ledger = zvm.Host(World).ledger;
    ledger.code = null;
    params.ledger = &ledger;
    try testing.expectError(error.HostMissing, zvm.Session.init(runtime.handle, &params, null));
    try testing.expectEqual(2, host.released);
}

test "a host is released once by a call in a session of its own" {
    var host: World = .{};
    host.start();
    defer host.deinit();
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    const probe = try world.deployed(runtime, &host, world.probe);
    host.released = 0;
    var wrote = try runtime.execute(&host, .{}, request(probe, "write", "\x03keyvalue"));
    defer wrote.deinit();
    try testing.expectEqual(1, host.released);
    try testing.expectEqual(2, host.books.commits);
    var reverted = try runtime.execute(&host, .{}, request(probe, "fail", "why"));
    defer reverted.deinit();
    try testing.expectEqualStrings("why", reverted.data);
    try testing.expectEqual(2, host.released);
    try testing.expectEqual(2, host.books.commits);
}

/// A host that uses its own session from a method.
const Busybody = struct {
    world: World = .{},
    session: ?zvm.Session = null,
    ends_it: bool = false,
    met: [4]?zvm.Error = @splat(null),

    pub fn get(self: *Busybody, asked: zvm.op.Get) !?[]const u8 {
        const session = self.session orelse return self.world.get(asked);
        if (self.ends_it) {
            session.deinit();
            self.session = null;
            return null;
        }
        self.met = .{
            refusal(session.call(request(asked.account, "echo", ""))),
            refusal(session.commit()),
            refusal(session.changes()),
            refusal(session.reset()),
        };
        return null;
    }

    fn refusal(outcome: anytype) ?zvm.Error {
        _ = outcome catch |err| return err;
        return null;
    }

    pub fn account(self: *Busybody, asked: zvm.op.Account) !?zvm.op.Account.Answer {
        return self.world.account(asked);
    }

    pub fn code(self: *Busybody, asked: zvm.op.Code) !?[]const u8 {
        return self.world.code(asked);
    }

    pub fn commit(self: *Busybody, asked: zvm.op.Commit) !void {
        return self.world.commit(asked);
    }

    pub fn release(self: *Busybody) void {
        self.world.release();
    }
};

test "n081 a session used from a method of its own host is busy" {
    var host: Busybody = .{};
    host.world.start();
    defer host.world.deinit();
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    const probe = try world.deployed(runtime, &host, world.probe);
    const session = try runtime.session(&host, .{});
    defer session.deinit();
    host.session = session;
    var result = try session.call(request(probe, "read", "key"));
    defer result.deinit();
    try testing.expectEqual(.revert, result.kind);
    for (host.met) |met| try testing.expectEqual(error.Busy, met.?);
}

test "n081 a session that is ended by a method of its own host ends when the call returns" {
    var host: Busybody = .{ .ends_it = true };
    host.world.start();
    defer host.world.deinit();
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    const probe = try world.deployed(runtime, &host, world.probe);
    host.world.released = 0;
    host.session = try runtime.session(&host, .{});
    var result = try host.session.?.call(request(probe, "read", "key"));
    defer result.deinit();
    try testing.expectEqualStrings("absent", result.data);
    try testing.expectEqual(1, host.world.released);
}

test "savepoints nest, and a commit ends them" {
    var host: World = .{};
    host.start();
    defer host.deinit();
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    const probe = try world.deployed(runtime, &host, world.probe);
    const session = try runtime.session(&host, .{});
    defer session.deinit();
    const outer = try session.mark();
    try write(session, probe, "\x01a1");
    const inner = try session.mark();
    try write(session, probe, "\x01b2");
    try testing.expectEqual(2, (try session.changes()).len);
    try session.rollback(inner);
    const changes = try session.changes();
    try testing.expectEqual(1, changes.len);
    try testing.expectEqual(.set, changes[0].kind);
    try testing.expectEqual(probe, changes[0].account);
    try testing.expectEqualStrings("a", changes[0].key.slice());
    try testing.expectEqualStrings("1", changes[0].value.slice());
    try session.rollback(outer);
    try testing.expectEqual(0, (try session.changes()).len);
    try testing.expectError(error.Argument, session.rollback(inner));
    try write(session, probe, "\x01c3");
    try session.reset();
    try testing.expectEqual(0, (try session.changes()).len);
}

test "a session that may only read does not commit" {
    var host: World = .{};
    host.start();
    defer host.deinit();
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    const session = try runtime.session(&host, .{ .read_only = true });
    defer session.deinit();
    try testing.expectError(error.State, session.commit());
}

fn write(session: zvm.Session, probe: zvm.Address, input: []const u8) !void {
    var result = try session.call(request(probe, "write", input));
    defer result.deinit();
    try testing.expectEqual(.success, result.kind);
}
