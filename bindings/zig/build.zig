//! The module `zvm`, and its tests.
//!
//!   -Dlib=FILE        libzvm.so or libzvm.a; by default the development build of this checkout
//!   -Dinclude=FOLDER  where zvm.h is

const std = @import("std");
const Build = std.Build;

pub fn build(b: *Build) void {
    const library: Library = .{
        .file = file(b, "lib", "libzvm.so or libzvm.a", "../../target/debug/libzvm.so"),
        .include = file(b, "include", "the folder of zvm.h", "../../include"),
    };
    const zvm = b.addModule("zvm", .{
        .root_source_file = b.path("src/zvm.zig"),
        .target = b.standardTargetOptions(.{}),
        .optimize = b.standardOptimizeOption(.{}),
        .link_libc = true,
    });
    library.addTo(zvm);
    const is_dependency = b.dep_prefix.len != 0;
    if (is_dependency) return;
    @import("tests/build.zig").add(b, zvm, library.include) catch |err| std.debug.panic("{t}", .{err});
}

const Library = struct {
    file: Build.LazyPath,
    include: Build.LazyPath,

    fn addTo(self: Library, module: *Build.Module) void {
        module.addIncludePath(self.include);
        module.addObjectFile(self.file);
        module.addRPath(self.file.dirname());
        // Rust's panics unwind, and a static library brings nothing that does it.
        if (std.mem.endsWith(u8, self.file.getDisplayName(), ".a")) module.linkSystemLibrary("unwind", .{});
    }
};

/// A path the user gives, absolute, since the program will look for the shared library there.
fn file(b: *Build, name: []const u8, about: []const u8, default: []const u8) Build.LazyPath {
    const given = b.option(Build.LazyPath, name, about) orelse return b.path(default);
    if (given != .cwd_relative) return given;
    const here = std.process.currentPathAlloc(b.graph.io, b.allocator) catch |err| std.debug.panic("{t}", .{err});
    return .{ .cwd_relative = b.pathResolve(&.{ here, given.cwd_relative }) };
}
