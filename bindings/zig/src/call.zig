//! What a session is asked to do.

const c = @import("c.zig").c;
const types = @import("types.zig");
const Interrupt = @import("interrupt.zig").Interrupt;

/// A call of a contract.
pub const Call = struct {
    /// Who calls; pays the value.
    caller: types.Address,
    target: types.Address,
    /// Who began the transaction; null is the caller.
    origin: ?types.Address = null,
    value: u256 = 0,
    gas_price: u256 = 0,
    /// The exported entry; empty is `call`.
    entry: []const u8 = "",
    input: []const u8 = "",
    gas_limit: u64,
    /// Nothing below this call may write.
    static: bool = false,
    /// Ends in `error.Deadline` after this many nanoseconds; 0 is never.
    time_limit_ns: u64 = 0,
    interrupt: ?Interrupt = null,

    pub fn raw(self: *const Call) c.zvm_call {
        return .{
            .struct_size = @sizeOf(c.zvm_call),
            .flags = if (self.static) c.ZVM_CALL_STATIC else 0,
            .caller = .{ .bytes = self.caller },
            .target = .{ .bytes = self.target },
            .origin = .{ .bytes = self.origin orelse @splat(0) },
            .value = .{ .bytes = types.word(self.value) },
            .gas_price = .{ .bytes = types.word(self.gas_price) },
            .entry = types.Bytes.of(self.entry).raw(),
            .input = types.Bytes.of(self.input).raw(),
            .gas_limit = self.gas_limit,
            .time_limit_ns = self.time_limit_ns,
            .interrupt = if (self.interrupt) |interrupt| interrupt.handle else null,
        };
    }
};

/// A contract to be deployed.
pub const Deploy = struct {
    /// Who deploys; pays the value. Its nonce grows.
    caller: types.Address,
    /// Who began the transaction; null is the caller.
    origin: ?types.Address = null,
    engine: types.Engine = .any,
    value: u256 = 0,
    gas_price: u256 = 0,
    /// The new contract's address follows CREATE2 with it, CREATE without.
    salt: ?types.Word = null,
    code: []const u8,
    /// The input of the constructor.
    input: []const u8 = "",
    gas_limit: u64,
    /// Ends in `error.Deadline` after this many nanoseconds; 0 is never.
    time_limit_ns: u64 = 0,
    interrupt: ?Interrupt = null,

    pub fn raw(self: *const Deploy) c.zvm_deploy {
        return .{
            .struct_size = @sizeOf(c.zvm_deploy),
            .flags = if (self.salt != null) c.ZVM_DEPLOY_SALT else 0,
            .caller = .{ .bytes = self.caller },
            .origin = .{ .bytes = self.origin orelse @splat(0) },
            .engine = @intFromEnum(self.engine),
            .value = .{ .bytes = types.word(self.value) },
            .gas_price = .{ .bytes = types.word(self.gas_price) },
            .salt = .{ .bytes = self.salt orelse @splat(0) },
            .code = types.Bytes.of(self.code).raw(),
            .input = types.Bytes.of(self.input).raw(),
            .gas_limit = self.gas_limit,
            .time_limit_ns = self.time_limit_ns,
            .interrupt = if (self.interrupt) |interrupt| interrupt.handle else null,
        };
    }
};

/// The block a session executes in.
pub const Block = struct {
    number: u64 = 0,
    /// Seconds since the Unix epoch.
    timestamp: u64 = 0,
    gas_limit: u64 = 0,
    chain_id: u256 = 0,
    base_fee: u256 = 0,
    /// What the chain agreed on, where it did.
    randomness: ?types.Word = null,
    proposer: types.Address = @splat(0),
    /// For EVM code: the fee per unit of blob gas, and the difficulty before proof of stake.
    blob_base_fee: u256 = 0,
    difficulty: u256 = 0,

    pub fn raw(self: Block) c.zvm_block {
        return .{
            .struct_size = @sizeOf(c.zvm_block),
            .flags = if (self.randomness != null) c.ZVM_BLOCK_RANDOMNESS else 0,
            .number = self.number,
            .timestamp = self.timestamp,
            .gas_limit = self.gas_limit,
            .chain_id = .{ .bytes = types.word(self.chain_id) },
            .base_fee = .{ .bytes = types.word(self.base_fee) },
            .randomness = .{ .bytes = self.randomness orelse @splat(0) },
            .proposer = .{ .bytes = self.proposer },
            .blob_base_fee = .{ .bytes = types.word(self.blob_base_fee) },
            .difficulty = .{ .bytes = types.word(self.difficulty) },
        };
    }
};
