# Miri: the C boundary and the journal in an interpreter that sees undefined behaviour, where no compiled contract runs.
# The first run builds the dependencies for it, which takes minutes; the tests then take less than one.

MIRI_TOOLCHAIN ?= nightly
# Files, clocks and random numbers are the machine's; wasmer and parking_lot turn integers into pointers.
MIRIFLAGS ?= -Zmiri-disable-isolation -Zmiri-permissive-provenance

.PHONY: miri
deep: miri

miri: ## the tests of the C boundary under Miri
	@cargo +$(MIRI_TOOLCHAIN) miri --version >/dev/null 2>&1 || rustup --quiet toolchain install $(MIRI_TOOLCHAIN) \
	    --profile minimal --component miri --component rust-src >/dev/null 2>&1 || true
	@if cargo +$(MIRI_TOOLCHAIN) miri --version >/dev/null 2>&1; then \
	    MIRIFLAGS="$(MIRIFLAGS)" cargo +$(MIRI_TOOLCHAIN) miri test --locked --test ffi plain; \
	else echo "zvm: missing Miri: rustup toolchain install $(MIRI_TOOLCHAIN) --component miri --component rust-src" >&2; fi
