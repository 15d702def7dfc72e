//! A counter: the smallest contract that keeps something.
//!
//! The value is 8 bytes big-endian, as input, as output and under the storage key "count".
//! Incremented has one topic, its name in ASCII padded with zeros to 32 bytes; its data is the new
//! value. Reverts with "bad input", "already initialised" or "overflow".

const std = @import("std");
const zvm = @import("zvm.zig");

comptime {
    asm (zvm.abi(@embedFile("abi")));
}

const key = "count";
const incremented: zvm.Word = "Incremented".* ++ .{0} ** 21;

fn load() u64 {
    var value: [8]u8 = @splat(0);
    _ = zvm.read(key, &value);
    return std.mem.readInt(u64, &value, .big);
}

fn bigEndian(value: u64) [8]u8 {
    return @bitCast(std.mem.nativeToBig(u64, value));
}

/// Input: empty for zero, or the start value.
export fn init() void {
    var start: [8]u8 = @splat(0);
    if (zvm.read(key, &start) != null) zvm.revert("already initialised");
    switch (zvm.inputSize()) {
        0 => {},
        8 => start = zvm.input(8, 0),
        else => zvm.revert("bad input"),
    }
    zvm.write(key, &start);
}

/// Adds one. Output: the new value; emits Incremented.
export fn call() void {
    const next = std.math.add(u64, load(), 1) catch zvm.revert("overflow");
    const value = bigEndian(next);
    zvm.write(key, &value);
    zvm.emit(&.{incremented}, &value);
    zvm.output(&value);
}

/// Output: the value.
export fn get() void {
    zvm.output(&bigEndian(load()));
}
