//! The embedded ledger, in a file or in memory, for a program that brings none of its own.

const c = @import("c.zig").c;
const status = @import("status.zig");
const types = @import("types.zig");
const Call = @import("call.zig").Call;
const Result = @import("result.zig").Result;
const Runtime = @import("runtime.zig").Runtime;
const Session = @import("session.zig").Session;

pub const Store = struct {
    handle: *c.zvm_store,
    /// Where failures of this handle say more.
    detail: ?*status.Detail = null,

    /// The ledger in a file, made if it is not there. One process at a time: `error.State` for a second.
    pub fn open(path: []const u8, detail: ?*status.Detail) status.Error!Store {
        var handle: ?*c.zvm_store = null;
        try status.check(c.zvm_store_open(types.Bytes.of(path).raw(), &handle, status.Detail.slot(detail)));
        return .{ .handle = handle.?, .detail = detail };
    }

    /// A ledger in memory; it ends with the last handle and session.
    pub fn memory(detail: ?*status.Detail) status.Error!Store {
        var handle: ?*c.zvm_store = null;
        try status.check(c.zvm_store_memory(&handle, status.Detail.slot(detail)));
        return .{ .handle = handle.?, .detail = detail };
    }

    /// Sessions over the ledger keep it open.
    pub fn deinit(self: Store) void {
        c.zvm_store_free(self.handle);
    }

    /// A session over a snapshot of the state as it is now.
    pub fn session(self: Store, runtime: Runtime, options: Session.Options) status.Error!Session {
        const block = options.block.raw();
        var params = options.raw(&block);
        try status.check(c.zvm_store_attach(self.handle, &params, status.Detail.slot(options.detail)));
        return .init(runtime.handle, &params, options.detail);
    }

    /// One call in a session of its own, committed if the contract succeeded.
    pub fn execute(self: Store, runtime: Runtime, options: Session.Options, request: Call) status.Error!Result {
        const block = options.block.raw();
        var params = options.raw(&block);
        try status.check(c.zvm_store_attach(self.handle, &params, status.Detail.slot(options.detail)));
        return Session.execute(runtime.handle, &params, request, options.detail);
    }

    /// Applies changes of the caller's own, such as first balances, as one durable commit.
    pub fn apply(self: Store, changes: []const types.Change) status.Error!void {
        const slot = status.Detail.slot(self.detail);
        try status.check(c.zvm_store_apply(self.handle, @ptrCast(changes.ptr), changes.len, slot));
    }
};
