# The scenario vectors, which every language plays. Their format is in tests/vectors/README.md.
.PHONY: vectors

vectors: ## writes tests/vectors/*.json anew from tests/scenarios/
	ZVM_BLESS=1 cargo test $(TESTED) --test scenarios
