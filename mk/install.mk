# The library where other programs find it: `make install PREFIX=/usr/local DESTDIR=`.

ZVM_VERSION := $(shell sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
ZVM_SOVERSION := $(firstword $(subst ., ,$(ZVM_VERSION)))
# What a program that links libzvm.a needs besides: what rustc says, held to it by check-native-static-libs.
ZVM_STATIC_LIBS := $(shell cat mk/install/native-static-libs)

INSTALL ?= install
STRIP ?= strip
CMAKE ?= cmake
# Where the built library is taken from, and the root of the tree it goes to.
INSTALL_FROM ?= $(ZVM_RELEASE)
INSTALL_TREE = $(DESTDIR)$(PREFIX)
# $(call fill_in,TEMPLATE,FILE,LIBS)
fill_in = sed 's/@VERSION@/$(ZVM_VERSION)/g; s/@SOVERSION@/$(ZVM_SOVERSION)/g; s/@LIBS@/$(3)/g' mk/install/$(1) >$(2)
space := $(subst ,, )

.PHONY: install-files test-install cmake check-native-static-libs

install: lib-release
	@$(MAKE) --no-print-directory install-files

# Without debug information, which is five sixths of it; what unwinding needs stays.
install-files:
	@$(INSTALL) -d $(INSTALL_TREE)/lib/pkgconfig $(INSTALL_TREE)/lib/cmake/zvm $(INSTALL_TREE)/include/zvm
	@$(INSTALL) -m 755 $(INSTALL_FROM)/libzvm.so $(INSTALL_TREE)/lib/libzvm.so.$(ZVM_VERSION)
	@$(INSTALL) -m 644 $(INSTALL_FROM)/libzvm.a $(INSTALL_TREE)/lib/libzvm.a
	@$(STRIP) --strip-debug $(INSTALL_TREE)/lib/libzvm.so.$(ZVM_VERSION) $(INSTALL_TREE)/lib/libzvm.a
	@ln -sf libzvm.so.$(ZVM_VERSION) $(INSTALL_TREE)/lib/libzvm.so.$(ZVM_SOVERSION)
	@ln -sf libzvm.so.$(ZVM_SOVERSION) $(INSTALL_TREE)/lib/libzvm.so
	@$(INSTALL) -m 644 include/zvm.h include/zvm_contract.h bindings/cpp/zvm.hpp $(INSTALL_TREE)/include
	@$(INSTALL) -m 644 bindings/cpp/zvm/*.hpp $(INSTALL_TREE)/include/zvm
	@$(call fill_in,zvm.pc.in,$(INSTALL_TREE)/lib/pkgconfig/zvm.pc,$(ZVM_STATIC_LIBS))
	@$(call fill_in,zvm-config.cmake.in,$(INSTALL_TREE)/lib/cmake/zvm/zvm-config.cmake,$(subst $(space),;,$(ZVM_STATIC_LIBS:-l%=%)))
	@$(call fill_in,zvm-config-version.cmake.in,$(INSTALL_TREE)/lib/cmake/zvm/zvm-config-version.cmake,)

cmake:
	@mk/fetch apt $(CMAKE) cmake

# Programs outside of this tree, built against an installed one, shared and static.
INSTALL_TEST := $(CURDIR)/$(BUILD)/tests/install
test-c: test-install
test-install: lib contracts-c | cmake
	@rm -rf $(INSTALL_TEST)
	@$(MAKE) --no-print-directory install-files INSTALL_FROM=$(ZVM_DEBUG) DESTDIR=$(INSTALL_TEST) PREFIX=/opt/zvm
	@tests/tally run c tap -- tests/c/installed $(INSTALL_TEST) /opt/zvm $(CURDIR)/$(CONTRACTS_OUT)/c/token.wasm \
	    $(CC) $(CXX) $(CMAKE)

# Compiles the library anew, so it is one of the long tests.
deep: check-native-static-libs
check-native-static-libs:
	@cargo rustc --quiet --locked --lib --crate-type staticlib -- --print native-static-libs 2>&1 | \
	    sed -n 's/^note: native-static-libs: //p' | diff mk/install/native-static-libs -
