//! What a zvm contract written in Zig may call.
//!
//! `host` has the host functions as they are: module `zvm`, one import each, in the order of their
//! numbers. A pointer and a length are one run of the contract's memory; amounts, hashes and topics
//! are 32 bytes, big-endian; addresses are 20. The functions below it take slices.

const std = @import("std");

pub const Address = [20]u8;
pub const Word = [32]u8;

pub const host = struct {
    /// 01: who called this frame.
    pub extern "zvm" fn caller(out: *Address) void;
    /// 02: who began the transaction.
    pub extern "zvm" fn origin(out: *Address) void;
    /// 03: this contract.
    pub extern "zvm" fn self_address(out: *Address) void;
    /// 04: the amount that came with the call.
    pub extern "zvm" fn value(out: *Word) void;
    /// 05: the gas left in this frame.
    pub extern "zvm" fn gas_left() u64;
    /// 06: the block's height.
    pub extern "zvm" fn block_number() u64;
    /// 07: the block's time, seconds since the Unix epoch.
    pub extern "zvm" fn block_timestamp() u64;
    /// 08: the chain.
    pub extern "zvm" fn chain_id(out: *Word) void;
    /// 09: the hash of an earlier block; 0, or -1 where it is not known.
    pub extern "zvm" fn block_hash(number: u64, out: *Word) i32;
    /// 0A: who proposed the block.
    pub extern "zvm" fn proposer(out: *Address) void;
    /// 0B: the price of one unit of gas.
    pub extern "zvm" fn gas_price(out: *Word) void;
    /// 0C: the chain's agreed randomness; 0, or -1 where there is none.
    pub extern "zvm" fn randomness(out: *Word) i32;

    /// 10: bytes of the input.
    pub extern "zvm" fn input_size() u32;
    /// 11: copies a part of the input.
    pub extern "zvm" fn input_copy(out: [*]u8, offset: u32, len: u32) void;
    /// 12: sets the output.
    pub extern "zvm" fn set_output(ptr: [*]const u8, len: u32) void;
    /// 13: ends the frame, undoes what it did and hands back this data.
    pub extern "zvm" fn revert(ptr: [*]const u8, len: u32) noreturn;
    /// 14: bytes of the last callee's output.
    pub extern "zvm" fn return_size() u32;
    /// 15: copies a part of the last callee's output.
    pub extern "zvm" fn return_copy(out: [*]u8, offset: u32, len: u32) void;

    /// 20: the value's full length, or -1; written only where it fits.
    pub extern "zvm" fn storage_read(key: [*]const u8, key_len: u32, out: [*]u8, cap: u32) i32;
    /// 21: sets a value.
    pub extern "zvm" fn storage_write(key: [*]const u8, key_len: u32, val: [*]const u8, val_len: u32) void;
    /// 22: deletes a key; 1 if it was present, else 0.
    pub extern "zvm" fn storage_delete(key: [*]const u8, key_len: u32) i32;
    /// 23: the length of the next key in order, or -1; written only where it fits.
    pub extern "zvm" fn storage_next(key: [*]const u8, key_len: u32, out: [*]u8, cap: u32) i32;
    /// 24: as 20, of transient storage.
    pub extern "zvm" fn transient_read(key: [*]const u8, key_len: u32, out: [*]u8, cap: u32) i32;
    /// 25: as 21, of transient storage.
    pub extern "zvm" fn transient_write(key: [*]const u8, key_len: u32, val: [*]const u8, val_len: u32) void;

    /// 30: an account's balance.
    pub extern "zvm" fn balance(address: *const Address, out: *Word) void;
    /// 31: this contract's balance.
    pub extern "zvm" fn self_balance(out: *Word) void;
    /// 32: sends from this contract's balance; 0, 1 insufficient, 2 refused.
    pub extern "zvm" fn transfer(to: *const Address, amount: *const Word) i32;
    /// 33: an account's code hash; the number of its engine, or -1 where there is no code.
    pub extern "zvm" fn code_hash(address: *const Address, out: *Word) i32;

    /// 40: calls a contract; 0 success, 1 revert, 2 halt.
    pub extern "zvm" fn call(address: *const Address, amount: *const Word, input: [*]const u8, len: u32, gas: u64) i32;
    /// 41: as 40, but the callee may change nothing.
    pub extern "zvm" fn static_call(address: *const Address, input: [*]const u8, len: u32, gas: u64) i32;
    /// 42: runs another contract's code as this contract; results as 40.
    pub extern "zvm" fn delegate_call(address: *const Address, input: [*]const u8, len: u32, gas: u64) i32;
    /// 43: creates a contract; results as 40.
    pub extern "zvm" fn create(code: [*]const u8, len: u32, init: [*]const u8, init_len: u32, amount: *const Word, salt: ?*const Word, gas: u64, out: *Address) i32;
    /// 44: replaces this contract's code after this frame; 0, or 1 refused.
    pub extern "zvm" fn upgrade(code: [*]const u8, len: u32, input: [*]const u8, input_len: u32) i32;

    /// 50: emits an event of 0 to 4 topics.
    pub extern "zvm" fn emit(topics: [*]const Word, count: u32, data: [*]const u8, len: u32) void;
    /// 51: a line for the embedder's log.
    pub extern "zvm" fn debug_log(ptr: [*]const u8, len: u32) void;

    /// 60: Keccak-256.
    pub extern "zvm" fn keccak256(ptr: [*]const u8, len: u32, out: *Word) void;
    /// 61: SHA-256.
    pub extern "zvm" fn sha256(ptr: [*]const u8, len: u32, out: *Word) void;
    /// 62: SHA3-256.
    pub extern "zvm" fn sha3_256(ptr: [*]const u8, len: u32, out: *Word) void;
    /// 63: BLAKE3.
    pub extern "zvm" fn blake3(ptr: [*]const u8, len: u32, out: *Word) void;
    /// 64: BLAKE2b with 32 bytes of output.
    pub extern "zvm" fn blake2b_256(ptr: [*]const u8, len: u32, out: *Word) void;
    /// 65: RIPEMD-160.
    pub extern "zvm" fn ripemd160(ptr: [*]const u8, len: u32, out: *Address) void;

    /// 70: whether a signature is the key's; 1, 0, or -1 for an unknown algorithm or what is no key.
    pub extern "zvm" fn verify(algorithm: u32, message: [*]const u8, message_len: u32, signature: [*]const u8, signature_len: u32, key: [*]const u8, key_len: u32) i32;
    /// 71: as 70, under a context.
    pub extern "zvm" fn verify_with_context(algorithm: u32, message: [*]const u8, message_len: u32, signature: [*]const u8, signature_len: u32, key: [*]const u8, key_len: u32, context: [*]const u8, context_len: u32) i32;
    /// 72: whether so many distinct keys signed; 1, 0, or -1 for an unknown algorithm.
    pub extern "zvm" fn verify_threshold(algorithm: u32, need: u32, message: [*]const u8, message_len: u32, signatures: [*]const u8, keys: [*]const u8, count: u32) i32;
    /// 73: whether a BLS signature is the aggregate of all keys'; 1, 0, or -1.
    pub extern "zvm" fn verify_aggregate(algorithm: u32, messages: [*]const Word, signature: [*]const u8, keys: [*]const u8, count: u32, same_message: u32) i32;
    /// 74: the address of the key that signed a hash; 0, or -1 where none did.
    pub extern "zvm" fn recover(hash: *const Word, signature: *const [65]u8, out: *Address) i32;
    /// 75: as 74, the key itself.
    pub extern "zvm" fn recover_key(hash: *const Word, signature: *const [65]u8, out: *[64]u8) i32;
    /// 76: the ciphertext's full length, or -1; written with the secret only where it fits.
    pub extern "zvm" fn kem_encapsulate(algorithm: u32, key: [*]const u8, key_len: u32, seed: *const Word, ciphertext: [*]u8, ciphertext_cap: u32, secret: *Word) i32;
    /// 77: the secret in a ciphertext; 0, or -1.
    pub extern "zvm" fn kem_decapsulate(algorithm: u32, key: [*]const u8, key_len: u32, ciphertext: [*]const u8, ciphertext_len: u32, out: *Word) i32;
};

