//! A fungible token.
//!
//!   init            supply32                  the caller owns the whole supply
//!   transfer        to20 amount32             from the caller
//!   balance_of      account20                 output: amount32
//!   total_supply                              output: amount32
//!   approve         spender20 amount32        lets a spender use the caller's tokens, replacing what it might before
//!   allowance       owner20 spender20         output: amount32
//!   transfer_from   from20 to20 amount32      out of what `from` has approved for the caller
//!   call            number1, then as above    1 transfer, 2 balance_of, .. 6 transfer_from, for calls by contracts
//!
//! Inputs are exactly these bytes one after the other; amounts are big-endian.
//!
//! Storage: "supply"; 'b' account20, a balance; 'a' owner20 spender20, an allowance. All are amounts
//! of 32 bytes, and a balance or allowance of zero is an absent key.
//!
//! Events, as ERC-20 has them: Transfer(from, to, amount) and Approval(owner, spender, amount), with
//! the signature's hash and the two addresses as topics and the amount as data. The supply comes
//! from the zero address.
//!
//! Reverts with "bad input", "already initialised", "insufficient balance", "insufficient allowance"
//! or "overflow".

const std = @import("std");
const zvm = @import("zvm.zig");

const Address = zvm.Address;
const Word = zvm.Word;

comptime {
    asm (zvm.abi(@embedFile("abi")));
}

const transfer_topic = topicOf("Transfer(address,address,uint256)");
const approval_topic = topicOf("Approval(address,address,uint256)");

fn topicOf(comptime signature: []const u8) Word {
    @setEvalBranchQuota(100_000);
    var topic: Word = undefined;
    std.crypto.hash.sha3.Keccak256.hash(signature, &topic, .{});
    return topic;
}

fn number(bytes: Word) u256 {
    return std.mem.readInt(u256, &bytes, .big);
}

fn bigEndian(value: u256) Word {
    var bytes: Word = undefined;
    std.mem.writeInt(u256, &bytes, value, .big);
    return bytes;
}

fn load(key: []const u8) u256 {
    var value: Word = @splat(0);
    _ = zvm.read(key, &value);
    return number(value);
}

fn store(key: []const u8, value: u256) void {
    if (value == 0) {
        _ = zvm.delete(key);
    } else {
        zvm.write(key, &bigEndian(value));
    }
}

fn balanceKey(account: Address) [21]u8 {
    return "b".* ++ account;
}

fn allowanceKey(owner: Address, spender: Address) [41]u8 {
    return "a".* ++ owner ++ spender;
}

fn credit(account: Address, amount: u256) void {
    const key = balanceKey(account);
    const balance = std.math.add(u256, load(&key), amount) catch zvm.revert("overflow");
    store(&key, balance);
}

fn debit(account: Address, amount: u256) void {
    const key = balanceKey(account);
    const balance = std.math.sub(u256, load(&key), amount) catch zvm.revert("insufficient balance");
    store(&key, balance);
}

fn spendAllowance(owner: Address, spender: Address, amount: u256) void {
    const key = allowanceKey(owner, spender);
    const left = std.math.sub(u256, load(&key), amount) catch zvm.revert("insufficient allowance");
    store(&key, left);
}

fn move(from: Address, to: Address, amount: u256) void {
    debit(from, amount);
    credit(to, amount);
    announce(transfer_topic, from, to, amount);
}

fn announce(signature: Word, first: Address, second: Address, amount: u256) void {
    const padding: [12]u8 = @splat(0);
    zvm.emit(&.{ signature, padding ++ first, padding ++ second }, &bigEndian(amount));
}

/// The functions, each with its arguments at offset `at` of the input: 0 for an entry, 1 behind the
/// number that `call` takes.
const function = struct {
    fn expect(at: usize, len: usize) void {
        if (zvm.inputSize() != at + len) zvm.revert("bad input");
    }

    fn transfer(at: usize) void {
        expect(at, 52);
        move(zvm.caller(), zvm.input(20, at), number(zvm.input(32, at + 20)));
    }

    fn balance_of(at: usize) void {
        expect(at, 20);
        zvm.output(&bigEndian(load(&balanceKey(zvm.input(20, at)))));
    }

    fn total_supply(at: usize) void {
        expect(at, 0);
        zvm.output(&bigEndian(load("supply")));
    }

    fn approve(at: usize) void {
        expect(at, 52);
        const owner = zvm.caller();
        const spender = zvm.input(20, at);
        const amount = number(zvm.input(32, at + 20));
        store(&allowanceKey(owner, spender), amount);
        announce(approval_topic, owner, spender, amount);
    }

    fn allowance(at: usize) void {
        expect(at, 40);
        zvm.output(&bigEndian(load(&allowanceKey(zvm.input(20, at), zvm.input(20, at + 20)))));
    }

    fn transfer_from(at: usize) void {
        expect(at, 72);
        const from = zvm.input(20, at);
        const to = zvm.input(20, at + 20);
        const amount = number(zvm.input(32, at + 40));
        spendAllowance(from, zvm.caller(), amount);
        move(from, to, amount);
    }
};

export fn init() void {
    var none: [0]u8 = .{};
    if (zvm.read("supply", &none) != null) zvm.revert("already initialised");
    if (zvm.inputSize() != 32) zvm.revert("bad input");
    const owner = zvm.caller();
    const supply = zvm.input(32, 0);
    zvm.write("supply", &supply);
    credit(owner, number(supply));
    announce(transfer_topic, @splat(0), owner, number(supply));
}

export fn transfer() void {
    function.transfer(0);
}

export fn balance_of() void {
    function.balance_of(0);
}

export fn total_supply() void {
    function.total_supply(0);
}

export fn approve() void {
    function.approve(0);
}

export fn allowance() void {
    function.allowance(0);
}

export fn transfer_from() void {
    function.transfer_from(0);
}

export fn call() void {
    if (zvm.inputSize() == 0) zvm.revert("bad input");
    switch (zvm.input(1, 0)[0]) {
        1 => function.transfer(1),
        2 => function.balance_of(1),
        3 => function.total_supply(1),
        4 => function.approve(1),
        5 => function.allowance(1),
        6 => function.transfer_from(1),
        else => zvm.revert("bad input"),
    }
}
