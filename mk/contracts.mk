# The example contracts, two of them the same in three languages, one in Rust alone. One ABI file for each, contracts/abi/<name>.json, goes
# into the code as the custom section zvm.abi.

CONTRACTS := counter token
CONTRACTS_OUT := $(BUILD)/contracts
RUST_WASM := $(CONTRACTS_OUT)/target/wasm32-unknown-unknown/release

# 16 KiB of stack, below the data, so that an overflow is a trap and not a changed variable. Zig's linker puts it there
# by itself.
WASM_STACK := 16384
WASM_CC = $(if $(shell command -v $(ZIG)),$(ZIG) cc --target=wasm32-freestanding,\
	$(CLANG) --target=wasm32-unknown-unknown -Wl$(comma)--stack-first)
WASM_CFLAGS := -std=c11 -Os -Wall -Wextra -Werror -mcpu=mvp -mbulk-memory -ffreestanding -nostdlib \
	-Iinclude -Wa,-I,contracts/abi -Wl,--no-entry -Wl,--strip-all -Wl,-z,stack-size=$(WASM_STACK)
WASM_ZIGFLAGS := -target wasm32-freestanding -mcpu=mvp+bulk_memory+sign_ext -O ReleaseSmall -fstrip \
	-fno-entry -rdynamic --stack $(WASM_STACK)
comma := ,

.PHONY: contracts-c contracts-zig contracts-rust rust-wasm

contracts: contracts-c contracts-zig contracts-rust
contracts-c: $(CONTRACTS:%=$(CONTRACTS_OUT)/c/%.wasm)
contracts-zig: $(CONTRACTS:%=$(CONTRACTS_OUT)/zig/%.wasm)
contracts-rust: $(CONTRACTS:%=$(CONTRACTS_OUT)/rust/%.wasm) $(CONTRACTS_OUT)/rust/multisig.wasm

$(CONTRACTS_OUT)/c/%.wasm: examples-c/contract/%.c contracts/abi/%.json include/zvm_contract.h | zig
	@mkdir -p $(@D)
	@$(call with,$(firstword $(WASM_CC)),$(WASM_CC) $(WASM_CFLAGS) -o $@ $<)

$(CONTRACTS_OUT)/zig/%.wasm: examples-zig/contract/%.zig examples-zig/contract/zvm.zig contracts/abi/%.json | zig
	@mkdir -p $(@D)
	@$(call with,$(ZIG),$(ZIG) build-exe $(WASM_ZIGFLAGS) --dep abi -Mroot=$< -Mabi=contracts/abi/$*.json -femit-bin=$@)

# Cargo knows what is out of date; the copy keeps its time where nothing changed.
$(CONTRACTS_OUT)/rust/%.wasm: rust-wasm
	@mkdir -p $(@D)
	@test ! -e $(RUST_WASM)/$*.wasm || cmp -s $(RUST_WASM)/$*.wasm $@ || cp $(RUST_WASM)/$*.wasm $@

rust-wasm: | wasm32
	@$(call with,cargo,cd contracts && cargo build --quiet --locked --release)

# What of the contract library runs on this machine too; how the contracts behave is judged by the suite `rust`.
test-contracts:
	@tests/tally run contracts cargo -- \
	    sh -c 'cd contracts && cargo test --locked -p zvm-contract --target "$$(rustc --print host-tuple)"'
