# Benchmarks write target/bench/<suite>.json: a list of objects with name, value, unit, and peer, peer_value, ratio
# (value / peer_value) where there is a peer, else null. What the rows mean: docs/performance.md.

BENCH := $(BUILD)/bench
BENCH_CFLAGS := -std=c11 -O2 -Wall -Wextra -Werror -D_POSIX_C_SOURCE=199309L -Iinclude
# The contracts of the benchmarks, and what is made of them on the way.
BENCH_FOLDER := $(BENCH)/contracts
BENCH_GUESTS := counter_cosmwasm json_token_cosmwasm json_token_zvm probe
# The peers are dependencies of a crate of its own, which takes minutes to build the first time.
BENCH_BUILD = cargo build --quiet --locked --release --manifest-path benches/wasm/Cargo.toml --target-dir $(BENCH)/target

.PHONY: bench-spine bench-wasm bench-prices bench-guests wasm32v1 lint-bench

bench: bench-spine bench-wasm bench-prices

$(BENCH)/%: benches/%.c include/zvm.h lib-release
	@mkdir -p $(@D)
	@$(CC) $(BENCH_CFLAGS) -o $@ $< $(DEMO_LINK)

bench-spine: $(BENCH)/spine contracts-c
	@mkdir -p target/bench
	@$(BENCH)/spine $(CONTRACTS_OUT)/c/counter.wasm target/bench/spine.json
	@cat target/bench/spine.json

# Without the instructions that came after WebAssembly 1.0, some of which the peer refuses.
wasm32v1:
	@mk/fetch rustup wasm32v1-none

bench-guests: contracts-c | wasm32 wasm32v1
	@mkdir -p $(BENCH_FOLDER)
	@cd benches/guests && export CARGO_TARGET_DIR=$(CURDIR)/$(BENCH)/guests && \
	    cargo build --quiet --locked --release --target wasm32-unknown-unknown -p kernels && \
	    cargo build --quiet --locked --profile contract --target wasm32v1-none --workspace --exclude kernels
	@cp $(BENCH)/guests/wasm32-unknown-unknown/release/kernels.wasm $(CONTRACTS_OUT)/c/counter.wasm \
	    $(BENCH_GUESTS:%=$(BENCH)/guests/wasm32v1-none/contract/%.wasm) $(BENCH_FOLDER)

BENCH_EMBEDDER := $(wildcard benches/wasm/embedder/*.c)

$(BENCH)/embedder: $(BENCH_EMBEDDER) benches/wasm/embedder/embedder.h include/zvm.h lib-release
	@mkdir -p $(@D)
	@$(CC) $(BENCH_CFLAGS) -o $@ $(BENCH_EMBEDDER) $(DEMO_LINK)

bench-wasm: $(BENCH)/embedder bench-guests
	@mkdir -p target/bench
	@$(BENCH_BUILD) --bin wasm
	@$(BENCH)/target/release/wasm $(BENCH)/embedder $(BENCH_FOLDER) target/bench/wasm.json

bench-prices:
	@mkdir -p target/bench
	@$(BENCH_BUILD) --bin prices
	@$(BENCH)/target/release/prices target/bench/prices.json

# The formatting alone: to lint the crate with the peers would build them.
lint: lint-bench
lint-bench:
	cargo fmt --manifest-path benches/wasm/Cargo.toml -- --check
	cd benches/guests && cargo fmt --all -- --check

# ZVM bytecode beside revm, in a crate of its own as well.
ZVM_BENCH = --manifest-path benches/zvm/Cargo.toml

.PHONY: bench-zvm
bench: bench-zvm
bench-zvm:
	@mkdir -p target/bench
	@cargo build --quiet --locked --release $(ZVM_BENCH) --target-dir $(BENCH)/target
	@$(BENCH)/target/release/zvm-bench-bytecode target/bench/zvm.json

lint-bench: lint-bench-zvm
.PHONY: lint-bench-zvm
lint-bench-zvm:
	cargo fmt $(ZVM_BENCH) -- --check
