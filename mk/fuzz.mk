# Differential fuzzing of metered WASM: the same bytes on Singlepass, Cranelift and wasmi.
#
# `make fuzz-wasm N=100000` runs so many generated modules, the seeds FROM and up, and ends with the count of
# disagreements. A module that the machines disagree on stays in target/tmp.

N ?= 20000
FROM ?= 0

.PHONY: fuzz-wasm
deep: fuzz-wasm

fuzz-wasm: ## runs N generated WASM modules on three machines; FROM is the first seed
	@ZVM_FUZZ_MODULES=$(N) ZVM_FUZZ_FIRST=$(FROM) \
	    cargo test --quiet --locked --test wasm -- --ignored --exact differential::fuzz --nocapture

# The corpus of tests/wasm/sameness.rs on a build for this very processor, against the ordinary one. Compiles
# everything once more.
CORPUS_DIGEST = ZVM_WASM_TEST_TASK='corpus 1' cargo test --quiet --locked --test wasm -- \
    --exact process::child --nocapture | sed -n 's/.*child: //p'

.PHONY: native-cpu
deep: native-cpu

native-cpu:
	@ordinary=$$($(CORPUS_DIGEST)); \
	native=$$(RUSTFLAGS="-C target-cpu=native" CARGO_TARGET_DIR=target/native $(CORPUS_DIGEST)); \
	test -n "$$ordinary" && test "$$ordinary" = "$$native" || \
	    { echo "zvm: on a build for this processor the corpus differs: $$ordinary, $$native" >&2; exit 1; }

# ZVM bytecode: N worlds of generated programs on the engine and on the reference of the tests, then a million
# random byte strings.
.PHONY: fuzz-zvm
deep: fuzz-zvm

fuzz-zvm: ## runs N worlds of generated ZVM programs on two machines; FROM is the first seed
	@ZVM_FUZZ_PROGRAMS=$(N) ZVM_FUZZ_FIRST=$(FROM) \
	    cargo test --quiet --locked --test zvm -- --ignored --nocapture
