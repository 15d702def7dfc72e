//! Turns a type with methods into the callback tables, at compile time.
//!
//! A host is any type with the public methods
//!
//!   get(*T, op.Get) !?[]const u8                      null: there is no such entry
//!   account(*T, op.Account) !?op.Account.Answer       null: there is no such account
//!   code(*T, op.Code) !?[]const u8                null: there is no such code
//!
//! and as many of these as it offers:
//!
//!   getMany(*T, op.GetMany) !void
//!   scan(*T, *op.Scan) !op.Scan.End
//!   commit(*T, op.Commit) !void
//!   blockHash(*T, op.BlockHash) !?Word                null: outside the window
//!   admit(*T, op.Admit) !op.Admit.Verdict
//!   query(*T, op.Query) !?[]const u8                  null: no answer
//!   log(*T, op.Log) void
//!   trace(*T, op.Trace) void
//!   release(*T) void                                  once, when the session is gone or could not be made
//!
//! A method that cannot fail may leave the `!` away. Bytes that a method returns are lent: they stay as they
//! are until the next method is called or the session's call returns. `op.Reply.room` is for bytes that have
//! no place of their own. An error ends the running call with `error.Host` and is named in its detail.
//! A panic ends the process: Zig has no unwinding, so nothing of it reaches the library.

const std = @import("std");
const c = @import("c.zig").c;
const types = @import("types.zig");
const op = @import("op.zig");

