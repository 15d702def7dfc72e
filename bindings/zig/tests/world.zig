//! What the tests run in: a host in memory that counts what it is asked and fails where it is told to, and
//! the probe, a contract whose entries each reach the host in one way (bindings/testdata/probe.c).

const std = @import("std");
const zvm = @import("zvm");
const Books = @import("books").Books;
const testing = std.testing;

pub const someone: zvm.Address = @splat(0x11);

/// A host that offers everything.
pub const World = struct {
    arena: std.heap.ArenaAllocator = .init(testing.allocator),
    books: Books = undefined,
    /// Callbacks so far, and the one that fails.
    asked: usize = 0,
    fails_at: ?usize = null,
    failed: std.EnumSet(Method) = .empty,
    released: usize = 0,
    events: usize = 0,
    line: [64]u8 = undefined,
    line_len: usize = 0,

    /// Books live in the world's own arena: call it once the world is where it stays.
    pub fn start(self: *World) void {
        self.books = .{ .arena = self.arena.allocator() };
    }

    pub fn deinit(self: *World) void {
        self.arena.deinit();
    }

    pub const Method = enum { get, scan, commit, account, code, block_hash, query };

    fn step(self: *World, method: Method) !void {
        self.asked += 1;
        if (self.asked != self.fails_at) return;
        self.failed.insert(method);
        return error.TheDiskIsGone;
    }

    pub fn get(self: *World, asked: zvm.op.Get) !?[]const u8 {
        try self.step(.get);
        return self.books.get(asked);
    }

    pub fn scan(self: *World, page: *zvm.op.Scan) !zvm.op.Scan.End {
        try self.step(.scan);
        return self.books.scan(page);
    }

    pub fn commit(self: *World, asked: zvm.op.Commit) !void {
        try self.step(.commit);
        self.events += asked.events.len;
        return self.books.commit(asked);
    }

    pub fn account(self: *World, asked: zvm.op.Account) !?zvm.op.Account.Answer {
        try self.step(.account);
        return self.books.account(asked);
    }

    pub fn code(self: *World, asked: zvm.op.Code) !?[]const u8 {
        try self.step(.code);
        return self.books.code(asked);
    }

    pub fn blockHash(self: *World, asked: zvm.op.BlockHash) !?zvm.Word {
        try self.step(.block_hash);
        return if (asked.number < 100) zvm.word(asked.number) else null;
    }

    pub fn query(self: *World, asked: zvm.op.Query) !?[]const u8 {
        try self.step(.query);
        if (asked.kind == 0) return null;
        const answer = try asked.reply.room(asked.request.len);
        @memcpy(answer, asked.request);
        std.mem.reverse(u8, answer);
        return answer;
    }

    pub fn log(self: *World, asked: zvm.op.Log) void {
        self.line_len = @min(asked.message.len, self.line.len);
        @memcpy(self.line[0..self.line_len], asked.message[0..self.line_len]);
    }

    pub fn trace(self: *World, asked: zvm.op.Trace) void {
        self.line_len = @min(asked.lines.len, self.line.len);
        @memcpy(self.line[0..self.line_len], asked.lines[0..self.line_len]);
    }

    pub fn release(self: *World) void {
        self.released += 1;
    }
};

/// Deploys a contract and commits it. The host is a pointer.
pub fn deployed(runtime: zvm.Runtime, host: anytype, code: []const u8) !zvm.Address {
    const session = try runtime.session(host, .{});
    defer session.deinit();
    var result = try session.deploy(.{ .caller = someone, .code = code, .gas_limit = 100_000_000 });
    defer result.deinit();
    try testing.expectEqual(.success, result.kind);
    try session.commit();
    return result.created.?;
}

/// A call of an entry as the tests make it.
pub fn request(target: zvm.Address, entry: []const u8, input: []const u8) zvm.Call {
    return .{ .caller = someone, .target = target, .entry = entry, .input = input, .gas_limit = 10_000_000 };
}

pub const probe = @embedFile("probe.wasm");
