# Ethereum's state tests, and generated transactions beside revm.
#
# `make test-ethereum` runs every state test of ZVM_VECTORS, or those in the folder or file ZVM_STATE_TESTS, and
# prints "N passed, M failed". `make fuzz-evm N=100000 SEED=1` runs so many generated transactions through the library and
# through revm as a whole.

.PHONY: test-ethereum fuzz-evm
deep: fuzz-evm

test-ethereum: ## runs Ethereum's state tests; ZVM_STATE_TESTS is another folder of them
	@cargo test --quiet --locked $(TESTED) --test ethereum -- --ignored --exact state_tests::all_state_tests_pass --nocapture

SEED ?= 1

fuzz-evm: EVM_N = $(if $(filter command line,$(origin N)),$(N),100000)
fuzz-evm: ## runs N generated Ethereum transactions on this library and on revm; SEED is the first seed
	@ZVM_N=$(EVM_N) ZVM_SEED=$(SEED) cargo test --quiet --locked $(TESTED) --test ethereum -- \
	    --ignored --exact differential::many_generated_transactions_are_what_revm_makes_of_them --nocapture
