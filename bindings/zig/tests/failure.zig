//! Methods that fail: the right error, no change, and a session that goes on.

const std = @import("std");
const zvm = @import("zvm");
const world = @import("world.zig");
const testing = std.testing;
const request = world.request;
const World = world.World;

test "n082 an error in a method ends the call with error.Host and is named in its detail" {
    var host: World = .{};
    host.start();
    defer host.deinit();
    var detail: zvm.Detail = .{};
    defer detail.deinit();
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    const probe = try world.deployed(runtime, &host, world.probe);
    for ([_]struct { []const u8, []const u8 }{
        .{ "read", "key" },
        .{ "keys", "" },
        .{ "ask", "\x01abc" },
        .{ "block_hash", &@as([8]u8, @splat(0)) },
    }) |case| {
        const session = try runtime.session(&host, .{ .detail = &detail });
        defer session.deinit();
        // The account and the code of the probe are read already; the next callback is the entry's own.
        var warm = try session.call(request(probe, "echo", ""));
        warm.deinit();
        host.fails_at = host.asked + 1;
        try testing.expectError(error.Host, session.call(request(probe, case[0], case[1])));
        host.fails_at = null;
        const said = detail.info();
        try testing.expectEqualStrings("TheDiskIsGone", said.message);
        try testing.expectEqual(zvm.c.ZVM_E_HOST, said.status);
        try testing.expectEqual(probe, said.contract);
        var again = try session.call(request(probe, case[0], case[1]));
        defer again.deinit();
        try testing.expectEqual(null, detail.handle);
    }
}

test "n082 a failure may have a number and a text of the host's own" {
    const Sick = struct {
        pub fn get(_: *@This(), asked: zvm.op.Get) !?[]const u8 {
            return asked.frame.fail(-17, "sector 5 cannot be read");
        }
        pub fn account(_: *@This(), _: zvm.op.Account) ?zvm.op.Account.Answer {
            return null;
        }
        pub fn code(_: *@This(), _: zvm.op.Code) ?[]const u8 {
            return null;
        }
    };
    var host: Sick = .{};
    var detail: zvm.Detail = .{};
    defer detail.deinit();
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    const session = try runtime.session(&host, .{ .detail = &detail });
    defer session.deinit();
    var deployed = try session.deploy(.{ .caller = world.someone, .code = world.probe, .gas_limit = 100_000_000 });
    defer deployed.deinit();
    // What a contract made in this session holds is known to be empty; another's entry is the host's.
    try testing.expectError(error.Host, session.prefetch(@splat(0x77), &.{.of("key")}));
    try testing.expectEqual(-17, detail.info().host_code);
    try testing.expectEqualStrings("sector 5 cannot be read", detail.message());
    try testing.expectFmt("HOST: sector 5 cannot be read", "{f}", .{detail});
}

test "a failure at the n-th callback, for every n, changes nothing and can be tried again" {
    var failed: std.EnumSet(World.Method) = .empty;
    var fails_at: usize = 1;
    while (true) : (fails_at += 1) {
        var host: World = .{};
        host.start();
        defer host.deinit();
        const probe = probe: {
            const runtime: zvm.Runtime = try .init(.{});
            defer runtime.deinit();
            break :probe try world.deployed(runtime, &host, world.probe);
        };
        const old: zvm.Change = .{ .kind = .set, .account = probe, .key = .of("key"), .value = .of("old") };
        try host.books.state.apply(host.books.arena, old);
        host.asked = 0;
        host.fails_at = fails_at;
        // A new one, so that the code is asked for.
        const runtime: zvm.Runtime = try .init(.{});
        defer runtime.deinit();
        const session = try runtime.session(&host, .{});
        const outcome = story(session, probe);
        const broke = host.failed.count() > 0;
        failed.setUnion(host.failed);
        if (broke) {
            try testing.expectError(error.Host, outcome);
            try testing.expectEqualStrings("old", host.books.state.entries.items[0].value);
            try testing.expectEqual(1, host.books.commits);
            host.fails_at = null;
        }
        try if (broke) story(session, probe) else outcome;
        session.deinit();
        try testing.expectEqualStrings("new", host.books.state.entries.items[0].value);
        try testing.expectEqual(2, host.released);
        if (!broke) break;
    }
    try testing.expectEqual(std.EnumSet(World.Method).full, failed);
}

fn story(session: zvm.Session, probe: zvm.Address) !void {
    for ([_]struct { []const u8, []const u8 }{
        .{ "read", "key" },
        .{ "keys", "" },
        .{ "block_hash", &@as([8]u8, @splat(0)) },
        .{ "ask", "\x01abc" },
        .{ "write", "\x03keynew" },
    }) |call| {
        var result = try session.call(request(probe, call[0], call[1]));
        result.deinit();
    }
    try session.commit();
}

test "a trap and a revert are outcomes and no errors" {
    var host: World = .{};
    host.start();
    defer host.deinit();
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    const probe = try world.deployed(runtime, &host, world.probe);
    const session = try runtime.session(&host, .{});
    defer session.deinit();
    for ([_]struct { []const u8, zvm.Kind, zvm.Halt }{
        .{ "unreachable", .trap, .@"unreachable" },
        .{ "divide", .trap, .divide_by_zero },
        .{ "bounds", .trap, .memory_bounds },
        .{ "recurse", .trap, .stack_overflow },
        .{ "spin", .out_of_gas, .out_of_gas },
        .{ "no such entry", .no_entry, .no_entry },
        .{ "fail", .revert, .none },
    }) |case| {
        var result = try session.call(request(probe, case[0], ""));
        defer result.deinit();
        try testing.expectEqual(case[1], result.kind);
        try testing.expectEqual(case[2], result.halt);
        try testing.expectEqual(10_000_000, result.gas_used + result.gas_left);
    }
    try testing.expectEqual(0, (try session.changes()).len);
}
