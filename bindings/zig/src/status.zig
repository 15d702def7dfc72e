//! Statuses as Zig errors, and what the library says about a failure.
//!
//! An error says that the machine did not work: no outcome exists and nothing may be committed. What a
//! contract did, its reverts and halts included, is in a `Result` instead.

const std = @import("std");
const c = @import("c.zig").c;
const types = @import("types.zig");

/// The statuses of zvm.h, by name.
pub const Known = error{
    // The caller's mistake.
    Argument,
    Null,
    StructSize,
    Abi,
    Handle,
    Busy,
    State,
    Flags,
    Unsupported,
    Limit,
    Poisoned,
    TransactionFormat,
    Signature,
    ChainId,
    Nonce,
    Rejected,
    // The code.
    CodeFormat,
    CodeInvalid,
    CodeForbidden,
    CodeTooLarge,
    Compile,
    Artefact,
    CodeRefused,
    // The host.
    Host,
    HostProtocol,
    HostMissing,
    HostUnwound,
    // Control.
    Cancelled,
    Deadline,
    // The library.
    Memory,
    Panic,
    Internal,
};

/// Statuses that a newer library may return, by their range.
pub const Unknown = error{ UnknownMistake, UnknownCode, UnknownHost, UnknownControl, UnknownInternal };

pub const Error = Known || Unknown;

/// A status as an error; nothing where it is ZVM_OK.
pub fn check(number: i32) Error!void {
    if (number == c.ZVM_OK) return;
    @setEvalBranchQuota(10_000);
    inline for (@typeInfo(Known).error_set.?) |known| {
        if (number == @field(c, constant(known.name))) return @field(Known, known.name);
    }
    return switch (number) {
        1...99 => error.UnknownMistake,
        100...199 => error.UnknownCode,
        200...299 => error.UnknownHost,
        300...399 => error.UnknownControl,
        else => error.UnknownInternal,
    };
}

/// For what cannot fail with the arguments it is given: only a defect of the library ends here, and the program.
pub fn certain(number: i32) void {
    check(number) catch |defect| @panic(@errorName(defect));
}

/// `HostProtocol` is ZVM_E_HOST_PROTOCOL.
fn constant(comptime name: []const u8) []const u8 {
    comptime var text: []const u8 = "ZVM_E";
    inline for (name) |letter| {
        if (std.ascii.isUpper(letter)) text = text ++ "_";
        text = text ++ [1]u8{std.ascii.toUpper(letter)};
    }
    return text;
}

/// What the library says about the last failure of whatever was given this detail: a runtime, a session, a
/// store. Not thread-safe: threads that share a runtime have a copy of its handle each, with a detail of its own.
pub const Detail = struct {
    handle: ?*c.zvm_error = null,

    pub const Info = struct {
        /// The number behind the error, 0 where nothing failed.
        status: i32 = 0,
        /// The number that a failing callback gave, else 0.
        host_code: i32 = 0,
        /// How deep calls between contracts were nested.
        depth: u32 = 0,
        /// The contract that was running; zero where none was.
        contract: types.Address = @splat(0),
        /// One sentence. Belongs to the detail, until the next call that is given it.
        message: []const u8 = "",
    };

    pub fn deinit(self: *Detail) void {
        c.zvm_error_free(self.handle);
        self.handle = null;
    }

    pub fn info(self: Detail) Info {
        var view: c.zvm_error_view = .{ .struct_size = @sizeOf(c.zvm_error_view) };
        if (c.zvm_error_info(self.handle, &view) != c.ZVM_OK) return .{};
        return .{
            .status = view.status,
            .host_code = view.host_code,
            .depth = view.depth,
            .contract = view.contract.bytes,
            .message = types.Bytes.from(view.message).slice(),
        };
    }

    pub fn message(self: Detail) []const u8 {
        return self.info().message;
    }

    /// `{f}`: the status by name and the message.
    pub fn format(self: Detail, writer: *std.Io.Writer) std.Io.Writer.Error!void {
        const said = self.info();
        try writer.print("{s}: {s}", .{ c.zvm_status_name(said.status), said.message });
    }

    /// Where the next call may put its error.
    pub fn slot(detail: ?*Detail) ?*?*c.zvm_error {
        const self = detail orelse return null;
        self.deinit();
        return &self.handle;
    }
};
