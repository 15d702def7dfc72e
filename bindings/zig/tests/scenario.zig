//! Plays a file of tests/vectors: every step in one session over a host in Zig, each compared in every field, and
//! the one commit after the last.

const std = @import("std");
const zvm = @import("zvm");
const vector = @import("vector.zig");
const Books = @import("books").Books;
const testing = std.testing;

pub fn run(path: []const u8) !void {
    var memory: std.heap.ArenaAllocator = .init(testing.allocator);
    defer memory.deinit();
    const arena = memory.allocator();
    const text = try std.Io.Dir.cwd().readFileAlloc(testing.io, path, arena, .limited(1 << 24));
    var play: Play = .{ .scenario = try vector.parse(arena, text), .arena = arena, .host = undefined };
    play.host = try .of(arena, play.scenario);
    try play.through();
}

/// The ledger that the scenario describes, and what it was brought at the last commit.
const Host = struct {
    books: Books,
    block_hashes: std.AutoHashMapUnmanaged(u64, zvm.Word) = .empty,
    commits: usize = 0,
    /// What the commit must bring, where it is the last.
    last: ?vector.Scenario = null,

    fn of(arena: std.mem.Allocator, scenario: vector.Scenario) !Host {
        var host: Host = .{ .books = .{ .arena = arena } };
        const state = &host.books.state;
        for (scenario.ledger.accounts.map.keys(), scenario.ledger.accounts.map.values()) |name, holding| {
            const address = (try vector.Address.of(arena, name)).bytes;
            try state.accounts.put(arena, address, .{
                .balance = zvm.number(holding.balance.bytes),
                .nonce = holding.nonce,
                .code_hash = holding.code_hash.bytes,
                .engine = @enumFromInt(holding.engine),
            });
            if (holding.code) |name_of_code| {
                const bytes = scenario.codes.map.get(name_of_code) orelse return error.NoSuchCode;
                try state.codes.put(arena, holding.code_hash.bytes, bytes.bytes);
            }
            for (holding.storage.map.keys(), holding.storage.map.values()) |key, value| {
                const place: vector.Hex = try .of(arena, key);
                const entry: zvm.Change = .{
                    .kind = .set,
                    .account = address,
                    .key = .of(place.bytes),
                    .value = .of(value.bytes),
                };
                try state.apply(arena, entry);
            }
        }
        for (scenario.ledger.block_hashes.map.keys(), scenario.ledger.block_hashes.map.values()) |number, hash| {
            try host.block_hashes.put(arena, try std.fmt.parseInt(u64, number, 10), hash.bytes);
        }
        return host;
    }

    pub fn get(self: *Host, asked: zvm.op.Get) ?[]const u8 {
        return self.books.get(asked);
    }

    pub fn scan(self: *Host, page: *zvm.op.Scan) !zvm.op.Scan.End {
        return self.books.scan(page);
    }

    pub fn account(self: *Host, asked: zvm.op.Account) ?zvm.op.Account.Answer {
        return self.books.account(asked);
    }

    pub fn code(self: *Host, asked: zvm.op.Code) ?[]const u8 {
        return self.books.code(asked);
    }

    pub fn blockHash(self: *Host, asked: zvm.op.BlockHash) ?zvm.Word {
        return self.block_hashes.get(asked.number);
    }

    pub fn commit(self: *Host, asked: zvm.op.Commit) !void {
        if (self.last) |scenario| {
            try expectChanges(scenario.changes, asked.changes);
            try expectEvents(scenario.logs, asked.events);
        }
        self.commits += 1;
        try self.books.commit(asked);
    }
};

