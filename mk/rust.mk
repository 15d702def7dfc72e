# The library, and its tests in Rust.

# One build for the tests in every language: unoptimised enough to check overflows, fast enough to compile contracts.
# With the tests' own targets, because Cargo would build the dependencies once more without them.
ZVM_DEBUG := $(CURDIR)/target/debug
ZVM_RELEASE := $(CURDIR)/target/release

# What is off by default is tested too; the release build, which demo, bench and install use, is without.
TESTED := --features signing,dilithium-round3
# The suite crypto is one of its own, with vectors to fetch.
RUST_TESTS := $(filter-out crypto,$(patsubst tests/%/main.rs,%,$(wildcard tests/*/main.rs)))

.PHONY: lib lib-release test-rust

# Programs look for the library by its soname.
lib:
	@cargo build --locked $(TESTED) --lib --tests && ln -sf libzvm.so $(ZVM_DEBUG)/libzvm.so.0
lib-release:
	@cargo build --locked --release && ln -sf libzvm.so $(ZVM_RELEASE)/libzvm.so.0

test-rust: contracts
	@status=0; for tests in "--lib $(RUST_TESTS:%=--test %)" --doc; do \
	    tests/tally run rust cargo -- cargo test --locked $(TESTED) --no-fail-fast $$tests || status=1; done; exit $$status

header:
	ZVM_BLESS=1 cargo test --quiet --locked $(TESTED) --test generated

# What must be tidy besides: a warning is an error.
.PHONY: lint test-lint
lint: ## formatting and clippy, for Rust everywhere
	cargo fmt --all -- --check
	cargo clippy --quiet --locked $(TESTED) --all-targets -- -D warnings
	cd contracts && cargo fmt --all -- --check

test-lint:
	@tests/tally run lint tap -- sh -c \
	    'if $(MAKE) --no-print-directory lint; then echo "ok formatted, and without warnings"; \
	    else echo "not ok formatted, and without warnings"; fi'
