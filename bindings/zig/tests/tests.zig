//! The tests of the binding, but for the scenarios, of which build.zig makes one test each.

test {
    _ = @import("crypto.zig");
    _ = @import("header.zig");
    _ = @import("host.zig");
    _ = @import("failure.zig");
    _ = @import("lifetime.zig");
    _ = @import("query.zig");
    _ = @import("runtime.zig");
    _ = @import("store.zig");
    _ = @import("programs.zig");
}
