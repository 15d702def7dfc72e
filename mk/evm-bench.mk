# EVM code beside revm as a whole, in a crate of its own.

EVM_BENCH := --manifest-path benches/evm/Cargo.toml
EVM_BENCH_CONTRACTS := $(BENCH)/evm-contracts
EVM_BENCH_SOURCES := contracts/solidity/token.sol $(wildcard benches/evm/contracts/*.sol)
# Snailtracer's source is under the GPL; its bytecode lies among the sources of a crate that nobody builds.
REVME := $(TOOLS)/revme

.PHONY: bench-evm bench-evm-contracts lint-bench-evm
bench: bench-evm

$(BENCH)/evm-embedder: benches/evm/embedder.c include/zvm.h lib-release
	@mkdir -p $(@D)
	@$(CC) $(BENCH_CFLAGS) -o $@ $< $(DEMO_LINK)

bench-evm-contracts: | npm
	@mkdir -p $(EVM_BENCH_CONTRACTS)
	@$(call solidity,$(EVM_BENCH_CONTRACTS),$(EVM_BENCH_SOURCES))
	@mk/fetch crate revme 43.0.3 $(REVME)
	@cp $(REVME)/src/cmd/bench/snailtracer.hex $(EVM_BENCH_CONTRACTS)

bench-evm: $(BENCH)/evm-embedder bench-evm-contracts
	@mkdir -p target/bench
	@cargo build --quiet --locked --release $(EVM_BENCH) --target-dir $(BENCH)/target
	@$(BENCH)/target/release/zvm-bench-evm $(BENCH)/evm-embedder $(EVM_BENCH_CONTRACTS) target/bench/evm.json

lint-bench: lint-bench-evm
lint-bench-evm:
	cargo fmt $(EVM_BENCH) -- --check
