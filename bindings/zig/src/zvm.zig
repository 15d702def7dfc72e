//! zvm in Zig: the smart-contract runtime that any program can embed.
//!
//! A program makes a `Runtime`, opens a `Session` over its own storage and ledger (any type with the methods
//! that `Host` lists) or over the embedded `Store`, deploys and calls contracts in it, and commits once.
//! `c` is the C API underneath, as it is.

const std = @import("std");
const status = @import("status.zig");
const types = @import("types.zig");
const call = @import("call.zig");

pub const c = @import("c.zig").c;

pub const Runtime = @import("runtime.zig").Runtime;
pub const Code = @import("code.zig").Code;
pub const Session = @import("session.zig").Session;
pub const Store = @import("store.zig").Store;
pub const Interrupt = @import("interrupt.zig").Interrupt;
pub const Host = @import("host.zig").Host;
pub const op = @import("op.zig");
/// Hashes and signatures.
pub const crypto = @import("crypto.zig");

pub const Call = call.Call;
pub const Deploy = call.Deploy;
pub const Block = call.Block;
pub const Transaction = @import("transaction.zig").Transaction;
pub const Result = @import("result.zig").Result;

pub const Error = status.Error;
pub const Detail = status.Detail;
/// A status of zvm.h as an error.
pub const check = status.check;

pub const Address = types.Address;
pub const Word = types.Word;
pub const word = types.word;
pub const number = types.number;
pub const Bytes = types.Bytes;
pub const Engine = types.Engine;
pub const Kind = types.Kind;
pub const Halt = types.Halt;
pub const Change = types.Change;
pub const Event = types.Event;
pub const Option = types.Option;

/// Version and engines of the library.
pub fn version() []const u8 {
    return std.mem.span(c.zvm_version_string());
}

/// The version of a ZVM_FEATURE, 0 where the library does not have it.
pub fn feature(id: u32) u32 {
    return c.zvm_feature(id);
}

/// Tests a part of this very build, a ZVM_SELFTEST number. ZVM_SELFTEST_PANIC must end in `error.Panic`.
pub fn selftest(what: u32, detail: ?*Detail) Error!void {
    try status.check(c.zvm_selftest(what, Detail.slot(detail)));
}

/// The address of a contract that `sender` creates with this nonce.
pub fn createAddress(sender: Address, nonce: u64) Address {
    var out: c.zvm_address = .{};
    // Fails on NULL alone.
    status.certain(c.zvm_address_create(&.{ .bytes = sender }, nonce, &out, null));
    return out.bytes;
}

/// The address of a contract that `sender` creates with this salt. The hash is that of the initcode; without
/// initcode, keccak256(keccak256(code), keccak256(input)).
pub fn create2Address(sender: Address, salt: Word, initcode_hash: Word) Address {
    var out: c.zvm_address = .{};
    // Fails on NULL alone.
    status.certain(c.zvm_address_create2(
        &.{ .bytes = sender },
        &.{ .bytes = salt },
        &.{ .bytes = initcode_hash },
        &out,
        null,
    ));
    return out.bytes;
}