pub fn Host(comptime T: type) type {
    for (.{ "get", "account", "code" }) |name| {
        if (!std.meta.hasFn(T, name)) @compileError(@typeName(T) ++ " is no host: it has no public method " ++ name);
    }
    return struct {
        pub const storage: c.zvm_storage = .{
            .struct_size = @sizeOf(c.zvm_storage),
            .get = get,
            .get_many = offered("getMany", getMany),
            .scan = offered("scan", scan),
            .commit = offered("commit", commit),
            // Here and in no other table, so that it is called once for the session and not for each table.
            .release = offered("release", release),
        };

        pub const ledger: c.zvm_ledger = .{
            .struct_size = @sizeOf(c.zvm_ledger),
            .account = account,
            .code = code,
            .block_hash = offered("blockHash", blockHash),
        };

        pub const hooks: c.zvm_hooks = .{
            .struct_size = @sizeOf(c.zvm_hooks),
            .admit = offered("admit", admit),
            .query = offered("query", query),
            .log = offered("log", log),
            .trace = offered("trace", trace),
        };

        /// Puts the tables and the host into the parameters of a session, which takes the host over.
        pub fn attach(host: *T, params: *c.zvm_session_params) void {
            params.storage = &storage;
            params.ledger = &ledger;
            params.hooks = &hooks;
            params.storage_ctx = @ptrCast(host);
            params.ledger_ctx = @ptrCast(host);
            params.hooks_ctx = @ptrCast(host);
        }

        fn offered(comptime name: []const u8, comptime callback: anytype) ?*const @TypeOf(callback) {
            return if (std.meta.hasFn(T, name)) callback else null;
        }

        fn of(ctx: ?*anyopaque) *T {
            return @ptrCast(@alignCast(ctx.?));
        }

        fn get(ctx: ?*anyopaque, raw: [*c]c.zvm_get_op) callconv(.c) i32 {
            const asked: op.Get = .{
                .account = raw.*.account.bytes,
                .key = types.Bytes.from(raw.*.key).slice(),
                .reply = .{ .raw = &raw.*.value },
                .frame = .{ .head = &raw.*.op },
            };
            return fill(asked.reply, answered(asked.frame, of(ctx).get(asked)) catch return c.ZVM_CB_FAIL);
        }

        fn getMany(ctx: ?*anyopaque, raw: [*c]c.zvm_get_many_op) callconv(.c) i32 {
            const frame: op.Frame = .{ .head = &raw.*.op };
            const asked: op.GetMany = .{ .raw = raw.*.slots[0..raw.*.count], .frame = frame };
            answered(frame, of(ctx).getMany(asked)) catch return c.ZVM_CB_FAIL;
            return c.ZVM_CB_DONE;
        }

        fn scan(ctx: ?*anyopaque, raw: [*c]c.zvm_scan_op) callconv(.c) i32 {
            var asked: op.Scan = .{ .raw = raw, .frame = .{ .head = &raw.*.op } };
            const end: op.Scan.End = answered(asked.frame, of(ctx).scan(&asked)) catch return c.ZVM_CB_FAIL;
            raw.*.data.len = asked.filled;
            raw.*.done = @intFromBool(end == .done);
            return c.ZVM_CB_DONE;
        }

        fn commit(ctx: ?*anyopaque, raw: [*c]c.zvm_commit_op) callconv(.c) i32 {
            const asked: op.Commit = .{
                .changes = types.list(types.Change, raw.*.changes, raw.*.count),
                .events = types.list(types.Event, raw.*.logs, raw.*.log_count),
                .session_id = raw.*.session_id,
                .serial = raw.*.serial,
                .frame = .{ .head = &raw.*.op },
            };
            answered(asked.frame, of(ctx).commit(asked)) catch return c.ZVM_CB_FAIL;
            return c.ZVM_CB_DONE;
        }

        fn account(ctx: ?*anyopaque, raw: [*c]c.zvm_account_op) callconv(.c) i32 {
            const asked: op.Account = .{ .address = raw.*.address.bytes, .frame = .{ .head = &raw.*.op } };
            const found: ?op.Account.Answer = answered(asked.frame, of(ctx).account(asked)) catch return c.ZVM_CB_FAIL;
            const answer = found orelse return c.ZVM_CB_ABSENT;
            raw.*.balance.bytes = types.word(answer.balance);
            raw.*.nonce = answer.nonce;
            raw.*.code_hash.bytes = answer.code_hash;
            raw.*.engine = @intFromEnum(answer.engine);
            return c.ZVM_CB_DONE;
        }

        fn code(ctx: ?*anyopaque, raw: [*c]c.zvm_code_op) callconv(.c) i32 {
            const asked: op.Code = .{
                .raw = raw,
                .hash = raw.*.hash.bytes,
                .reply = .{ .raw = &raw.*.code },
                .frame = .{ .head = &raw.*.op },
            };
            return fill(asked.reply, answered(asked.frame, of(ctx).code(asked)) catch return c.ZVM_CB_FAIL);
        }

        fn blockHash(ctx: ?*anyopaque, raw: [*c]c.zvm_block_hash_op) callconv(.c) i32 {
            const asked: op.BlockHash = .{ .number = raw.*.number, .frame = .{ .head = &raw.*.op } };
            const found: ?types.Word = answered(asked.frame, of(ctx).blockHash(asked)) catch return c.ZVM_CB_FAIL;
            raw.*.hash.bytes = found orelse return c.ZVM_CB_ABSENT;
            return c.ZVM_CB_DONE;
        }

        fn admit(ctx: ?*anyopaque, raw: [*c]c.zvm_admit_op) callconv(.c) i32 {
            const asked: op.Admit = .{
                .code = types.Bytes.from(raw.*.code).slice(),
                .hash = raw.*.hash.bytes,
                .creator = raw.*.creator.bytes,
                .contract = raw.*.contract.bytes,
                .engine = @enumFromInt(raw.*.engine),
                .frame = .{ .head = &raw.*.op },
            };
            const verdict: op.Admit.Verdict = answered(asked.frame, of(ctx).admit(asked)) catch return c.ZVM_CB_FAIL;
            raw.*.score = verdict.score;
            return if (verdict.refused) c.ZVM_CB_REFUSED else c.ZVM_CB_DONE;
        }

        fn query(ctx: ?*anyopaque, raw: [*c]c.zvm_query_op) callconv(.c) i32 {
            const asked: op.Query = .{
                .kind = raw.*.kind,
                .request = types.Bytes.from(raw.*.request).slice(),
                .reply = .{ .raw = &raw.*.answer },
                .frame = .{ .head = &raw.*.op },
            };
            return fill(asked.reply, answered(asked.frame, of(ctx).query(asked)) catch return c.ZVM_CB_FAIL);
        }

        fn log(ctx: ?*anyopaque, raw: [*c]c.zvm_log_op) callconv(.c) i32 {
            of(ctx).log(op.Log{
                .level = @enumFromInt(raw.*.level),
                .target = types.Bytes.from(raw.*.target).slice(),
                .message = types.Bytes.from(raw.*.message).slice(),
                .frame = .{ .head = &raw.*.op },
            });
            return c.ZVM_CB_DONE;
        }

        fn trace(ctx: ?*anyopaque, raw: [*c]c.zvm_trace_op) callconv(.c) i32 {
            of(ctx).trace(op.Trace{ .lines = types.Bytes.from(raw.*.lines).slice(), .frame = .{ .head = &raw.*.op } });
            return c.ZVM_CB_DONE;
        }

        fn release(ctx: ?*anyopaque) callconv(.c) void {
            of(ctx).release();
        }
    };
}

fn fill(reply: op.Reply, answer: ?[]const u8) i32 {
    reply.set(answer orelse return c.ZVM_CB_ABSENT);
    return c.ZVM_CB_DONE;
}

/// What a method returned, without its error, whose name goes to the library.
fn answered(frame: op.Frame, outcome: anytype) error{Failed}!Payload(@TypeOf(outcome)) {
    if (@typeInfo(@TypeOf(outcome)) != .error_union) return outcome;
    return outcome catch |err| {
        const failure: anyerror = err;
        if (failure != error.HostFailed) frame.fail(0, @errorName(failure)) catch {};
        return error.Failed;
    };
}

fn Payload(comptime T: type) type {
    return switch (@typeInfo(T)) {
        .error_union => |either| either.payload,
        else => T,
    };
}
