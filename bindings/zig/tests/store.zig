//! The embedded ledger.

const std = @import("std");
const zvm = @import("zvm");
const world = @import("world.zig");
const testing = std.testing;
const request = world.request;

test "a store in memory: balances are put in, sent with calls, and kept" {
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    const store: zvm.Store = try .memory(null);
    defer store.deinit();
    try store.apply(&.{});
    try store.apply(&.{.{ .kind = .balance, .account = world.someone, .value = .of(&zvm.word(1000)) }});

    const session = try store.session(runtime, .{});
    defer session.deinit();
    var deployed = try session.deploy(.{
        .caller = world.someone,
        .code = world.probe,
        .value = 400,
        .gas_limit = 100_000_000,
    });
    defer deployed.deinit();
    try testing.expectEqual(.success, deployed.kind);
    try session.commit();

    const later = try store.session(runtime, .{ .read_only = true });
    defer later.deinit();
    var call = request(deployed.created.?, "context", "");
    call.value = 600;
    var sent = try later.query(call);
    defer sent.deinit();
    try testing.expectEqual(.success, sent.kind);
    try testing.expectEqual(600, zvm.number(sent.data[40..72].*));
    call.value = 601;
    var refused = try later.query(call);
    defer refused.deinit();
    try testing.expectEqual(.balance, refused.kind);
}

test "a store in a file goes on where it stopped, and has one owner at a time" {
    var tmp = testing.tmpDir(.{});
    defer tmp.cleanup();
    var buffer: [std.Io.Dir.max_path_bytes]u8 = undefined;
    const folder = buffer[0..try tmp.dir.realPath(testing.io, &buffer)];
    const path = try std.fmt.allocPrint(testing.allocator, "{s}/ledger.zvm", .{folder});
    defer testing.allocator.free(path);
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    var detail: zvm.Detail = .{};
    defer detail.deinit();

    const probe = probe: {
        const store: zvm.Store = try .open(path, &detail);
        defer store.deinit();
        try testing.expectError(error.State, zvm.Store.open(path, &detail));
        try testing.expect(detail.message().len > 0);
        const session = try store.session(runtime, .{});
        defer session.deinit();
        var deployed = try session.deploy(.{ .caller = world.someone, .code = world.probe, .gas_limit = 100_000_000 });
        defer deployed.deinit();
        try session.commit();
        var wrote = try store.execute(runtime, .{}, request(deployed.created.?, "write", "\x03keyvalue"));
        defer wrote.deinit();
        try testing.expectEqual(.success, wrote.kind);
        break :probe deployed.created.?;
    };
    const store: zvm.Store = try .open(path, &detail);
    defer store.deinit();
    var read = try store.execute(runtime, .{}, request(probe, "read", "key"));
    defer read.deinit();
    try testing.expectEqualStrings("value", read.data);
}

test "n078 a path of no bytes is refused" {
    try testing.expectError(error.Argument, zvm.Store.open("", null));
}
