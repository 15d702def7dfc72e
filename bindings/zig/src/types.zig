//! The values that cross the boundary. Where a struct has the layout of its counterpart in zvm.h, so that
//! lists of it are read in place, `mirrors` holds it to that at compile time.

const std = @import("std");
const c = @import("c.zig").c;

/// An account or contract.
pub const Address = [20]u8;

/// A hash, slot or amount: big-endian.
pub const Word = [32]u8;

/// An amount as a word.
pub fn word(amount: u256) Word {
    var bytes: Word = undefined;
    std.mem.writeInt(u256, &bytes, amount, .big);
    return bytes;
}

/// A word as an amount.
pub fn number(bytes: Word) u256 {
    return std.mem.readInt(u256, &bytes, .big);
}

/// A slice of the ABI. Empty is NULL and 0, whatever an empty slice of Zig points to.
pub const Bytes = extern struct {
    ptr: ?[*]const u8 = null,
    len: usize = 0,

    comptime {
        mirrors(Bytes, c.zvm_bytes);
    }

    pub fn of(bytes: []const u8) Bytes {
        return if (bytes.len == 0) .{} else .{ .ptr = bytes.ptr, .len = bytes.len };
    }

    pub fn from(bytes: c.zvm_bytes) Bytes {
        return @bitCast(bytes);
    }

    pub fn raw(self: Bytes) c.zvm_bytes {
        return @bitCast(self);
    }

    pub fn slice(self: Bytes) []const u8 {
        const ptr = self.ptr orelse return &.{};
        return ptr[0..self.len];
    }
};

/// What runs a contract's code.
pub const Engine = enum(u32) {
    /// The code's first bytes decide.
    any = 0,
    wasm = c.ZVM_ENGINE_WASM,
    evm = c.ZVM_ENGINE_EVM,
    zvm = c.ZVM_ENGINE_ZVM,
    zvm_legacy = c.ZVM_ENGINE_ZVM_LEGACY,
    _,
};

/// How a contract ended.
pub const Kind = enum(u32) {
    success = c.ZVM_KIND_SUCCESS,
    revert = c.ZVM_KIND_REVERT,
    out_of_gas = c.ZVM_KIND_OUT_OF_GAS,
    trap = c.ZVM_KIND_TRAP,
    static_write = c.ZVM_KIND_STATIC_WRITE,
    no_code = c.ZVM_KIND_NO_CODE,
    no_entry = c.ZVM_KIND_NO_ENTRY,
    bad_input = c.ZVM_KIND_BAD_INPUT,
    balance = c.ZVM_KIND_BALANCE,
    collision = c.ZVM_KIND_COLLISION,
    refused = c.ZVM_KIND_REFUSED,
    _,

    /// Its name in zvm.h, such as OUT_OF_GAS.
    pub fn name(self: Kind) []const u8 {
        return std.mem.span(c.zvm_kind_name(@intFromEnum(self)));
    }
};

