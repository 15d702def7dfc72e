# What the tests of the bindings share: a contract whose entries each reach the host in one way.

PROBE := $(BUILD)/contracts/probe.wasm

$(PROBE): bindings/testdata/probe.c include/zvm_contract.h | zig
	@mkdir -p $(@D)
	@$(call with,$(firstword $(WASM_CC)),$(WASM_CC) $(WASM_CFLAGS) -o $@ $<)
