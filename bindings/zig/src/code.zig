//! Checked and compiled code. While it lives, its runtime keeps it ready.

const c = @import("c.zig").c;
const status = @import("status.zig");
const types = @import("types.zig");
const Interrupt = @import("interrupt.zig").Interrupt;

pub const Code = struct {
    handle: *c.zvm_code,
    /// Where failures of this handle say more.
    detail: ?*status.Detail = null,

    pub const Params = struct {
        bytes: []const u8,
        engine: types.Engine = .any,
        /// What keccak256 of the code must be.
        expected_hash: ?types.Word = null,
        interrupt: ?Interrupt = null,

        pub fn raw(self: *const Params) c.zvm_code_params {
            return .{
                .struct_size = @sizeOf(c.zvm_code_params),
                .flags = if (self.expected_hash != null) c.ZVM_CODE_EXPECT_HASH else 0,
                .engine = @intFromEnum(self.engine),
                .code = types.Bytes.of(self.bytes).raw(),
                .expected_hash = .{ .bytes = self.expected_hash orelse @splat(0) },
                .interrupt = if (self.interrupt) |interrupt| interrupt.handle else null,
            };
        }
    };

    /// What can be said of it. Slices belong to the code.
    pub const Info = struct {
        engine: types.Engine,
        hash: types.Word,
        code: []const u8,
        compiled_bytes: u64,
        /// Memory pages of 64 KiB it begins with and may grow to.
        initial_pages: u32,
        max_pages: u32,
        /// The entries a call may name, and the host functions it imports.
        entries: []const types.Bytes,
        imports: []const types.Bytes,
        /// The ABI metadata it carries; empty where it has none.
        abi: []const u8,
    };

    pub fn deinit(self: Code) void {
        c.zvm_code_free(self.handle);
    }

    /// Another handle to the same code, with a `deinit` of its own.
    pub fn clone(self: Code) Code {
        return .{ .handle = c.zvm_code_clone(self.handle).?, .detail = self.detail };
    }

    pub fn info(self: Code) status.Error!Info {
        var view: c.zvm_code_view = .{ .struct_size = @sizeOf(c.zvm_code_view) };
        try status.check(c.zvm_code_info(self.handle, &view, status.Detail.slot(self.detail)));
        return .{
            .engine = @enumFromInt(view.engine),
            .hash = view.hash.bytes,
            .code = types.Bytes.from(view.code).slice(),
            .compiled_bytes = view.compiled_bytes,
            .initial_pages = view.initial_pages,
            .max_pages = view.max_pages,
            .entries = types.list(types.Bytes, view.entries, view.entry_count),
            .imports = types.list(types.Bytes, view.imports, view.import_count),
            .abi = types.Bytes.from(view.abi).slice(),
        };
    }

    /// The compiled form, for `Runtime.deserialize`. It is machine code under a keyed checksum: set an
    /// artefact key, and keep the bytes where nobody else can write. They belong to the code.
    pub fn serialize(self: Code) status.Error![]const u8 {
        var bytes: c.zvm_bytes = .{};
        try status.check(c.zvm_code_serialize(self.handle, &bytes, status.Detail.slot(self.detail)));
        return types.Bytes.from(bytes).slice();
    }
};
