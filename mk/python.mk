# The Python binding's tests, on the build that checks overflows.

test-python: contracts $(PROBE) lib
	@ZVM_LIBRARY=$(ZVM_DEBUG)/libzvm.so PYTHONPATH=bindings/python PYTHONDONTWRITEBYTECODE=1 \
	    tests/tally run python python --needs $(firstword $(WASM_CC)) -- \
	    $(PYTHON) -m unittest discover --start-directory bindings/python/tests
