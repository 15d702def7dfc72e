# The tally counts its own tests too.
test-tally:
	@tests/tally run tally python -- $(PYTHON) tests/tally_test.py
