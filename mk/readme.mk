# The programs of the README, out of the page itself. The Rust one is a documentation test of the suite `rust`.

.PHONY: test-readme
test-readme: lib contracts | zig go
	@tests/tally run readme python -- env ZIG=$(ZIG) GO=$(GO) $(PYTHON) tests/readme_test.py
