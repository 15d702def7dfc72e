//! Builds the programs in embed/ as a project of one's own would: the module `zvm` is a dependency, and
//! -Dlib=FILE says which libzvm.so or libzvm.a.

const std = @import("std");

pub fn build(b: *std.Build) void {
    const target = b.standardTargetOptions(.{});
    const optimize = b.standardOptimizeOption(.{});
    const lib = b.option(std.Build.LazyPath, "lib", "libzvm.so or libzvm.a") orelse b.path("../target/release/libzvm.so");
    const zvm = b.dependency("zvm", .{ .target = target, .optimize = optimize, .lib = lib }).module("zvm");

    for ([_][]const u8{ "bank", "counter" }) |name| {
        const program = b.addExecutable(.{
            .name = name,
            .root_module = b.createModule(.{
                .root_source_file = b.path(b.fmt("embed/{s}.zig", .{name})),
                .target = target,
                .optimize = optimize,
                .imports = &.{.{ .name = "zvm", .module = zvm }},
            }),
        });
        b.installArtifact(program);
    }
}
