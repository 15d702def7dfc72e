//! The raw layer: include/zvm.h as it is.

pub const c = @cImport(@cInclude("zvm.h"));