/// The assembly that puts ABI metadata into the code as the custom section `zvm.abi`.
pub fn abi(comptime json: []const u8) []const u8 {
    @setEvalBranchQuota(100 * json.len);
    return std.fmt.comptimePrint(".section .custom_section.zvm.abi,\"\",@\n.ascii \"{f}\"\n", .{std.zig.fmtString(json)});
}

/// Who called this frame.
pub fn caller() Address {
    var address: Address = undefined;
    host.caller(&address);
    return address;
}

/// Bytes of the input.
pub fn inputSize() usize {
    return host.input_size();
}

/// `len` bytes of the input from `offset` on.
pub fn input(comptime len: usize, offset: usize) [len]u8 {
    var bytes: [len]u8 = undefined;
    host.input_copy(&bytes, offset, len);
    return bytes;
}

/// Sets the output. The last one counts.
pub fn output(data: []const u8) void {
    host.set_output(data.ptr, data.len);
}

/// Ends the frame, undoes what it did and hands back this data.
pub fn revert(data: []const u8) noreturn {
    host.revert(data.ptr, data.len);
}

/// Emits an event of at most four topics.
pub fn emit(topics: []const Word, data: []const u8) void {
    host.emit(topics.ptr, topics.len, data.ptr, data.len);
}

/// The full length of the value under a key, null where there is none. The value is in `out` if it
/// is not longer than that.
pub fn read(key: []const u8, out: []u8) ?usize {
    const length = host.storage_read(key.ptr, key.len, out.ptr, out.len);
    return if (length < 0) null else @intCast(length);
}

/// Sets the value under a key.
pub fn write(key: []const u8, data: []const u8) void {
    host.storage_write(key.ptr, key.len, data.ptr, data.len);
}

/// Deletes a key. Whether it was there.
pub fn delete(key: []const u8) bool {
    return host.storage_delete(key.ptr, key.len) == 1;
}
