//! A counter on storage of the program's own.
//!
//!   counter COUNTER.WASM
//!
//! Deploys the counter and commits; a second session, which knows nothing but what the first one committed, counts to
//! three. Ends with a status other than 0 where anything is not as it should be.

const std = @import("std");
const zvm = @import("zvm");
const Books = @import("books.zig").Books;

const owner: zvm.Address = "owner".* ++ .{0} ** 15;

pub fn main(init: std.process.Init) !void {
    const arena = init.arena.allocator();
    const args = try init.minimal.args.toSlice(arena);
    if (args.len != 2) return error.OneArgumentTheCodeOfTheCounter;
    const code = try std.Io.Dir.cwd().readFileAlloc(init.io, args[1], arena, .limited(1 << 20));

    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    var books: Books = .{ .arena = arena };
    const counter = try deploy(runtime, &books, code);
    const counted = try countToThree(runtime, &books, counter);

    var buffer: [256]u8 = undefined;
    var out = std.Io.File.stdout().writerStreaming(init.io, &buffer);
    try out.interface.print("counted {d}\n", .{counted});
    try out.interface.flush();
}

fn deploy(runtime: zvm.Runtime, books: *Books, code: []const u8) !zvm.Address {
    const session = try runtime.session(books, .{});
    defer session.deinit();
    var deployed = try session.deploy(.{ .caller = owner, .code = code, .gas_limit = 100_000_000 });
    defer deployed.deinit();
    const address = deployed.created orelse return error.NotDeployed;
    try session.commit();
    return address;
}

fn countToThree(runtime: zvm.Runtime, books: *Books, counter: zvm.Address) !u64 {
    const session = try runtime.session(books, .{});
    defer session.deinit();
    for (1..4) |expected| {
        if (try count(session, counter) != expected) return error.Miscounted;
    }
    try session.commit();
    return 3;
}

fn count(session: zvm.Session, counter: zvm.Address) !u64 {
    var result = try session.call(.{ .caller = owner, .target = counter, .gas_limit = 1_000_000 });
    defer result.deinit();
    if (result.kind != .success or result.data.len != 8) return error.NoAnswer;
    return std.mem.readInt(u64, result.data[0..8], .big);
}
