//! What a host's methods are given, one struct per callback, and the few things they may do with the
//! running call. All of it ends when the method returns.

const std = @import("std");
const c = @import("c.zig").c;
const types = @import("types.zig");
const status = @import("status.zig");
const Call = @import("call.zig").Call;
const LoadedCode = @import("code.zig").Code;
const Result = @import("result.zig").Result;

/// The running call.
pub const Frame = struct {
    head: *c.zvm_op,

    /// How deep calls between contracts are nested; 0 outside a call.
    pub fn depth(self: Frame) u32 {
        return self.head.depth;
    }

    pub fn gasLeft(self: Frame) u64 {
        return self.head.gas_left;
    }

    /// Asks for gas on top of the schedule's price. Only reads of storage and accounts and queries may.
    pub fn charge(self: Frame, gas: u64) void {
        self.head.gas_charge = gas;
    }

    /// Whether the call's interrupt was fired; a passed deadline is not shown.
    pub fn cancelled(self: Frame) bool {
        var view: c.zvm_frame_view = .{ .struct_size = @sizeOf(c.zvm_frame_view) };
        return c.zvm_frame_info(self.head.frame, &view, null) == c.ZVM_OK and view.cancelled == 1;
    }

    /// A failure with a number and a text of the host's own, which the error of the session's call will
    /// carry: `return read.frame.fail(5, "the disk is gone")`. Any other error is carried by its name.
    pub fn fail(self: Frame, code: i32, text: []const u8) error{HostFailed} {
        _ = c.zvm_frame_fail(self.head.frame, code, types.Bytes.of(text).raw(), null);
        return error.HostFailed;
    }
};

/// Room for an answer that the host does not have in memory.
pub const Reply = struct {
    raw: *c.zvm_reply,

    /// `len` zeroed bytes to write to and to return as the answer.
    pub fn room(self: Reply, len: usize) error{AnswerTooLong}![]u8 {
        if (len > self.raw.cap and c.zvm_reply_reserve(self.raw, len) == null) return error.AnswerTooLong;
        return self.raw.buf[0..len];
    }

    /// What lies in the room is filled in, anything else is lent.
    pub fn set(self: Reply, answer: []const u8) void {
        self.raw.len = answer.len;
        self.raw.lent = if (answer.len == 0 or answer.ptr == self.raw.buf) null else answer.ptr;
    }
};

pub const Get = struct {
    account: types.Address,
    key: []const u8,
    reply: Reply,
    frame: Frame,
};

pub const GetMany = struct {
    raw: []c.zvm_slot,
    frame: Frame,

    pub fn count(self: GetMany) usize {
        return self.raw.len;
    }

    pub fn account(self: GetMany, index: usize) types.Address {
        return self.raw[index].account.bytes;
    }

    pub fn key(self: GetMany, index: usize) []const u8 {
        return types.Bytes.from(self.raw[index].key).slice();
    }

    pub fn reply(self: GetMany, index: usize) Reply {
        return .{ .raw = &self.raw[index].value };
    }

    /// The value of an entry; one that is not answered is absent.
    pub fn answer(self: GetMany, index: usize, value: []const u8) void {
        self.raw[index].found = 1;
        self.reply(index).set(value);
    }
};