const Play = struct {
    arena: std.mem.Allocator,
    scenario: vector.Scenario,
    host: Host,
    marks: std.StringHashMapUnmanaged(zvm.Session.Mark) = .empty,
    detail: zvm.Detail = .{},

    fn through(self: *Play) !void {
        defer self.detail.deinit();
        const runtime = try self.made();
        defer runtime.deinit();
        const session = try runtime.session(&self.host, self.options());
        defer session.deinit();
        for (self.scenario.steps, 0..) |step, index| {
            errdefer std.debug.print("at step {d}\n", .{index});
            try self.take(session, step);
        }
        try expectChanges(self.scenario.changes, try session.changes());
        self.host.last = self.scenario;
        self.host.commits = 0;
        try session.commit();
        try testing.expectEqual(1, self.host.commits);
        const second = try runtime.session(&self.host, self.options());
        defer second.deinit();
        try testing.expectEqual(0, (try second.changes()).len);
    }

    fn made(self: *Play) !zvm.Runtime {
        const named = self.scenario.options.map;
        const list = try self.arena.alloc(zvm.Option, named.count());
        for (list, named.keys(), named.values()) |*option, name, value| option.* = .of(name, value);
        return .init(.{ .options = list, .deny_floats = self.scenario.deny_floats, .detail = &self.detail });
    }

    fn options(self: *Play) zvm.Session.Options {
        const block = self.scenario.block;
        return .{ .detail = &self.detail, .block = .{
            .number = block.number,
            .timestamp = block.timestamp,
            .gas_limit = block.gas_limit,
            .chain_id = zvm.number(block.chain_id.bytes),
            .base_fee = zvm.number(block.base_fee.bytes),
            .randomness = if (block.randomness) |word| word.bytes else null,
            .proposer = block.proposer.bytes,
        } };
    }

    fn take(self: *Play, session: zvm.Session, step: vector.Step) !void {
        switch (step.do) {
            .mark => try self.marks.put(self.arena, step.name, try session.mark()),
            .rollback => try session.rollback(self.marks.get(step.name) orelse return error.NoSuchMark),
            .commit => try session.commit(),
            .deploy => try self.expect(step, session.deploy(try self.deploy(step))),
            .call => try self.expect(step, session.call(call(step))),
            .query => try self.expect(step, session.query(call(step))),
        }
    }

    fn deploy(self: *Play, step: vector.Step) !zvm.Deploy {
        const code = self.scenario.codes.map.get(step.code) orelse return error.NoSuchCode;
        return .{
            .caller = step.caller.bytes,
            .origin = if (step.origin) |origin| origin.bytes else null,
            .engine = @enumFromInt(step.engine),
            .value = zvm.number(step.value.bytes),
            .gas_price = zvm.number(step.gas_price.bytes),
            .salt = if (step.salt) |salt| salt.bytes else null,
            .code = code.bytes,
            .input = step.input.bytes,
            .gas_limit = step.gas_limit,
        };
    }

    fn call(step: vector.Step) zvm.Call {
        return .{
            .caller = step.caller.bytes,
            .target = step.target.bytes,
            .origin = if (step.origin) |origin| origin.bytes else null,
            .value = zvm.number(step.value.bytes),
            .gas_price = zvm.number(step.gas_price.bytes),
            .entry = step.entry,
            .input = step.input.bytes,
            .gas_limit = step.gas_limit,
            .static = step.static,
        };
    }

    fn expect(self: *Play, step: vector.Step, outcome: zvm.Error!zvm.Result) !void {
        const expected = step.expect orelse return error.NothingIsExpected;
        var result = outcome catch {
            const said = self.detail.info();
            errdefer std.debug.print("{f}\n", .{self.detail});
            const status = expected.status orelse return error.FailedUnexpectedly;
            return testing.expectEqualStrings(status, std.mem.span(zvm.c.zvm_status_name(said.status)));
        };
        defer result.deinit();
        if (expected.status != null) return error.SucceededUnexpectedly;
        try testing.expectEqualStrings(expected.kind, result.kind.name());
        try testing.expectEqualStrings(expected.halt orelse "", if (result.halt == .none) "" else result.halt.name());
        try testing.expectEqualSlices(u8, expected.data.bytes, result.data);
        try testing.expectEqual(if (expected.created) |address| address.bytes else null, result.created);
        try expectEvents(expected.logs, result.events);
        try testing.expectEqual(expected.gas_used, result.gas_used);
        try testing.expectEqual(expected.gas_left, result.gas_left);
        try testing.expectEqual(expected.gas_refund, result.gas_refund);
    }
};

fn expectChanges(expected: []const vector.Change, actual: []const zvm.Change) !void {
    for (expected[0..@min(expected.len, actual.len)], 0..) |should, index| {
        errdefer std.debug.print("at change {d}\n", .{index});
        const is = actual[index];
        try testing.expectEqual(should.kind, @intFromEnum(is.kind));
        try testing.expectEqual(should.flags, is.flags);
        try testing.expectEqual(should.account.bytes, is.account);
        try testing.expectEqualSlices(u8, should.key.bytes, is.key.slice());
        try testing.expectEqualSlices(u8, should.value.bytes, is.value.slice());
    }
    try testing.expectEqual(expected.len, actual.len);
}

fn expectEvents(expected: []const vector.Event, actual: []const zvm.Event) !void {
    try testing.expectEqual(expected.len, actual.len);
    for (expected, actual, 0..) |should, is, index| {
        errdefer std.debug.print("at event {d}\n", .{index});
        try testing.expectEqual(should.account.bytes, is.account);
        try testing.expectEqual(should.topics.len, is.topics().len);
        for (should.topics, is.topics()) |topic, word| try testing.expectEqual(topic.bytes, word);
        try testing.expectEqualSlices(u8, should.data.bytes, is.data());
    }
}
