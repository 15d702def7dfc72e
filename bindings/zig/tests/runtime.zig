//! Runtimes, codes and interrupts.

const std = @import("std");
const zvm = @import("zvm");
const world = @import("world.zig");
const testing = std.testing;
const request = world.request;
const World = world.World;

test "the library is the one this binding was made for, and contains its own panics" {
    try testing.expectEqual(@as(u32, zvm.c.ZVM_ABI), zvm.c.zvm_abi_version());
    try testing.expect(std.mem.startsWith(u8, zvm.version(), "zvm "));
    try testing.expect(zvm.feature(zvm.c.ZVM_FEATURE_WASM) > 0);
    try testing.expectEqual(0, zvm.feature(9999));
    var detail: zvm.Detail = .{};
    defer detail.deinit();
    try zvm.selftest(zvm.c.ZVM_SELFTEST_ALL, &detail);
    try testing.expectError(error.Panic, zvm.selftest(zvm.c.ZVM_SELFTEST_PANIC, &detail));
    try testing.expect(detail.message().len > 0);
}

test "a configuration is followed or refused" {
    var detail: zvm.Detail = .{};
    defer detail.deinit();
    const nonsense: zvm.Runtime.Config = .{ .options = &.{.of("limit.nonsense", 1)}, .detail = &detail };
    try testing.expectError(error.Argument, zvm.Runtime.init(nonsense));
    try testing.expect(std.mem.indexOf(u8, detail.message(), "nonsense") != null);

    const plain: zvm.Runtime = try .init(.{});
    defer plain.deinit();
    const other: zvm.Runtime = try .init(.{ .options = &.{.of("limit.value_bytes", 64)} });
    defer other.deinit();
    const same: zvm.Runtime = try .init(.{ .cache_bytes = 1 << 20, .artefact_key = @splat(7) });
    defer same.deinit();
    try testing.expect(!std.mem.eql(u8, &try plain.fingerprint(), &try other.fingerprint()));
    try testing.expectEqual(try plain.fingerprint(), try same.fingerprint());
}

test "compilers differ in nothing that is seen" {
    const both = zvm.feature(zvm.c.ZVM_FEATURE_SINGLEPASS) > 0 and zvm.feature(zvm.c.ZVM_FEATURE_CRANELIFT) > 0;
    const all: []const zvm.Runtime.Config = &.{
        .{},
        .{ .compiler = .singlepass },
        .{ .compiler = .cranelift },
        .{ .compiler = .tiered, .compile_threads = 1, .hot_runs = 1 },
    };
    const plain: zvm.Runtime = try .init(.{});
    defer plain.deinit();
    for (if (both) all else all[0..1]) |config| {
        const runtime: zvm.Runtime = try .init(config);
        defer runtime.deinit();
        const code = try runtime.load(.{ .bytes = world.probe });
        defer code.deinit();
        try testing.expectEqual(try plain.fingerprint(), try runtime.fingerprint());
        try testing.expectEqual(1, (try runtime.stats()).compilations);
        try runtime.ensureSignals();
    }
    try testing.expectError(error.Argument, zvm.Runtime.init(.{ .compiler = .tiered }));
}

test "a runtime counts what it did, and a copy of its handle is the same runtime" {
    var host: World = .{};
    host.start();
    defer host.deinit();
    const first: zvm.Runtime = try .init(.{});
    const runtime = first.clone();
    first.deinit();
    defer runtime.deinit();
    const probe = try world.deployed(runtime, &host, world.probe);
    var result = try runtime.execute(&host, .{}, request(probe, "echo", ""));
    result.deinit();
    const stats = try runtime.stats();
    try testing.expectEqual(1, stats.deploys);
    try testing.expectEqual(1, stats.calls);
    try testing.expectEqual(0, stats.failures);
    try testing.expect(stats.codes == 1 and stats.code_bytes > 0);
    try runtime.trim();
    try testing.expectEqual(0, (try runtime.stats()).codes);
}

