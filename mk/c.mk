# The tests in C. Each is a program that speaks the Test Anything Protocol; the same programs run under the sanitizers.

C_OUT := $(BUILD)/tests/c
C_TESTS := abi outputs callbacks replies frames tables handles empty environment interrupt trace null
C_CONTRACT := $(BUILD)/contracts/test/probe.wasm
C_VECTORS = $(wildcard tests/vectors/*.json)

C_FLAGS := -std=c11 -g -O1 -Wall -Wextra -Wno-missing-field-initializers -Werror -Iinclude -Itests/c
C_LINK = -L$(ZVM_DEBUG) -Wl,-rpath,$(ZVM_DEBUG) -lzvm -lpthread -lrt -lm
C_SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
C_MADE_OF = $(if $(filter null,$(1)),$(C_OUT)/null.c tests/c/null_main.c,tests/c/$(1).c) $(if $(filter wrong,$(1)),,tests/c/host.c)
C_LIBRARIES = $(if $(filter scenarios,$(1)),-lcjson)
# Whether the parser of the scenario files is there.
HAS_CJSON = echo '\#include <cjson/cJSON.h>' | $(CC) -E - >/dev/null 2>&1

.PHONY: cjson test-c-plain test-c-sanitized test-c-valgrind

cjson:
	@$(HAS_CJSON) || mk/fetch apt cJSON.h libcjson-dev

$(C_CONTRACT): tests/c/contracts/probe.c include/zvm_contract.h | zig
	@mkdir -p $(@D)
	@$(call with,$(firstword $(WASM_CC)),$(WASM_CC) $(WASM_CFLAGS) -o $@ $<)

$(C_OUT)/null.c: tests/c/null include/zvm.h
	@mkdir -p $(@D)
	@$(PYTHON) tests/c/null include/zvm.h >$@

# A test is made anew with every change of what it is made of; the library it finds when it runs.
C_SOURCES := $(wildcard tests/c/*.c tests/c/*.h) $(C_OUT)/null.c include/zvm.h

$(C_OUT)/%: $(C_SOURCES) | lib
	@mkdir -p $(@D)
	@$(CC) $(C_FLAGS) -o $@ $(call C_MADE_OF,$*) $(C_LINK) $(call C_LIBRARIES,$*)

$(C_OUT)/sanitized/%: $(C_SOURCES) | lib
	@mkdir -p $(@D)
	@$(CC) $(C_FLAGS) $(C_SANITIZE) -o $@ $(call C_MADE_OF,$*) $(C_LINK) $(call C_LIBRARIES,$*)

$(C_OUT)/bank $(C_OUT)/counter: $(C_OUT)/%: examples-c/embed/%.c examples-c/embed/example.h include/zvm.h | lib
	@mkdir -p $(@D)
	@$(CC) -std=c11 -g -Wall -Wextra -Werror -Iinclude -o $@ $< $(C_LINK)

test-c: test-c-plain test-c-sanitized test-c-valgrind

# $(call tap,SUITE,COMMAND): counts one command, and notes that it failed for the end of the recipe, which goes on.
tap = tests/tally run $(1) tap -- $(2) || status=1;

test-c-plain: $(C_TESTS:%=$(C_OUT)/%) $(C_CONTRACT) | clang cjson
	@status=0; $(foreach test,$(C_TESTS),$(call tap,c,$(C_OUT)/$(test))) \
	$(call tap,c,tests/c/header include $(ZVM_DEBUG)/libzvm.so $(CC) $(CXX) $(CLANG) $(CLANGXX)) \
	if $(HAS_CJSON); then $(MAKE) --no-print-directory $(C_OUT)/scenarios; $(call tap,c,$(C_OUT)/scenarios $(C_VECTORS)) \
	else tests/tally skip c "the scenario vectors in C: there is no libcjson-dev"; fi; exit $$status

# First that the sanitizers are there at all: a program that does wrong on purpose must be caught.
test-c-sanitized: $(C_TESTS:%=$(C_OUT)/sanitized/%) $(C_OUT)/sanitized/wrong $(C_CONTRACT)
	@status=0; $(call tap,c,tests/c/caught $(C_OUT)/sanitized/wrong) \
	$(foreach test,$(C_TESTS),$(call tap,c,$(C_OUT)/sanitized/$(test))) exit $$status

test-c-valgrind: $(C_OUT)/bank $(C_OUT)/counter $(C_OUT)/wrong contracts-c | valgrind
	@tests/tally run c tap --needs $(VALGRIND) -- tests/c/memcheck $(VALGRIND) $(C_OUT) $(CONTRACTS_OUT)/c

# A minute: all tests in C under memcheck.
.PHONY: deep-c
deep: deep-c
deep-c: $(C_OUT)/bank $(C_OUT)/counter $(C_OUT)/wrong $(C_TESTS:%=$(C_OUT)/%) $(C_CONTRACT) contracts-c | valgrind
	@$(call with,$(VALGRIND),tests/c/memcheck $(VALGRIND) $(C_OUT) $(CONTRACTS_OUT)/c $(C_TESTS))