/// Why the rules stopped a contract.
pub const Halt = enum(u32) {
    none = 0,
    out_of_gas = c.ZVM_HALT_OUT_OF_GAS,
    @"unreachable" = c.ZVM_HALT_UNREACHABLE,
    memory_bounds = c.ZVM_HALT_MEMORY_BOUNDS,
    table_bounds = c.ZVM_HALT_TABLE_BOUNDS,
    indirect_null = c.ZVM_HALT_INDIRECT_NULL,
    indirect_type = c.ZVM_HALT_INDIRECT_TYPE,
    divide_by_zero = c.ZVM_HALT_DIVIDE_BY_ZERO,
    integer_overflow = c.ZVM_HALT_INTEGER_OVERFLOW,
    bad_conversion = c.ZVM_HALT_BAD_CONVERSION,
    stack_overflow = c.ZVM_HALT_STACK_OVERFLOW,
    call_depth = c.ZVM_HALT_CALL_DEPTH,
    memory_limit = c.ZVM_HALT_MEMORY_LIMIT,
    bad_pointer = c.ZVM_HALT_BAD_POINTER,
    too_long = c.ZVM_HALT_TOO_LONG,
    static_write = c.ZVM_HALT_STATIC_WRITE,
    no_code = c.ZVM_HALT_NO_CODE,
    no_entry = c.ZVM_HALT_NO_ENTRY,
    bad_input = c.ZVM_HALT_BAD_INPUT,
    insufficient_balance = c.ZVM_HALT_INSUFFICIENT_BALANCE,
    balance_overflow = c.ZVM_HALT_BALANCE_OVERFLOW,
    nonce_overflow = c.ZVM_HALT_NONCE_OVERFLOW,
    collision = c.ZVM_HALT_COLLISION,
    invalid_code = c.ZVM_HALT_INVALID_CODE,
    code_refused = c.ZVM_HALT_CODE_REFUSED,
    event_limit = c.ZVM_HALT_EVENT_LIMIT,
    journal_limit = c.ZVM_HALT_JOURNAL_LIMIT,
    engine_mismatch = c.ZVM_HALT_ENGINE_MISMATCH,
    unsupported = c.ZVM_HALT_UNSUPPORTED,
    invalid_opcode = c.ZVM_HALT_INVALID_OPCODE,
    invalid_jump = c.ZVM_HALT_INVALID_JUMP,
    stack_underflow = c.ZVM_HALT_STACK_UNDERFLOW,
    return_bounds = c.ZVM_HALT_RETURN_BOUNDS,
    precompile_failed = c.ZVM_HALT_PRECOMPILE_FAILED,
    _,

    /// Its name in zvm.h, such as UNREACHABLE.
    pub fn name(self: Halt) []const u8 {
        return std.mem.span(c.zvm_halt_name(@intFromEnum(self)));
    }
};

/// One write of a commit.
pub const Change = extern struct {
    kind: Of,
    /// The engine where the kind is `code`, else 0.
    flags: u32 = 0,
    account: Address,
    reserved: u32 = 0,
    /// The key of a storage entry; keccak256 of the code.
    key: Bytes = .{},
    /// 32 bytes of balance, 8 bytes of nonce, both big-endian; the code; the value of a storage entry.
    value: Bytes = .{},

    pub const Of = enum(u32) {
        balance = c.ZVM_CHANGE_BALANCE,
        nonce = c.ZVM_CHANGE_NONCE,
        code = c.ZVM_CHANGE_CODE,
        set = c.ZVM_CHANGE_SET,
        delete = c.ZVM_CHANGE_DELETE,
        destroy = c.ZVM_CHANGE_DESTROY,
        _,
    };

    comptime {
        mirrors(Change, c.zvm_change);
    }
};

/// An event.
pub const Event = extern struct {
    account: Address,
    topic_count: u32 = 0,
    topic_list: ?[*]const Word = null,
    bytes: Bytes = .{},

    comptime {
        mirrors(Event, c.zvm_log);
    }

    pub fn topics(self: Event) []const Word {
        const words = self.topic_list orelse return &.{};
        return words[0..self.topic_count];
    }

    pub fn data(self: Event) []const u8 {
        return self.bytes.slice();
    }
};

/// A parameter of a runtime by name, such as `limit.value_bytes`.
pub const Option = extern struct {
    name: Bytes,
    value: u64,

    comptime {
        mirrors(Option, c.zvm_option);
    }

    pub fn of(name: []const u8, value: u64) Option {
        return .{ .name = .of(name), .value = value };
    }
};

/// A list of the ABI as a slice of its mirror.
pub fn list(comptime Mirror: type, ptr: anytype, len: usize) []const Mirror {
    if (ptr == null) return &.{};
    return @as([*]const Mirror, @ptrCast(ptr))[0..len];
}

/// Refuses to compile where a type and its counterpart in zvm.h are laid out differently.
pub fn mirrors(comptime Mirror: type, comptime Raw: type) void {
    const ours = @typeInfo(Mirror).@"struct".fields;
    const theirs = @typeInfo(Raw).@"struct".fields;
    var same = ours.len == theirs.len and @sizeOf(Mirror) == @sizeOf(Raw) and @alignOf(Mirror) == @alignOf(Raw);
    for (ours, theirs) |our, their| {
        same = same and @offsetOf(Mirror, our.name) == @offsetOf(Raw, their.name);
        same = same and @sizeOf(our.type) == @sizeOf(their.type);
    }
    if (!same) @compileError(@typeName(Mirror) ++ " is not laid out as " ++ @typeName(Raw));
}
