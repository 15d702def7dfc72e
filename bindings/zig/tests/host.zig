//! A type with methods as a host: what a contract writes and asks is what the methods see.

const std = @import("std");
const zvm = @import("zvm");
const world = @import("world.zig");
const testing = std.testing;
const request = world.request;
const World = world.World;

/// The methods that a host must have, and no other.
const Least = struct {
    pub fn get(_: *Least, _: zvm.op.Get) ?[]const u8 {
        return null;
    }
    pub fn account(_: *Least, _: zvm.op.Account) ?zvm.op.Account.Answer {
        return null;
    }
    pub fn code(_: *Least, _: zvm.op.Code) error{Never}!?[]const u8 {
        return null;
    }
};

test "a method that a host does not have is NULL in its table" {
    const least = zvm.Host(Least);
    try testing.expect(least.storage.get != null and least.ledger.account != null and least.ledger.code != null);
    try testing.expect(least.storage.get_many == null and least.storage.scan == null and least.storage.commit == null);
    try testing.expect(least.storage.release == null and least.ledger.release == null and least.hooks.release == null);
    try testing.expect(least.ledger.block_hash == null);
    try testing.expect(least.hooks.admit == null and least.hooks.query == null and least.hooks.log == null);
    try testing.expect(least.hooks.trace == null);

    const most = zvm.Host(World);
    try testing.expect(most.storage.scan != null and most.storage.commit != null and most.storage.release != null);
    try testing.expect(most.ledger.block_hash != null and most.hooks.query != null and most.hooks.log != null);
}

test "n077 what a host does not offer is missed when it is needed, and named" {
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    var least: Least = .{};
    var detail: zvm.Detail = .{};
    defer detail.deinit();
    const session = try runtime.session(&least, .{ .detail = &detail });
    defer session.deinit();
    var deployed = try session.deploy(.{ .caller = world.someone, .code = world.probe, .gas_limit = 100_000_000 });
    defer deployed.deinit();
    try testing.expectError(error.HostMissing, session.call(request(deployed.created.?, "keys", "")));
    try testing.expect(std.mem.indexOf(u8, detail.message(), "scan") != null);
    try testing.expectError(error.HostMissing, session.commit());
    try testing.expect(std.mem.indexOf(u8, detail.message(), "commit") != null);
}

test "storage: written, read, listed in order and removed, across commits" {
    var host: World = .{};
    host.start();
    defer host.deinit();
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    const probe = try world.deployed(runtime, &host, world.probe);

    const first = try runtime.session(&host, .{});
    defer first.deinit();
    for ([_][]const u8{ "\x03oneuno", "\x03twodue", "\x05threetre" }) |input| {
        try expect(first, probe, "write", input, .success, "");
    }
    try first.commit();

    const second = try runtime.session(&host, .{});
    defer second.deinit();
    try expect(second, probe, "read", "two", .success, "due");
    try expect(second, probe, "read", "four", .revert, "absent");
    try expect(second, probe, "keys", "", .success, "\x03one\x05three\x03two");
    try expect(second, probe, "remove", "three", .success, "");
    try expect(second, probe, "keys", "", .success, "\x03one\x03two");
    try second.commit();
    const third = try runtime.session(&host, .{});
    defer third.deinit();
    try expect(third, probe, "keys", "", .success, "\x03one\x03two");
}

test "pages: more rows than one page holds come in order, each once" {
    var host: World = .{};
    host.start();
    defer host.deinit();
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    const probe = try world.deployed(runtime, &host, world.probe);
    var expected: std.ArrayList(u8) = .empty;
    for (0..300) |index| {
        const key = try std.fmt.allocPrint(host.books.arena, "{d:0>100}", .{index});
        const row: zvm.Change = .{ .kind = .set, .account = probe, .key = .of(key), .value = .of("x") };
        try host.books.state.apply(host.books.arena, row);
        try expected.print(host.books.arena, "{c}{s}", .{ 100, key });
    }
    const session = try runtime.session(&host, .{});
    defer session.deinit();
    try expect(session, probe, "keys", "", .success, expected.items);
    try testing.expect(host.asked < 300);
}

