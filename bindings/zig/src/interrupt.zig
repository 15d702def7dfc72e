//! A cancel token: put it into calls, fire it from any thread or signal handler. It stays fired until it is reset.

const c = @import("c.zig").c;
const status = @import("status.zig");

pub const Interrupt = struct {
    handle: *c.zvm_interrupt,

    pub fn init(detail: ?*status.Detail) status.Error!Interrupt {
        var handle: ?*c.zvm_interrupt = null;
        try status.check(c.zvm_interrupt_new(&handle, status.Detail.slot(detail)));
        return .{ .handle = handle.? };
    }

    pub fn deinit(self: Interrupt) void {
        c.zvm_interrupt_free(self.handle);
    }

    /// Another handle to the same token, with a `deinit` of its own.
    pub fn clone(self: Interrupt) Interrupt {
        return .{ .handle = c.zvm_interrupt_clone(self.handle).? };
    }

    /// Stops every call that carries the token, with `error.Cancelled`.
    pub fn fire(self: Interrupt) void {
        c.zvm_interrupt_fire(self.handle);
    }

    pub fn reset(self: Interrupt) void {
        c.zvm_interrupt_reset(self.handle);
    }
};
