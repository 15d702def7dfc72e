# Ethereum's state tests, and generated transactions beside revm.
#
# `make test-eels` runs a sample of the generated transactions on Ethereum's specification, EELS, and derives from it what the
# ERC-20 of contracts/solidity does and costs. With ZVM_BLESS=1 it writes that down in tests/ethereum/vectors.
# `make test-ethereum` runs every state test of ZVM_VECTORS, or those in the folder or file ZVM_STATE_TESTS, and
# prints "N passed, M failed". `make fuzz-evm N=100000 SEED=1` runs so many generated transactions through the library and
# through revm as a whole.

.PHONY: test-ethereum test-eels eels fuzz-evm
deep: fuzz-evm test-eels

test-ethereum: ## runs Ethereum's state tests; ZVM_STATE_TESTS is another folder of them
	@cargo test --quiet --locked $(TESTED) --test ethereum -- --ignored --exact state_tests::all_state_tests_pass --nocapture

SEED ?= 1

fuzz-evm: EVM_N = $(if $(filter command line,$(origin N)),$(N),100000)
fuzz-evm: ## runs N generated Ethereum transactions on this library and on revm; SEED is the first seed
	@ZVM_N=$(EVM_N) ZVM_SEED=$(SEED) cargo test --quiet --locked $(TESTED) --test ethereum -- \
	    --ignored --exact differential::many_generated_transactions_are_what_revm_makes_of_them --nocapture

EELS := $(TOOLS)/eels
EELS_PYTHON := $(EELS)/bin/python
EELS_SCENES := target/tmp/scenes.jsonl

eels:
	@PYTHON=$(PYTHON) mk/fetch venv tests/ethereum/eels/requirements.txt $(EELS)

test-eels: EELS_N = $(if $(filter command line,$(origin N)),$(N),4000)
test-eels: contracts-solidity | eels ## runs N generated transactions, and an ERC-20, on Ethereum's specification
	@mkdir -p $(dir $(EELS_SCENES))
	@ZVM_SCENES=$(EELS_SCENES) ZVM_N=$(EELS_N) ZVM_SEED=$(SEED) cargo test --quiet --locked $(TESTED) --test ethereum -- \
	    --ignored --exact differential::generated_transactions_are_written_down >/dev/null
	@$(call with,$(EELS_PYTHON),$(EELS_PYTHON) tests/ethereum/eels/scenes.py $(EELS_SCENES))
	@$(call with,$(EELS_PYTHON),$(EELS_PYTHON) tests/ethereum/eels/erc20.py $(SOLIDITY_OUT)/token.evm \
	    tests/ethereum/vectors/erc20.json $(if $(ZVM_BLESS),--bless))
