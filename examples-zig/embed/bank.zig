//! A bank that keeps its own books and lets zvm run the contracts.
//!
//!   bank TOKEN.WASM
//!
//! A token is deployed with 1000 for Alice, who sends Bob 300; then she tries to send more than she has. All
//! that changed reaches the books in one commit. Ends with a status other than 0 where anything is not as it
//! should be.

const std = @import("std");
const zvm = @import("zvm");
const Books = @import("books.zig").Books;

const alice: zvm.Address = "alice".* ++ .{0} ** 15;
const bob: zvm.Address = "bob".* ++ .{0} ** 17;

pub fn main(init: std.process.Init) !void {
    const arena = init.arena.allocator();
    const args = try init.minimal.args.toSlice(arena);
    if (args.len != 2) return error.OneArgumentTheCodeOfTheToken;
    const code = try std.Io.Dir.cwd().readFileAlloc(init.io, args[1], arena, .limited(1 << 20));
    var buffer: [4096]u8 = undefined;
    var file = std.Io.File.stdout().writerStreaming(init.io, &buffer);
    const out = &file.interface;
    defer out.flush() catch {};

    var detail: zvm.Detail = .{};
    defer detail.deinit();
    errdefer if (detail.handle != null) std.debug.print("{f}\n", .{detail});
    const runtime: zvm.Runtime = try .init(.{ .detail = &detail });
    defer runtime.deinit();
    var books: Books = .{ .arena = arena };

    const token = token: {
        const session = try runtime.session(&books, .{ .detail = &detail });
        defer session.deinit();
        const token: Token = try .deploy(session, code, 1000, out);
        try business(token, &books, arena, out);
        break :token token.address;
    };

    // A new session knows nothing but the books.
    const session = try runtime.session(&books, .{ .detail = &detail });
    defer session.deinit();
    const later: Token = .{ .session = session, .address = token };
    const alice_has, const bob_has = .{ try later.balance(alice), try later.balance(bob) };
    try out.print("alice has {d}, bob has {d}\n", .{ alice_has, bob_has });
    try expect(alice_has == 700 and bob_has == 300, "700 and 300");
}

fn business(token: Token, books: *Books, arena: std.mem.Allocator, out: *std.Io.Writer) !void {
    try expect(try token.transfer(300, out), "a transfer");
    const before = try listed(token.session, arena);
    try expect(!try token.transfer(701, out), "a refused transfer: alice has 700");
    const after = try listed(token.session, arena);
    try expect(std.mem.eql(u8, before, after), "no trace of the refused transfer");

    try out.print("changes:\n{s}", .{after});
    try expect(books.commits == 0, "untouched books before the commit");
    try token.session.commit();
    try expect(books.commits == 1, "all changes in one commit");
}

/// The changes that a commit would bring, a line for each.
fn listed(session: zvm.Session, arena: std.mem.Allocator) ![]const u8 {
    var text: std.Io.Writer.Allocating = .init(arena);
    for (try session.changes()) |change| {
        try text.writer.print("  {x} {t}", .{ &change.account, change.kind });
        for ([_][]const u8{ change.key.slice(), change.value.slice() }) |bytes| {
            try text.writer.print(" {x}{s}", .{ bytes[0..@min(bytes.len, 32)], if (bytes.len > 32) ".." else "" });
        }
        try text.writer.writeByte('\n');
    }
    return text.written();
}

/// A token in a session, used by Alice.
const Token = struct {
    session: zvm.Session,
    address: zvm.Address,

    fn deploy(session: zvm.Session, code: []const u8, supply: u256, out: *std.Io.Writer) !Token {
        var result = try session.deploy(.{
            .caller = alice,
            .code = code,
            .input = &zvm.word(supply),
            .gas_limit = 100_000_000,
        });
        defer result.deinit();
        try expect(result.kind == .success, "the token is deployed");
        try out.print("deployed with {d} for alice, gas {d}\n", .{ supply, result.gas_used });
        return .{ .session = session, .address = result.created.? };
    }

    /// Sends Bob an amount. Returns whether it went.
    fn transfer(self: Token, amount: u256, out: *std.Io.Writer) !bool {
        var result = try self.session.call(self.request("transfer", &(bob ++ zvm.word(amount))));
        defer result.deinit();
        const why = if (result.kind == .revert) result.data else "";
        try out.print("transfer of {d}: {s}, gas {d} {s}\n", .{ amount, result.kind.name(), result.gas_used, why });
        for (result.events) |event| {
            try out.print("  event {x} of {d}\n", .{ &event.topics()[0], zvm.number(event.data()[0..32].*) });
        }
        return result.kind == .success;
    }

    fn balance(self: Token, account: zvm.Address) !u256 {
        var result = try self.session.query(self.request("balance_of", &account));
        defer result.deinit();
        try expect(result.kind == .success and result.data.len == 32, "an answer to balance_of");
        return zvm.number(result.data[0..32].*);
    }

    fn request(self: Token, entry: []const u8, input: []const u8) zvm.Call {
        return .{ .caller = alice, .target = self.address, .entry = entry, .input = input, .gas_limit = 1_000_000 };
    }
};

fn expect(is_so: bool, what: []const u8) error{NotAsExpected}!void {
    if (is_so) return;
    std.debug.print("not as expected: {s}\n", .{what});
    return error.NotAsExpected;
}
