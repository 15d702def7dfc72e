//! Programs that are shown to readers do what the text says.

const std = @import("std");
const programs = @import("programs");
const testing = std.testing;

const Ended = struct {
    run: std.process.RunResult,

    fn of(argv: []const []const u8) !Ended {
        return .{ .run = try std.process.run(testing.allocator, testing.io, .{ .argv = argv }) };
    }

    fn deinit(self: Ended) void {
        testing.allocator.free(self.run.stdout);
        testing.allocator.free(self.run.stderr);
    }

    fn expectSuccess(self: Ended) !void {
        if (self.run.term == .exited and self.run.term.exited == 0) return;
        std.debug.print("{s}{s}", .{ self.run.stdout, self.run.stderr });
        return error.ProgramFailed;
    }
};

test "the quick start of the README prints what the README says" {
    const ended: Ended = try .of(&.{programs.quick_start});
    defer ended.deinit();
    try ended.expectSuccess();
    try testing.expectEqualStrings(programs.quick_start_output, ended.run.stderr);
}

test "the counter counts to three on storage of its own" {
    const ended: Ended = try .of(&.{ programs.counter, programs.counter_wasm });
    defer ended.deinit();
    try ended.expectSuccess();
    try testing.expectEqualStrings("counted 3\n", ended.run.stdout);
}

test "the bank sends 300 of 1000, and nothing of 701" {
    const ended: Ended = try .of(&.{ programs.bank, programs.token_wasm });
    defer ended.deinit();
    try ended.expectSuccess();
    for ([_][]const u8{
        "transfer of 300: SUCCESS",
        " of 300\n",
        "transfer of 701: REVERT",
        "insufficient balance",
        "alice has 700, bob has 300\n",
    }) |text| {
        try testing.expect(std.mem.indexOf(u8, ended.run.stdout, text) != null);
    }
}

test "an example that is given other code ends badly and says so" {
    const ended: Ended = try .of(&.{ programs.bank, programs.counter_wasm });
    defer ended.deinit();
    try testing.expect(ended.run.term != .exited or ended.run.term.exited != 0);
    try testing.expect(std.mem.indexOf(u8, ended.run.stderr, "not as expected") != null);
}
