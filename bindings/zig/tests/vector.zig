//! A scenario file as Zig values. Its fields are described in tests/vectors/README.md; one that is not here is
//! an error.

const std = @import("std");
const zvm = @import("zvm");

pub fn parse(arena: std.mem.Allocator, text: []const u8) !Scenario {
    return std.json.parseFromSliceLeaky(Scenario, arena, text, .{});
}

pub const Scenario = struct {
    about: []const u8,
    options: std.json.ArrayHashMap(u64) = .{},
    deny_floats: bool = false,
    block: Block = .{},
    codes: std.json.ArrayHashMap(Hex) = .{},
    ledger: Ledger = .{},
    steps: []const Step = &.{},
    changes: []const Change = &.{},
    logs: []const Event = &.{},
};

pub const Block = struct {
    number: u64 = 0,
    timestamp: u64 = 0,
    gas_limit: u64 = 0,
    chain_id: Word = .{},
    base_fee: Word = .{},
    randomness: ?Word = null,
    proposer: Address = .{},
};

pub const Ledger = struct {
    accounts: std.json.ArrayHashMap(Account) = .{},
    block_hashes: std.json.ArrayHashMap(Word) = .{},
};

pub const Account = struct {
    balance: Word = .{},
    nonce: u64 = 0,
    code: ?[]const u8 = null,
    code_hash: Word = .{},
    engine: u32 = 0,
    storage: std.json.ArrayHashMap(Hex) = .{},
};

pub const Step = struct {
    do: enum { deploy, call, query, mark, rollback, commit },
    name: []const u8 = "",
    caller: Address = .{},
    origin: ?Address = null,
    target: Address = .{},
    value: Word = .{},
    gas_price: Word = .{},
    code: []const u8 = "",
    engine: u32 = 0,
    salt: ?Word = null,
    entry: []const u8 = "",
    input: Hex = .{},
    gas_limit: u64 = 0,
    static: bool = false,
    expect: ?Expected = null,
};

pub const Expected = struct {
    status: ?[]const u8 = null,
    kind: []const u8 = "",
    halt: ?[]const u8 = null,
    gas_used: u64 = 0,
    gas_left: u64 = 0,
    gas_refund: u64 = 0,
    data: Hex = .{},
    created: ?Address = null,
    logs: []const Event = &.{},
};

pub const Change = struct {
    kind: u32,
    flags: u32 = 0,
    account: Address,
    key: Hex = .{},
    value: Hex = .{},
};

pub const Event = struct {
    account: Address,
    topics: []const Word = &.{},
    data: Hex = .{},
};

pub const Address = Fixed(20);
pub const Word = Fixed(32);

/// Lower-case hex with `0x`.
pub const Hex = struct {
    bytes: []const u8 = "",

    pub fn of(arena: std.mem.Allocator, text: []const u8) !Hex {
        if (!std.mem.startsWith(u8, text, "0x")) return error.UnexpectedToken;
        const bytes = try arena.alloc(u8, (text.len - 2) / 2);
        _ = std.fmt.hexToBytes(bytes, text[2..]) catch return error.UnexpectedToken;
        return .{ .bytes = bytes };
    }

    pub fn jsonParse(arena: std.mem.Allocator, source: anytype, options: std.json.ParseOptions) !Hex {
        return of(arena, try std.json.innerParse([]const u8, arena, source, options));
    }
};

fn Fixed(comptime len: usize) type {
    return struct {
        bytes: [len]u8 = @splat(0),

        pub fn of(arena: std.mem.Allocator, text: []const u8) !@This() {
            const hex: Hex = try .of(arena, text);
            if (hex.bytes.len != len) return error.LengthMismatch;
            return .{ .bytes = hex.bytes[0..len].* };
        }

        pub fn jsonParse(arena: std.mem.Allocator, source: anytype, options: std.json.ParseOptions) !@This() {
            return of(arena, try std.json.innerParse([]const u8, arena, source, options));
        }
    };
}
