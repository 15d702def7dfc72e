# What the README's first command shows, end to end, on the optimised build.

DEMO := $(BUILD)/demo
DEMO_CFLAGS = -std=c11 -O2 -Wall -Wextra -Werror -Iinclude
DEMO_LINK = -L$(ZVM_RELEASE) -lzvm -Wl,-rpath,$(ZVM_RELEASE)

.PHONY: demo-c demo-zig demo-go demo-python

demo: demo-c demo-zig demo-go demo-python
	@echo "demo: ok"

$(DEMO)/%: examples-c/embed/%.c include/zvm.h lib-release
	@mkdir -p $(@D)
	@$(CC) $(DEMO_CFLAGS) -o $@ $< $(DEMO_LINK)

demo-c: $(DEMO)/bank $(DEMO)/counter contracts-c
	@echo "== C: a token on the program's own storage and ledger"
	@$(DEMO)/bank $(CONTRACTS_OUT)/c/token.wasm
	@rm -f $(DEMO)/counter.zvm
	@echo "== C: a counter in the embedded ledger, first run"
	@$(DEMO)/counter $(DEMO)/counter.zvm $(CONTRACTS_OUT)/c/counter.wasm
	@echo "== C: a counter in the embedded ledger, second run"
	@$(DEMO)/counter $(DEMO)/counter.zvm $(CONTRACTS_OUT)/c/counter.wasm

demo-zig: contracts-c lib-release | zig demo-c
	@echo "== Zig: a counter on storage of its own"
	@$(call with,$(ZIG),$(call zig-examples,$(ZVM_RELEASE)/libzvm.so,$(DEMO)/zig) && \
	    $(DEMO)/zig/bin/counter $(CONTRACTS_OUT)/c/counter.wasm)

demo-go: contracts-c lib-release | go demo-zig
	@echo "== Go: a counter on storage of its own"
	@$(call with,$(GO),cd bindings/go && CGO_LDFLAGS="$(DEMO_LINK)" $(GO) run ./examples/counter \
	    $(CURDIR)/$(CONTRACTS_OUT)/c/counter.wasm)

demo-python: contracts-c lib-release | demo-go
	@echo "== Python: a counter on storage of its own"
	@ZVM_LIBRARY=$(ZVM_RELEASE)/libzvm.so PYTHONPATH=bindings/python \
	    $(PYTHON) bindings/python/examples/counter.py $(CONTRACTS_OUT)/c/counter.wasm
