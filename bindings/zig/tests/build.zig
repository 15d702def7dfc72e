//! The steps `test` and `smoke`. They belong to a checkout of zvm, whose contracts, vectors and examples they need.

const std = @import("std");
const Build = std.Build;

pub fn add(b: *Build, zvm: *Build.Module, include: Build.LazyPath) !void {
    const tests: Tests = .{ .b = b, .zvm = zvm };
    const all = b.step("test", "Runs the tests; build the library and the contracts first");
    all.dependOn(tests.run("tests", try tests.main(include)));
    all.dependOn(tests.run("scenarios", try tests.scenarios()));

    const smoke = b.step("smoke", "Runs the few tests that a library of another build must pass");
    const module = tests.module("tests/smoke.zig");
    module.addAnonymousImport("counter.wasm", .{ .root_source_file = tests.contract("counter") });
    smoke.dependOn(tests.run("smoke", module));
}

const Tests = struct {
    b: *Build,
    zvm: *Build.Module,

    fn run(self: Tests, name: []const u8, root: *Build.Module) *Build.Step {
        return &self.b.addRunArtifact(self.b.addTest(.{ .name = name, .root_module = root })).step;
    }

    fn module(self: Tests, root: []const u8) *Build.Module {
        return self.moduleOf(self.b.path(root));
    }

    fn moduleOf(self: Tests, root: Build.LazyPath) *Build.Module {
        return self.b.createModule(.{
            .root_source_file = root,
            .target = self.zvm.resolved_target,
            .optimize = self.zvm.optimize,
            .imports = &.{.{ .name = "zvm", .module = self.zvm }},
        });
    }

    /// The host in memory is that of the examples.
    fn books(self: Tests) *Build.Module {
        return self.module("../../examples-zig/embed/books.zig");
    }

    fn contract(self: Tests, name: []const u8) Build.LazyPath {
        return self.b.path(self.b.fmt("../../build/contracts/zig/{s}.wasm", .{name}));
    }

    fn main(self: Tests, include: Build.LazyPath) !*Build.Module {
        const b = self.b;
        const header = include.path(b, "zvm.h");
        const translated = b.addTranslateC(.{
            .root_source_file = header,
            .target = self.zvm.resolved_target.?,
            .optimize = self.zvm.optimize.?,
        });
        const root = self.module("tests/tests.zig");
        root.addImport("translated", translated.createModule());
        root.addImport("books", self.books());
        root.addImport("programs", try self.programs());
        root.addAnonymousImport("zvm.h", .{ .root_source_file = header });
        root.addAnonymousImport("probe.wasm", .{ .root_source_file = b.path("../../build/contracts/probe.wasm") });
        return root;
    }

    /// One test for each file of tests/vectors, by its name.
    fn scenarios(self: Tests) !*Build.Module {
        const b = self.b;
        var names: std.ArrayList([]const u8) = .empty;
        const folder = b.pathFromRoot("../../tests/vectors");
        if (std.Io.Dir.cwd().openDir(b.graph.io, folder, .{ .iterate = true })) |opened| {
            defer opened.close(b.graph.io);
            var entries = opened.iterate();
            while (try entries.next(b.graph.io)) |entry| {
                if (std.mem.endsWith(u8, entry.name, ".json")) try names.append(b.allocator, b.dupe(entry.name));
            }
        } else |_| {}
        std.mem.sort([]const u8, names.items, {}, lessThan);

        var text: std.Io.Writer.Allocating = .init(b.allocator);
        try text.writer.writeAll("const run = @import(\"scenario\").run;\n");
        for (names.items) |name| {
            const path = b.pathJoin(&.{ folder, name });
            const format = "test \"{s}\" {{\n    try run(\"{f}\");\n}}\n";
            try text.writer.print(format, .{ std.fs.path.stem(name), std.zig.fmtString(path) });
        }
        if (names.items.len == 0) try text.writer.writeAll("test \"vectors\" {\n    return error.NoVectors;\n}\n");
        const root = self.moduleOf(b.addWriteFiles().add("scenarios.zig", text.written()));
        const runner = self.module("tests/scenario.zig");
        runner.addImport("books", self.books());
        root.addImport("scenario", runner);
        return root;
    }

    /// Where the programs are that the tests run, and what they are given.
    fn programs(self: Tests) !*Build.Module {
        const b = self.b;
        const options = b.addOptions();
        for ([_][]const u8{ "counter", "token" }) |name| {
            options.addOptionPath(b.fmt("{s}_wasm", .{name}), self.contract(name));
        }
        for ([_][]const u8{ "bank", "counter" }) |name| {
            const source = b.path(b.fmt("../../examples-zig/embed/{s}.zig", .{name}));
            const program = b.addExecutable(.{ .name = name, .root_module = self.moduleOf(source) });
            options.addOptionPath(name, program.getEmittedBin());
        }
        const path = b.pathFromRoot("README.md");
        const readme = try std.Io.Dir.cwd().readFileAlloc(b.graph.io, path, b.allocator, .limited(1 << 20));
        const source = b.addWriteFiles().add("quick_start.zig", try fenced(readme, "```zig\n"));
        const module_of_it = self.moduleOf(source);
        module_of_it.addAnonymousImport("counter.wasm", .{ .root_source_file = self.contract("counter") });
        const quick_start = b.addExecutable(.{ .name = "quick_start", .root_module = module_of_it });
        options.addOptionPath("quick_start", quick_start.getEmittedBin());
        options.addOption([]const u8, "quick_start_output", try fenced(readme, "```text\n"));
        return options.createModule();
    }
};

/// The first block of a text behind a fence.
fn fenced(text: []const u8, fence: []const u8) ![]const u8 {
    const start = (std.mem.indexOf(u8, text, fence) orelse return error.NoBlock) + fence.len;
    const end = std.mem.indexOfPos(u8, text, start, "```") orelse return error.NoEndOfBlock;
    return text[start..end];
}

fn lessThan(_: void, a: []const u8, b: []const u8) bool {
    return std.mem.lessThan(u8, a, b);
}