test "n078 empty bytes are accepted in both directions, and NULL where the library gives them" {
    const Watch = struct {
        const Watch = @This();
        world: World = .{},
        empties: usize = 0,

        pub fn get(self: *Watch, asked: zvm.op.Get) !?[]const u8 {
            return self.world.get(asked);
        }
        pub fn account(self: *Watch, asked: zvm.op.Account) !?zvm.op.Account.Answer {
            return self.world.account(asked);
        }
        pub fn code(self: *Watch, asked: zvm.op.Code) !?[]const u8 {
            return self.world.code(asked);
        }
        pub fn query(self: *Watch, asked: zvm.op.Query) !?[]const u8 {
            self.empties += @intFromBool(asked.request.len == 0);
            return "";
        }
        pub fn commit(self: *Watch, asked: zvm.op.Commit) !void {
            for (asked.changes) |change| {
                if (change.key.len == 0 and change.key.ptr == null) self.empties += 1;
                if (change.value.len == 0 and change.value.ptr == null) self.empties += 1;
            }
            for (asked.events) |event| {
                if (event.bytes.ptr == null and event.topic_list == null) self.empties += 1;
            }
            return self.world.commit(asked);
        }
    };
    var host: Watch = .{};
    host.world.start();
    defer host.world.deinit();
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    const probe = try world.deployed(runtime, &host, world.probe);
    host.empties = 0;

    const session = try runtime.session(&host, .{});
    defer session.deinit();
    // An input of no bytes with a pointer, and an output of none.
    const nothing: [*]const u8 = "x";
    try expect(session, probe, "echo", nothing[0..0], .success, "");
    try expect(session, probe, "fail", "", .revert, "");
    // A question of no bytes, and an answer of none that is there.
    try expect(session, probe, "ask", "\x01", .success, "");
    try testing.expectEqual(1, host.empties);
    // A value of no bytes is an entry, and comes back as one.
    try expect(session, probe, "write", "\x05emptyrest", .success, "");
    try expect(session, probe, "write", "\x05empty", .success, "");
    try expect(session, probe, "emit", "\x00", .success, "");
    try session.commit();
    try testing.expectEqual(3, host.empties);
    const later = try runtime.session(&host, .{});
    defer later.deinit();
    try expect(later, probe, "read", "empty", .success, "");
    try later.prefetch(probe, &.{});
    try testing.expectEqual(0, (try later.changes()).len);
}

test "n078 the result of a call with no output and no events holds NULL and 0" {
    var host: World = .{};
    host.start();
    defer host.deinit();
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    const probe = try world.deployed(runtime, &host, world.probe);
    const session = try runtime.session(&host, .{});
    defer session.deinit();
    var result = try session.call(request(probe, "echo", ""));
    defer result.deinit();
    try testing.expect(result.raw.data.ptr == null and result.raw.data.len == 0);
    try testing.expect(result.raw.logs == null and result.raw.log_count == 0);
}

test "long values come through the room of a reply, and over its limit they are refused" {
    const Long = struct {
        const Long = @This();
        world: World = .{},
        length: usize = 0,

        pub fn get(self: *Long, asked: zvm.op.Get) !?[]const u8 {
            const room = try asked.reply.room(self.length);
            for (room, 0..) |*byte, index| byte.* = @truncate(index);
            return room;
        }
        pub fn account(self: *Long, asked: zvm.op.Account) !?zvm.op.Account.Answer {
            return self.world.account(asked);
        }
        pub fn code(self: *Long, asked: zvm.op.Code) !?[]const u8 {
            return self.world.code(asked);
        }
        pub fn commit(self: *Long, asked: zvm.op.Commit) !void {
            return self.world.commit(asked);
        }
    };
    var host: Long = .{};
    host.world.start();
    defer host.world.deinit();
    var detail: zvm.Detail = .{};
    defer detail.deinit();
    const runtime: zvm.Runtime = try .init(.{ .options = &.{.of("limit.value_bytes", 1000)} });
    defer runtime.deinit();
    const probe = try world.deployed(runtime, &host, world.probe);
    for ([_]usize{ 1, 256, 257, 1000 }) |length| {
        host.length = length;
        var session = try runtime.session(&host, .{});
        defer session.deinit();
        var result = try session.call(request(probe, "read", "key"));
        defer result.deinit();
        try testing.expectEqual(length, result.data.len);
        for (result.data, 0..) |byte, index| try testing.expectEqual(@as(u8, @truncate(index)), byte);
    }
    host.length = 1001;
    const session = try runtime.session(&host, .{ .detail = &detail });
    defer session.deinit();
    try testing.expectError(error.Host, session.call(request(probe, "read", "key")));
    try testing.expectEqualStrings("AnswerTooLong", detail.message());
}

test "several entries are read ahead in one callback" {
    const Many = struct {
        const Many = @This();
        world: World = .{},
        many: usize = 0,

        pub fn get(_: *Many, _: zvm.op.Get) !?[]const u8 {
            return error.NotOneByOne;
        }
        pub fn getMany(self: *Many, asked: zvm.op.GetMany) !void {
            self.many += 1;
            for (0..asked.count()) |index| {
                if (std.mem.eql(u8, asked.key(index), "none")) continue;
                const value = try asked.reply(index).room(asked.key(index).len);
                @memcpy(value, asked.key(index));
                asked.answer(index, value);
            }
        }
        pub fn account(self: *Many, asked: zvm.op.Account) !?zvm.op.Account.Answer {
            return self.world.account(asked);
        }
        pub fn code(self: *Many, asked: zvm.op.Code) !?[]const u8 {
            return self.world.code(asked);
        }
        pub fn commit(self: *Many, asked: zvm.op.Commit) !void {
            return self.world.commit(asked);
        }
    };
    var host: Many = .{};
    host.world.start();
    defer host.world.deinit();
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    const probe = try world.deployed(runtime, &host, world.probe);
    const session = try runtime.session(&host, .{});
    defer session.deinit();
    try session.prefetch(probe, &.{ .of("one"), .of("none"), .of("two") });
    try testing.expectEqual(1, host.many);
    try expect(session, probe, "read", "one", .success, "one");
    try expect(session, probe, "read", "none", .revert, "absent");
    try expect(session, probe, "read", "two", .success, "two");
}