test "code says what it is, and its compiled form comes back only whole" {
    const runtime: zvm.Runtime = try .init(.{ .artefact_key = @splat(7) });
    defer runtime.deinit();
    const code = try runtime.load(.{ .bytes = world.probe });
    defer code.deinit();
    const info = try code.info();
    try testing.expectEqual(.wasm, info.engine);
    try testing.expectEqualStrings(world.probe, info.code);
    try testing.expect(listed(info.entries, "spin") and !listed(info.entries, "spun"));
    try testing.expect(listed(info.imports, "storage_read"));

    const artefact = try code.serialize();
    const again = try runtime.deserialize(artefact);
    defer again.deinit();
    try testing.expectEqual(info.hash, (try again.info()).hash);
    const damaged = try testing.allocator.dupe(u8, artefact);
    defer testing.allocator.free(damaged);
    damaged[damaged.len / 2] ^= 1;
    try testing.expectError(error.Artefact, runtime.deserialize(damaged));
    try testing.expectError(error.Artefact, runtime.deserialize(""));

    try testing.expectError(error.CodeFormat, runtime.load(.{ .bytes = "\xefno code" }));
    const held = try runtime.load(.{ .bytes = world.probe, .expected_hash = info.hash });
    defer held.deinit();
    const other: zvm.Code.Params = .{ .bytes = world.probe, .expected_hash = @splat(1) };
    try testing.expectError(error.CodeInvalid, runtime.load(other));
}

fn listed(names: []const zvm.Bytes, wanted: []const u8) bool {
    for (names) |name| {
        if (std.mem.endsWith(u8, name.slice(), wanted)) return true;
    }
    return false;
}

test "a host may answer with code that is loaded already" {
    const Ready = struct {
        const Ready = @This();
        world: World = .{},
        loaded: ?zvm.Code = null,

        pub fn get(self: *Ready, asked: zvm.op.Get) !?[]const u8 {
            return self.world.get(asked);
        }
        pub fn account(self: *Ready, asked: zvm.op.Account) !?zvm.op.Account.Answer {
            return self.world.account(asked);
        }
        pub fn code(self: *Ready, asked: zvm.op.Code) !?[]const u8 {
            return asked.loaded(self.loaded orelse return error.NotLoaded);
        }
        pub fn commit(self: *Ready, asked: zvm.op.Commit) !void {
            return self.world.commit(asked);
        }
    };
    var host: Ready = .{};
    host.world.start();
    defer host.world.deinit();
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    const probe = try world.deployed(runtime, &host, world.probe);
    const code = try runtime.load(.{ .bytes = world.probe });
    defer code.deinit();
    host.loaded = code;
    var result = try runtime.execute(&host, .{}, request(probe, "echo", "hello"));
    defer result.deinit();
    try testing.expectEqualStrings("hello", result.data);
}

test "an interrupt stops calls until it is reset, and a time limit stops one" {
    var host: World = .{};
    host.start();
    defer host.deinit();
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    const probe = try world.deployed(runtime, &host, world.probe);
    const session = try runtime.session(&host, .{});
    defer session.deinit();
    const interrupt: zvm.Interrupt = try .init(null);
    defer interrupt.deinit();
    const copy = interrupt.clone();
    copy.fire();
    copy.deinit();
    var call = request(probe, "echo", "hello");
    call.interrupt = interrupt;
    for (0..2) |_| try testing.expectError(error.Cancelled, session.call(call));
    interrupt.reset();
    var result = try session.call(call);
    result.deinit();

    var endless = request(probe, "spin", "");
    endless.gas_limit = 1_000_000_000_000;
    endless.time_limit_ns = 20 * std.time.ns_per_ms;
    try testing.expectError(error.Deadline, session.call(endless));
}

test "an interrupt stops a call that runs in another thread" {
    var host: World = .{};
    host.start();
    defer host.deinit();
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    const probe = try world.deployed(runtime, &host, world.probe);
    const session = try runtime.session(&host, .{});
    defer session.deinit();
    const interrupt: zvm.Interrupt = try .init(null);
    defer interrupt.deinit();
    const thread: std.Thread = try .spawn(.{}, struct {
        fn run(token: zvm.Interrupt) void {
            testing.io.sleep(.fromMilliseconds(20), .awake) catch {};
            token.fire();
        }
    }.run, .{interrupt});
    defer thread.join();
    var endless = request(probe, "spin", "");
    endless.gas_limit = 1_000_000_000_000;
    endless.interrupt = interrupt;
    try testing.expectError(error.Cancelled, session.call(endless));
}

test "addresses of contracts follow Ethereum" {
    // The first contract of the account 0x6ac7..91d0; example 1 of EIP-1014.
    var sender: zvm.Address = undefined;
    _ = try std.fmt.hexToBytes(&sender, "6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0");
    try testing.expectFmt("cd234a471b72ba2f1ccf0a70fcaba648a5eecd8d", "{x}", .{&zvm.createAddress(sender, 0)});
    var hash: zvm.Word = undefined;
    std.crypto.hash.sha3.Keccak256.hash(&.{0}, &hash, .{});
    const second = zvm.create2Address(@splat(0), @splat(0), hash);
    try testing.expectFmt("4d1a2e2bb4f88f0250f26ffff098b0b30b26bf38", "{x}", .{&second});
}
