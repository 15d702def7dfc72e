//! Nothing of zvm.h is lost on the way to Zig, by `@cImport` or by `zig translate-c`.

const std = @import("std");
const zvm = @import("zvm");
const testing = std.testing;

const header = code: {
    @setEvalBranchQuota(10_000_000);
    var text: []const u8 = "";
    var rest: []const u8 = @embedFile("zvm.h");
    while (std.mem.indexOf(u8, rest, "/*")) |start| {
        text = text ++ rest[0..start];
        rest = rest[std.mem.indexOfPos(u8, rest, start, "*/").? + 2 ..];
    }
    break :code text ++ rest;
};
const namespaces = .{ zvm.c, @import("translated") };

test "n087 every function, type and number of the header is there in Zig" {
    inline for (namespaces) |namespace| {
        var functions: usize = 0;
        var types: usize = 0;
        var numbers: usize = 0;
        var words = std.mem.tokenizeAny(u8, header, " \n*;{");
        var previous: []const u8 = "";
        while (words.next()) |token| : (previous = token) {
            const call = std.mem.indexOfScalar(u8, token, '(');
            if (call != null and std.mem.startsWith(u8, token, "zvm_")) {
                functions += 1;
                try expectDeclared(namespace, token[0..call.?]);
            } else if (std.mem.eql(u8, previous, "struct")) {
                types += 1;
                try expectDeclared(namespace, token);
            } else if (std.mem.eql(u8, previous, "#define") and call == null) {
                numbers += 1;
                try expectDeclared(namespace, token);
            }
        }
        try testing.expect(functions >= 50 and types >= 30 and numbers >= 100);
    }
}

test "every handle is opaque, and nothing else is" {
    inline for (namespaces) |namespace| {
        var opaque_ones: usize = 0;
        @setEvalBranchQuota(100_000);
        inline for (comptime names(namespace)) |name| {
            if (@TypeOf(@field(namespace, name)) != type) continue;
            if (comptime @typeInfo(@field(namespace, name)) != .@"opaque") continue;
            opaque_ones += 1;
            try testing.expect(std.mem.indexOf(u8, header, "typedef struct " ++ name ++ " " ++ name ++ ";") != null);
        }
        try testing.expectEqual(8, opaque_ones);
    }
}

test "every status, kind, halt, engine and change has its name in Zig" {
    @setEvalBranchQuota(100_000);
    inline for (comptime names(zvm.c)) |name| {
        if (comptime std.mem.startsWith(u8, name, "ZVM_E_")) {
            if (zvm.check(@field(zvm.c, name))) |_| return error.NotAnError else |err| {
                try testing.expect(!std.mem.startsWith(u8, @errorName(err), "Unknown"));
            }
        }
        inline for (.{
            .{ "ZVM_KIND_", zvm.Kind },
            .{ "ZVM_HALT_", zvm.Halt },
            .{ "ZVM_ENGINE_", zvm.Engine },
            .{ "ZVM_CHANGE_", zvm.Change.Of },
        }) |list| {
            if (comptime std.mem.startsWith(u8, name, list[0])) {
                const named: list[1] = @enumFromInt(@field(zvm.c, name));
                const written = std.enums.tagName(list[1], named) orelse return error.WithoutName;
                try testing.expectEqualStrings(name[list[0].len..], try std.ascii.allocUpperString(arena(), written));
            }
        }
    }
}

test "n084 a status this binding does not know is an error by its range" {
    try testing.expectError(error.UnknownMistake, zvm.check(99));
    try testing.expectError(error.UnknownCode, zvm.check(199));
    try testing.expectError(error.UnknownHost, zvm.check(299));
    try testing.expectError(error.UnknownControl, zvm.check(399));
    for ([_]i32{ -1, 400, 999, 1000, std.math.maxInt(i32), std.math.minInt(i32) }) |status| {
        try testing.expectError(error.UnknownInternal, zvm.check(status));
    }
}

var buffer: [1 << 16]u8 = undefined;
var fixed: std.heap.FixedBufferAllocator = .init(&buffer);

fn arena() std.mem.Allocator {
    return fixed.allocator();
}

/// The names of the API. What else is in a namespace (the compiler's own macros) may not even compile.
fn names(comptime namespace: type) []const []const u8 {
    comptime {
        @setEvalBranchQuota(1_000_000);
        var found: []const []const u8 = &.{};
        for (@typeInfo(namespace).@"struct".decls) |decl| {
            const ours = std.mem.startsWith(u8, decl.name, "zvm_") or std.mem.startsWith(u8, decl.name, "ZVM_");
            if (ours) found = found ++ .{decl.name};
        }
        return found;
    }
}

fn expectDeclared(comptime namespace: type, name: []const u8) !void {
    @setEvalBranchQuota(100_000);
    inline for (comptime names(namespace)) |declared| {
        // A name that could not be translated does not compile here.
        _ = @TypeOf(@field(namespace, declared));
        if (std.mem.eql(u8, declared, name)) return;
    }
    std.debug.print("not in Zig: {s}\n", .{name});
    return error.Lost;
}
