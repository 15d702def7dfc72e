//! What came of a call or deploy.

const c = @import("c.zig").c;
const types = @import("types.zig");

pub const Result = struct {
    kind: types.Kind,
    /// Why the rules stopped the contract, where they did.
    halt: types.Halt,
    /// Gas to pay; with `gas_left` the limit.
    gas_used: u64,
    gas_left: u64,
    /// The refund that is in `gas_left`.
    gas_refund: u64,
    /// Output or revert data. As `events`, it ends with `deinit`.
    data: []const u8,
    /// The events that stand, in order of emission.
    events: []const types.Event,
    /// Where the new contract lives, where one was created.
    created: ?types.Address,
    /// The score of the last admission.
    score: u32,
    /// Storage reads, and writes with deletes.
    reads: u64,
    writes: u64,
    /// The most calls that were nested, and the most memory pages that were live at once.
    depth: u32,
    pages: u32,
    raw: c.zvm_result,

    pub fn deinit(self: *Result) void {
        c.zvm_result_clear(&self.raw);
        self.* = of(self.raw);
    }

    pub fn succeeded(self: Result) bool {
        return self.kind == .success;
    }

    /// An empty one for the library to fill in.
    pub fn room() c.zvm_result {
        return .{ .struct_size = @sizeOf(c.zvm_result) };
    }

    pub fn of(raw: c.zvm_result) Result {
        return .{
            .kind = @enumFromInt(raw.kind),
            .halt = @enumFromInt(raw.halt),
            .gas_used = raw.gas_used,
            .gas_left = raw.gas_left,
            .gas_refund = raw.gas_refund,
            .data = types.Bytes.from(raw.data).slice(),
            .events = types.list(types.Event, raw.logs, raw.log_count),
            .created = if (raw.has_created == 1) raw.created.bytes else null,
            .score = raw.score,
            .reads = raw.reads,
            .writes = raw.writes,
            .depth = raw.depth,
            .pages = raw.pages,
            .raw = raw,
        };
    }
};
