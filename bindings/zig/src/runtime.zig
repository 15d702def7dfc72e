//! Engines, rules and compiled code, shared by any number of sessions on any threads.

const std = @import("std");
const c = @import("c.zig").c;
const status = @import("status.zig");
const types = @import("types.zig");
const call = @import("call.zig");
const Code = @import("code.zig").Code;
const Host = @import("host.zig").Host;
const Result = @import("result.zig").Result;
const Session = @import("session.zig").Session;

pub const Runtime = struct {
    handle: *c.zvm_runtime,
    /// Where failures of this handle say more. Copies of a handle may have each its own.
    detail: ?*status.Detail = null,

    /// All but the last three are protocol parameters: equal on every node.
    pub const Config = struct {
        deny_floats: bool = false,
        /// Offer ML-KEM to contracts.
        allow_kem: bool = false,
        /// Offer pure host functions to EVM code, as precompiled contracts.
        evm_host_functions: bool = false,
        admission: Admission = .off,
        /// The least score that a required admission accepts.
        least_score: u32 = 0,
        options: []const types.Option = &.{},
        /// Bytes of compiled code kept ready, about; 0 is 256 MiB.
        cache_bytes: u64 = 0,
        /// The secret that seals serialised code. Each machine its own.
        artefact_key: types.Word = @splat(0),
        compiler: Compiler = .default,
        /// Threads that may compile in the background, at most 8; the tiered compiler needs one.
        compile_threads: u32 = 0,
        /// Runs after which tiered code is compiled again; 0 is 500.
        hot_runs: u32 = 0,
        signals: Signals = .auto,
        /// A `ZVM_REVISION` number: Ethereum's rules for EVM code; 0 is the newest.
        revision: u32 = c.ZVM_REVISION_DEFAULT,
        detail: ?*status.Detail = null,
    };

    /// What becomes of the admit method.
    pub const Admission = enum(u32) {
        /// It is not asked.
        off = c.ZVM_ADMISSION_OFF,
        /// It is asked, and its score reported.
        advisory = c.ZVM_ADMISSION_ADVISORY,
        /// It must accept.
        required = c.ZVM_ADMISSION_REQUIRED,
    };

    /// What turns code into machine code. Results are the same.
    pub const Compiler = enum(u32) {
        /// Singlepass where the library has it, else Cranelift.
        default = c.ZVM_COMPILER_DEFAULT,
        singlepass = c.ZVM_COMPILER_SINGLEPASS,
        cranelift = c.ZVM_COMPILER_CRANELIFT,
        /// Singlepass at once, and Cranelift in the background for code that is run often.
        tiered = c.ZVM_COMPILER_TIERED,
    };

    /// Whether a contract's trap may come as a signal of the system.
    pub const Signals = enum(u32) {
        auto = c.ZVM_SIGNALS_AUTO,
        none = c.ZVM_SIGNALS_NONE,
    };

    /// What a runtime did and holds.
    pub const Stats = struct {
        calls: u64,
        deploys: u64,
        /// Of both, how many ended in an error.
        failures: u64,
        /// Codes kept ready, and the bytes they take, about.
        codes: u64,
        code_bytes: u64,
        /// Codes compiled since the runtime was made; of them, how many again because they are run often.
        compilations: u64,
        recompilations: u64,
    };

    pub fn init(config: Config) status.Error!Runtime {
        const raw: c.zvm_config = .{
            .struct_size = @sizeOf(c.zvm_config),
            .abi = c.ZVM_ABI,
            .flags = @as(u32, if (config.deny_floats) c.ZVM_CONFIG_DENY_FLOATS else 0) |
                @as(u32, if (config.allow_kem) c.ZVM_CONFIG_ALLOW_KEM else 0) |
                @as(u32, if (config.evm_host_functions) c.ZVM_CONFIG_EVM_HOST_FUNCTIONS else 0),
            .admission = @intFromEnum(config.admission),
            .least_score = config.least_score,
            .cache_bytes = config.cache_bytes,
            .artefact_key = .{ .bytes = config.artefact_key },
            .compiler = @intFromEnum(config.compiler),
            .compile_threads = config.compile_threads,
            .hot_runs = config.hot_runs,
            .signals = @intFromEnum(config.signals),
            .revision = config.revision,
            .options = @ptrCast(config.options.ptr),
            .option_count = config.options.len,
        };
        var handle: ?*c.zvm_runtime = null;
        try status.check(c.zvm_runtime_new(&raw, &handle, status.Detail.slot(config.detail)));
        return .{ .handle = handle.?, .detail = config.detail };
    }

    pub fn deinit(self: Runtime) void {
        c.zvm_runtime_free(self.handle);
    }

    /// Another handle to the same runtime, with a `deinit` of its own.
    pub fn clone(self: Runtime) Runtime {
        return .{ .handle = c.zvm_runtime_clone(self.handle).?, .detail = self.detail };
    }

    /// A session over a host: a pointer to a value of a type as `Host` wants it, which must outlive the
    /// session, or until its `release` method is called.
    pub fn session(self: Runtime, host: anytype, options: Session.Options) status.Error!Session {
        const block = options.block.raw();
        var params = options.raw(&block);
        attach(host, &params);
        return .init(self.handle, &params, options.detail);
    }

    /// One call in a session of its own, committed if the contract succeeded.
    pub fn execute(self: Runtime, host: anytype, options: Session.Options, request: call.Call) status.Error!Result {
        const block = options.block.raw();
        var params = options.raw(&block);
        attach(host, &params);
        return Session.execute(self.handle, &params, request, options.detail);
    }

    /// Checks and compiles code.
    pub fn load(self: Runtime, params: Code.Params) status.Error!Code {
        var handle: ?*c.zvm_code = null;
        try status.check(c.zvm_code_load(self.handle, &params.raw(), &handle, status.Detail.slot(self.detail)));
        return .{ .handle = handle.?, .detail = self.detail };
    }

    /// Takes back what `Code.serialize` gave. `error.Artefact`: load the code again.
    pub fn deserialize(self: Runtime, artefact: []const u8) status.Error!Code {
        const bytes = types.Bytes.of(artefact).raw();
        var handle: ?*c.zvm_code = null;
        try status.check(c.zvm_code_deserialize(self.handle, bytes, &handle, status.Detail.slot(self.detail)));
        return .{ .handle = handle.?, .detail = self.detail };
    }

    pub fn stats(self: Runtime) status.Error!Stats {
        var raw: c.zvm_stats = .{ .struct_size = @sizeOf(c.zvm_stats) };
        try status.check(c.zvm_runtime_stats(self.handle, &raw, status.Detail.slot(self.detail)));
        return .{
            .calls = raw.calls,
            .deploys = raw.deploys,
            .failures = raw.failures,
            .codes = raw.codes,
            .code_bytes = raw.code_bytes,
            .compilations = raw.compilations,
            .recompilations = raw.recompilations,
        };
    }

    /// Drops compiled code that nobody holds.
    pub fn trim(self: Runtime) status.Error!void {
        try status.check(c.zvm_runtime_trim(self.handle, status.Detail.slot(self.detail)));
    }

    /// Puts the handlers of contracts' traps back where others were installed over them.
    pub fn ensureSignals(self: Runtime) status.Error!void {
        try status.check(c.zvm_signals_ensure(self.handle, status.Detail.slot(self.detail)));
    }

    /// Two nodes with the same fingerprint compute the same.
    pub fn fingerprint(self: Runtime) status.Error!types.Word {
        var word: c.zvm_word = .{};
        try status.check(c.zvm_runtime_fingerprint(self.handle, &word, status.Detail.slot(self.detail)));
        return word.bytes;
    }
};

fn attach(host: anytype, params: *c.zvm_session_params) void {
    const pointer = switch (@typeInfo(@TypeOf(host))) {
        .pointer => |pointer| pointer,
        else => @compileError("a session takes a pointer to its host"),
    };
    if (pointer.size != .one or pointer.is_const) {
        @compileError("a session takes a pointer to one host that it may change");
    }
    Host(pointer.child).attach(host, params);
}
