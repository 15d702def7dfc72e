# The Zig binding and the examples in Zig.

ZIG_BUILD = $(ZIG) build --summary all --build-file bindings/zig/build.zig

# $(call zig-examples,LIBRARY,FOLDER): builds the programs of examples-zig/embed, with a library, to FOLDER/bin.
zig-examples = $(ZIG) build --build-file examples-zig/build.zig -Dlib=$(1) --prefix $(CURDIR)/$(2)

.PHONY: test-zig-binding test-zig-project test-zig-static

test-zig: test-zig-binding test-zig-project test-zig-static

test-zig-binding: lib contracts-zig $(PROBE) | zig
	@tests/tally run zig zig --needs $(ZIG) -- $(ZIG_BUILD) test -Dlib=$(ZVM_DEBUG)/libzvm.so

# A project of one's own, of which the binding is a dependency.
test-zig-project: lib contracts-zig | zig
	@tests/tally run zig tap --needs $(ZIG) -- sh -c '$(call zig-examples,$(ZVM_DEBUG)/libzvm.so,$(BUILD)/zig-project) && \
	    $(BUILD)/zig-project/bin/counter $(CONTRACTS_OUT)/zig/counter.wasm && \
	    echo "ok a project that depends on the binding builds and runs"'

# The archive, linked for a stated target instead of this very machine; Zig brings the unwinder.
test-zig-static: lib contracts-zig | zig
ifeq ($(shell uname -sm),Linux x86_64)
	@tests/tally run zig zig --needs $(ZIG) -- $(ZIG_BUILD) smoke -Dlib=$(ZVM_DEBUG)/libzvm.a -Dtarget=x86_64-linux-gnu
else
	@tests/tally skip zig "the archive is linked for x86_64-linux-gnu, which this machine is not"
endif
