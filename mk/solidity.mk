# Contracts in Solidity, compiled by the solc of npm's package to initcode, <name>.evm.

NPM := $(TOOLS)/solidity
SOLC = $(NPM)/node_modules/.bin/solcjs
SOLIDITY_OUT := $(CONTRACTS_OUT)/solidity
# $(call solidity,OUT,FILE...)
solidity = $(call with,$(SOLC),node contracts/solidity/compile.js $(NPM)/node_modules $(1) $(2))

.PHONY: npm contracts-solidity
contracts: contracts-solidity
contracts-solidity: $(SOLIDITY_OUT)/token.evm

npm:
	@mk/fetch npm contracts/solidity $(NPM)

$(SOLIDITY_OUT)/%.evm: contracts/solidity/%.sol contracts/solidity/compile.js contracts/solidity/package-lock.json | npm
	@$(call solidity,$(@D),$<)

# Where the token could not be compiled it was said so.
.PHONY: demo-erc20
demo: demo-erc20
demo-erc20: $(DEMO)/erc20 contracts-solidity | demo-python
	@echo "== C: an ERC-20 on Ethereum's rules"
	@test ! -e $(SOLIDITY_OUT)/token.evm || $(DEMO)/erc20 $(SOLIDITY_OUT)/token.evm
