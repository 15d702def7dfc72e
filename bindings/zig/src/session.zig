//! One view of the state: many calls, one commit. A block is typically one session.
//!
//! A session may move between threads and is used by one at a time; at once, or from a method of its own
//! host, it answers `error.Busy`.

const c = @import("c.zig").c;
const status = @import("status.zig");
const types = @import("types.zig");
const call_types = @import("call.zig");
const Interrupt = @import("interrupt.zig").Interrupt;
const Result = @import("result.zig").Result;

pub const Session = struct {
    handle: *c.zvm_session,
    /// Where failures of this session say more.
    detail: ?*status.Detail = null,

    pub const Options = struct {
        block: call_types.Block = .{},
        /// The session may not commit.
        read_only: bool = false,
        detail: ?*status.Detail = null,

        pub fn raw(self: Options, block: *const c.zvm_block) c.zvm_session_params {
            return .{
                .struct_size = @sizeOf(c.zvm_session_params),
                .flags = if (self.read_only) c.ZVM_SESSION_READ_ONLY else 0,
                .block = block,
            };
        }
    };

    /// What calls tell of their course; docs/tracing.md has the lines.
    pub const Trace = struct {
        /// A line where a call or creation begins and one where it ends, of every engine.
        calls: bool = false,
        /// A line for each step of EVM code and one for the whole call (EIP-3155).
        steps: bool = false,
    };

    /// A savepoint.
    pub const Mark = enum(u64) { _ };

    /// Over parameters with tables in them: see `Runtime.session` and `Store.session`.
    pub fn init(
        runtime: *c.zvm_runtime,
        params: *const c.zvm_session_params,
        detail: ?*status.Detail,
    ) status.Error!Session {
        var handle: ?*c.zvm_session = null;
        try status.check(c.zvm_session_new(runtime, params, &handle, status.Detail.slot(detail)));
        return .{ .handle = handle.?, .detail = detail };
    }

    /// As `init`, for one call: see `Runtime.execute` and `Store.execute`.
    pub fn execute(
        runtime: *c.zvm_runtime,
        params: *const c.zvm_session_params,
        request: call_types.Call,
        detail: ?*status.Detail,
    ) status.Error!Result {
        var result = Result.room();
        try status.check(c.zvm_execute(runtime, params, &request.raw(), &result, status.Detail.slot(detail)));
        return .of(result);
    }

    /// Drops what was not committed. In a method of its own host it takes effect when the call returns.
    pub fn deinit(self: Session) void {
        c.zvm_session_free(self.handle);
    }

    pub fn deploy(self: Session, request: call_types.Deploy) status.Error!Result {
        var result = Result.room();
        try status.check(c.zvm_session_deploy(self.handle, &request.raw(), &result, self.slot()));
        return .of(result);
    }

    pub fn call(self: Session, request: call_types.Call) status.Error!Result {
        var result = Result.room();
        try status.check(c.zvm_session_call(self.handle, &request.raw(), &result, self.slot()));
        return .of(result);
    }

    /// A call whose changes are dropped.
    pub fn query(self: Session, request: call_types.Call) status.Error!Result {
        var result = Result.room();
        try status.check(c.zvm_session_query(self.handle, &request.raw(), &result, self.slot()));
        return .of(result);
    }

    /// Runs an Ethereum transaction, with its fees. `error.Rejected` where it is not valid here.
    pub fn runEthereum(self: Session, transaction: *const c.zvm_ethereum_transaction) status.Error!Result {
        var result = Result.room();
        try status.check(c.zvm_session_run_ethereum(self.handle, transaction, &result, self.slot()));
        return .of(result);
    }

    /// Whether a signed transaction may run now: its signature is the key's, its chain the session's, its nonce
    /// the sender's.
    pub fn check(self: Session, transaction: []const u8) status.Error!void {
        try status.check(c.zvm_session_check(self.handle, types.Bytes.of(transaction).raw(), self.slot()));
    }

    /// Checks a signed transaction and runs it; the sender's nonce grows, however the contract ends.
    pub fn run(self: Session, transaction: []const u8, interrupt: ?Interrupt) status.Error!Result {
        var result = Result.room();
        const request: c.zvm_run = .{
            .struct_size = @sizeOf(c.zvm_run),
            .transaction = types.Bytes.of(transaction).raw(),
            .interrupt = if (interrupt) |token| token.handle else null,
        };
        try status.check(c.zvm_session_run(self.handle, &request, &result, self.slot()));
        return .of(result);
    }

    /// Reads entries of an account ahead. Gas is the same as without.
    pub fn prefetch(self: Session, account: types.Address, keys: []const types.Bytes) status.Error!void {
        const address: c.zvm_address = .{ .bytes = account };
        try status.check(c.zvm_session_prefetch(self.handle, &address, @ptrCast(keys.ptr), keys.len, self.slot()));
    }

    /// Says what the session's calls tell the host's `trace` of their course, from now on; `.{}` ends it. Results
    /// and gas are the same.
    pub fn trace(self: Session, wanted: Trace) status.Error!void {
        const calls: u32 = if (wanted.calls) c.ZVM_TRACE_CALLS else 0;
        const steps: u32 = if (wanted.steps) c.ZVM_TRACE_STEPS else 0;
        try status.check(c.zvm_session_trace(self.handle, calls | steps, self.slot()));
    }

    /// Sets a savepoint. It holds until a commit, a reset, or a rollback to an earlier one.
    pub fn mark(self: Session) status.Error!Mark {
        var number: u64 = 0;
        try status.check(c.zvm_session_mark(self.handle, &number, self.slot()));
        return @enumFromInt(number);
    }

    /// Takes back everything since a savepoint, which can be returned to again.
    pub fn rollback(self: Session, to: Mark) status.Error!void {
        try status.check(c.zvm_session_rollback(self.handle, @intFromEnum(to), self.slot()));
    }

    /// The ordered writes since the last commit. They belong to the session until it is used again.
    pub fn changes(self: Session) status.Error![]const types.Change {
        var ptr: [*c]const c.zvm_change = null;
        var count: usize = 0;
        try status.check(c.zvm_session_changes(self.handle, &ptr, &count, self.slot()));
        return types.list(types.Change, ptr, count);
    }

    /// Hands all changes to the host at once. After an error nothing is forgotten, and it can be tried again.
    pub fn commit(self: Session) status.Error!void {
        try status.check(c.zvm_session_commit(self.handle, self.slot()));
    }

    /// Drops every change and cached read, and cures a poisoned session.
    pub fn reset(self: Session) status.Error!void {
        try status.check(c.zvm_session_reset(self.handle, self.slot()));
    }

    fn slot(self: Session) ?*?*c.zvm_error {
        return status.Detail.slot(self.detail);
    }
};
