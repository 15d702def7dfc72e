# The tests of the C++ wrapper, in the oldest dialect it promises and a late one, and under the sanitizers.

CPP_OUT := $(BUILD)/tests/cpp
CPP_FLAGS := -g -O1 -Wall -Wextra -Wshadow -Wconversion -Wnon-virtual-dtor -pedantic -Werror \
	-Iinclude -Ibindings/cpp -Itests/c
CPP_SOURCES := $(wildcard bindings/cpp/*.hpp bindings/cpp/zvm/*.hpp bindings/cpp/tests/*) tests/c/tap.h include/zvm.h
CPP_TESTS := $(CPP_OUT)/c++11 $(CPP_OUT)/c++20 $(CPP_OUT)/sanitized
CPP_THROWING := $(CPP_OUT)/throwing-O0 $(CPP_OUT)/throwing-O2

$(CPP_OUT)/c++%: $(CPP_SOURCES) | lib
	@mkdir -p $(@D)
	@$(CXX) -std=c++$* $(CPP_FLAGS) -o $@ bindings/cpp/tests/tests.cpp $(C_LINK)

$(CPP_OUT)/sanitized: $(CPP_SOURCES) | lib
	@mkdir -p $(@D)
	@$(CXX) -std=c++17 $(CPP_FLAGS) $(C_SANITIZE) -o $@ bindings/cpp/tests/tests.cpp $(C_LINK)

$(CPP_OUT)/clang: $(CPP_SOURCES) | lib clang
	@mkdir -p $(@D)
	@$(call with,$(CLANGXX),$(CLANGXX) -std=c++17 $(CPP_FLAGS) -o $@ bindings/cpp/tests/tests.cpp $(C_LINK))

$(CPP_OUT)/throwing-O%: bindings/cpp/tests/throwing.cpp include/zvm.h | lib
	@mkdir -p $(@D)
	@$(CXX) -std=c++11 -O$* -Wall -Wextra -Werror -Iinclude -o $@ $< $(C_LINK)

test-cpp: $(CPP_TESTS) $(CPP_OUT)/clang $(CPP_THROWING) $(C_CONTRACT) contracts-c
	@status=0; $(foreach test,$(CPP_TESTS),$(call tap,cpp,$(test))) \
	tests/tally run cpp tap --needs $(CLANGXX) -- $(CPP_OUT)/clang || status=1; \
	$(call tap,cpp,bindings/cpp/tests/aborts $(CPP_THROWING)) exit $$status
