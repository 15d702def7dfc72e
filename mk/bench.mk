# Benchmarks write target/bench/<suite>.json: a list of objects with name, value, unit, and peer, peer_value, ratio
# (value / peer_value) where there is a peer, else null.

.PHONY: bench-spine

bench: bench-spine

$(BUILD)/bench/%: benches/%.c include/zvm.h lib-release
	@mkdir -p $(@D)
	@$(CC) -std=c11 -O2 -Wall -Wextra -Werror -D_POSIX_C_SOURCE=199309L -Iinclude -o $@ $< $(DEMO_LINK)

bench-spine: $(BUILD)/bench/spine contracts-c
	@mkdir -p target/bench
	@$(BUILD)/bench/spine $(CONTRACTS_OUT)/c/counter.wasm target/bench/spine.json
	@cat target/bench/spine.json