test "the block, the question, the line and the event arrive as they were given" {
    var host: World = .{};
    host.start();
    defer host.deinit();
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    const probe = try world.deployed(runtime, &host, world.probe);
    const session = try runtime.session(&host, .{ .block = .{
        .number = 7,
        .timestamp = 8,
        .chain_id = 9,
        .proposer = @splat(0x22),
        .randomness = @splat(0x33),
    } });
    defer session.deinit();
    var call = request(probe, "context", "");
    call.origin = @splat(0x44);
    call.gas_price = 5;
    var result = try session.call(call);
    defer result.deinit();
    const seen = result.data;
    try testing.expectEqualSlices(u8, &world.someone, seen[0..20]);
    try testing.expectEqualSlices(u8, &call.origin.?, seen[20..40]);
    try testing.expectEqual(0, zvm.number(seen[40..72].*));
    try testing.expectEqual(5, zvm.number(seen[72..104].*));
    try testing.expectEqual(7, std.mem.readInt(u64, seen[104..112], .big));
    try testing.expectEqual(8, std.mem.readInt(u64, seen[112..120], .big));
    try testing.expectEqual(9, zvm.number(seen[120..152].*));
    try testing.expectEqualSlices(u8, &@as(zvm.Address, @splat(0x22)), seen[152..172]);
    try testing.expectEqualSlices(u8, &@as(zvm.Word, @splat(0x33)), seen[172..204]);

    try expect(session, probe, "ask", "\x01abc", .success, "cba");
    try expect(session, probe, "ask", "\x00abc", .revert, "absent");
    try expect(session, probe, "block_hash", &.{ 0, 0, 0, 0, 0, 0, 0, 5 }, .success, &zvm.word(5));
    try expect(session, probe, "say", "a line", .success, "");
    try testing.expectEqualStrings("a line", host.line[0..host.line_len]);

    try session.trace(.{ .calls = true });
    try expect(session, probe, "block_hash", &.{ 0, 0, 0, 0, 0, 0, 0, 5 }, .success, &zvm.word(5));
    try testing.expect(std.mem.startsWith(u8, &host.line, "{\"enter\":\"call\",\"depth\":1,"));
    try session.trace(.{});

    const topic: zvm.Word = @splat(0x55);
    var emitted = try session.call(request(probe, "emit", "\x01" ++ topic ++ "data"));
    defer emitted.deinit();
    try testing.expectEqual(1, emitted.events.len);
    try testing.expectEqual(probe, emitted.events[0].account);
    try testing.expectEqualSlices(zvm.Word, &.{topic}, emitted.events[0].topics());
    try testing.expectEqualStrings("data", emitted.events[0].data());
    try session.commit();
    try testing.expectEqual(1, host.events);
}

test "an admission scores code, and may refuse it" {
    const Gate = struct {
        const Gate = @This();
        verdict: zvm.op.Admit.Verdict,

        pub fn get(_: *Gate, _: zvm.op.Get) ?[]const u8 {
            return null;
        }
        pub fn account(_: *Gate, _: zvm.op.Account) ?zvm.op.Account.Answer {
            return null;
        }
        pub fn code(_: *Gate, _: zvm.op.Code) ?[]const u8 {
            return null;
        }
        pub fn admit(self: *Gate, asked: zvm.op.Admit) !zvm.op.Admit.Verdict {
            if (!std.mem.eql(u8, asked.code, world.probe)) return error.OtherCode;
            if (!std.mem.eql(u8, &asked.creator, &world.someone) or asked.engine != .wasm) return error.OtherCreator;
            return self.verdict;
        }
    };
    const runtime: zvm.Runtime = try .init(.{ .admission = .required, .least_score = 50 });
    defer runtime.deinit();
    const deploy: zvm.Deploy = .{ .caller = world.someone, .code = world.probe, .gas_limit = 100_000_000 };
    for ([_]struct { zvm.op.Admit.Verdict, bool }{
        .{ .{ .score = 50 }, true },
        .{ .{ .score = 49 }, false },
        .{ .{ .score = 100, .refused = true }, false },
    }) |case| {
        var host: Gate = .{ .verdict = case[0] };
        const session = try runtime.session(&host, .{});
        defer session.deinit();
        if (case[1]) {
            var result = try session.deploy(deploy);
            defer result.deinit();
            try testing.expectEqual(50, result.score);
        } else {
            try testing.expectError(error.CodeRefused, session.deploy(deploy));
        }
    }
}

/// Calls an entry and compares how it ended and what it gave.
fn expect(
    session: zvm.Session,
    target: zvm.Address,
    entry: []const u8,
    input: []const u8,
    kind: zvm.Kind,
    data: []const u8,
) !void {
    var result = try session.call(request(target, entry, input));
    defer result.deinit();
    try testing.expectEqual(kind, result.kind);
    try testing.expectEqualStrings(data, result.data);
}
