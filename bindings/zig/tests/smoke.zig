//! A library of another build, linked statically perhaps, works: it runs a contract, and its panics and traps
//! are contained.

const std = @import("std");
const zvm = @import("zvm");
const testing = std.testing;

const caller: zvm.Address = @splat(1);

test "a counter counts" {
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    const store: zvm.Store = try .memory(null);
    defer store.deinit();
    const session = try store.session(runtime, .{});
    defer session.deinit();
    const code = @embedFile("counter.wasm");
    var counter = try session.deploy(.{ .caller = caller, .code = code, .gas_limit = 100_000_000 });
    defer counter.deinit();
    for (1..4) |expected| {
        var result = try session.call(.{ .caller = caller, .target = counter.created.?, .gas_limit = 1_000_000 });
        defer result.deinit();
        try testing.expectEqual(expected, std.mem.readInt(u64, result.data[0..8], .big));
    }
    try session.commit();
}

test "panics and traps are contained" {
    try testing.expectError(error.Panic, zvm.selftest(zvm.c.ZVM_SELFTEST_PANIC, null));
    try zvm.selftest(zvm.c.ZVM_SELFTEST_TRAP, null);
    try zvm.selftest(zvm.c.ZVM_SELFTEST_ALL, null);
}