/// A page of a contract's entries, to be filled by `add` in order of their keys.
pub const Scan = struct {
    raw: *c.zvm_scan_op,
    frame: Frame,
    filled: usize = 0,

    /// Whether rows of the range follow after this page.
    pub const End = enum { more, done };

    /// Bytes that are asked for at the first row, so that a page holds many.
    const page_bytes = 16 * 1024;

    pub fn account(self: Scan) types.Address {
        return self.raw.account.bytes;
    }

    /// First key of the range, included.
    pub fn start(self: Scan) []const u8 {
        return types.Bytes.from(self.raw.start).slice();
    }

    /// End of the range, excluded; null where it has none.
    pub fn end(self: Scan) ?[]const u8 {
        return if (self.raw.bounded == 1) types.Bytes.from(self.raw.end).slice() else null;
    }

    /// From the end of the range backwards.
    pub fn reverse(self: Scan) bool {
        return self.raw.reverse == 1;
    }

    /// A word of the host's own that comes back with the next page.
    pub fn hint(self: Scan) *u64 {
        return &self.raw.hint;
    }

    /// Appends a row. False where the page is full: the row is not in it, and the method returns `.more`.
    pub fn add(self: *Scan, key: []const u8, value: []const u8) error{AnswerTooLong}!bool {
        if (self.raw.rows_len == self.raw.rows_cap) return false;
        const kept = if (self.raw.keys_only == 1) "" else value;
        const need = key.len + kept.len;
        const reply: Reply = .{ .raw = &self.raw.data };
        if (self.raw.rows_len == 0) {
            _ = reply.room(@max(page_bytes, need)) catch try reply.room(need);
        }
        if (need > self.raw.data.cap - self.filled) return false;
        self.raw.rows[self.raw.rows_len] = .{
            .key_off = @intCast(self.filled),
            .key_len = @intCast(key.len),
            .val_off = @intCast(self.filled + key.len),
            .val_len = @intCast(kept.len),
        };
        const room = self.raw.data.buf[self.filled..][0..need];
        @memcpy(room[0..key.len], key);
        @memcpy(room[key.len..], kept);
        self.raw.rows_len += 1;
        self.filled += need;
        return true;
    }
};

pub const Commit = struct {
    /// Ordered by account, within one by kind, then by key. To be applied whole or not at all.
    changes: []const types.Change,
    /// The events of the successful calls since the last commit.
    events: []const types.Event,
    /// Which session of the process commits, and which of its commits this is, from 1; a failed one
    /// keeps its number when it is tried again.
    session_id: u64,
    serial: u64,
    frame: Frame,
};

pub const Account = struct {
    address: types.Address,
    frame: Frame,

    pub const Answer = struct {
        balance: u256 = 0,
        /// Creations from this account so far.
        nonce: u64 = 0,
        /// keccak256 of the code; zero where there is none.
        code_hash: types.Word = @splat(0),
        /// As the code's change said in its flags.
        engine: types.Engine = .any,
    };
};

pub const Code = struct {
    raw: *c.zvm_code_op,
    hash: types.Word,
    reply: Reply,
    frame: Frame,

    /// Answers with code that is loaded already and stays the host's: `return read.loaded(code)`.
    pub fn loaded(self: Code, code: LoadedCode) []const u8 {
        self.raw.ready = code.handle;
        return "";
    }
};

pub const BlockHash = struct {
    number: u64,
    frame: Frame,
};

pub const Admit = struct {
    code: []const u8,
    hash: types.Word,
    creator: types.Address,
    contract: types.Address,
    engine: types.Engine,
    frame: Frame,

    pub const Verdict = struct {
        /// The higher, the better.
        score: u32 = 0,
        /// Refused whatever the score.
        refused: bool = false,
    };
};

pub const Query = struct {
    kind: u32,
    request: []const u8,
    reply: Reply,
    frame: Frame,

    /// Calls a contract in the same overlay, below the one that asks, which is the caller whatever
    /// `request.caller` says. The result is to be `deinit`ed.
    pub fn call(self: Query, request: Call, detail: ?*status.Detail) status.Error!Result {
        var result = Result.room();
        try status.check(c.zvm_frame_call(self.frame.head.frame, &request.raw(), &result, status.Detail.slot(detail)));
        return .of(result);
    }
};

pub const Log = struct {
    level: Level,
    /// A contract's address in hex.
    target: []const u8,
    message: []const u8,
    frame: Frame,

    pub const Level = enum(u32) { debug = 1, information = 2, warning = 3, _ };
};

pub const Trace = struct {
    /// Lines of JSON, each with its end.
    lines: []const u8,
    frame: Frame,
};
