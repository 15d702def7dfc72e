# zvm: what a checkout is built, shown and tested with. `make help` lists the targets.
#
# Every file in mk/ adds to this one: tools.mk fetches what a machine may lack, the others hold the rules.

PREFIX ?= /usr/local

# The test suites in the order of the report. Each has a target test-<suite> that runs through tests/tally.
SUITES := lint rust crypto c cpp go python zig contracts readme tally

.DEFAULT_GOAL := help
.PHONY: help demo test contracts header bench deep install clean $(SUITES:%=test-%)

include mk/tools.mk
include $(filter-out mk/tools.mk,$(sort $(wildcard mk/*.mk)))

help: ## lists the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

demo: ## builds the library and runs the examples from end to end

test: contracts ## runs every test in every language; ends with "N passed, M failed"
	@tests/tally begin
	-@$(MAKE) --keep-going --no-print-directory $(SUITES:%=test-%)
	@tests/tally report $(SUITES)

contracts: ## compiles the example contracts to build/contracts/<language>/<name>.wasm

header: ## writes include/ anew from the sources

bench: ## measures, and writes target/bench/*.json

deep: ## the long tests: Miri, all C tests under valgrind, the fuzzer, a build for this CPU, the static library's link line

install: ## the library and its headers, to PREFIX

clean: ## removes what was built; the fetched tools stay
	rm -rf target $(filter-out $(TOOLS),$(wildcard $(BUILD)/*))
