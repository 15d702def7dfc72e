//! Signed transactions, as the library reads them.

const c = @import("c.zig").c;
const crypto = @import("crypto.zig");
const status = @import("status.zig");
const types = @import("types.zig");

const Bytes = types.Bytes;

/// What a signed transaction says. Slices are parts of the bytes that were read.
pub const Transaction = struct {
    algorithm: crypto.Algorithm,
    nonce: u64,
    gas_limit: u64,
    chain_id: types.Word,
    gas_price: types.Word,
    value: types.Word,
    /// The account of the key.
    sender: types.Address,
    input: []const u8,
    action: Action,
    key: []const u8,
    signature: []const u8,
    /// What was signed.
    digest: types.Word,
    /// The transaction's name.
    hash: types.Word,

    pub const Action = union(enum) {
        call: struct { target: types.Address, entry: []const u8 },
        /// With a salt the address follows CREATE2.
        deploy: struct { code: []const u8, engine: types.Engine, salt: ?types.Word },
    };

    /// Reads a signed transaction, without looking at its signature.
    pub fn decode(transaction: []const u8, detail: ?*status.Detail) status.Error!Transaction {
        var view: c.zvm_transaction_view = .{ .struct_size = @sizeOf(c.zvm_transaction_view) };
        try status.check(c.zvm_transaction_decode(Bytes.of(transaction).raw(), &view, status.Detail.slot(detail)));
        const salted = view.flags & c.ZVM_TRANSACTION_SALT != 0;
        return .{
            .algorithm = @enumFromInt(view.algorithm),
            .nonce = view.nonce,
            .gas_limit = view.gas_limit,
            .chain_id = view.chain_id.bytes,
            .gas_price = view.gas_price.bytes,
            .value = view.value.bytes,
            .sender = view.sender.bytes,
            .input = Bytes.from(view.input).slice(),
            .action = if (view.kind == c.ZVM_TRANSACTION_CALL) .{ .call = .{
                .target = view.target.bytes,
                .entry = Bytes.from(view.entry).slice(),
            } } else .{ .deploy = .{
                .code = Bytes.from(view.code).slice(),
                .engine = @enumFromInt(view.engine),
                .salt = if (salted) view.salt.bytes else null,
            } },
            .key = Bytes.from(view.key).slice(),
            .signature = Bytes.from(view.signature).slice(),
            .digest = view.digest.bytes,
            .hash = view.hash.bytes,
        };
    }
};
