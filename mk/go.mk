# The Go binding's tests, on the build that checks overflows: plain, under the race detector, and with the checks of
# every pointer that goes to C or is stored.

GO_LINK := -L$(CURDIR)/target/debug -Wl,-rpath,$(CURDIR)/target/debug
GO_TEST = cd bindings/go && export CGO_LDFLAGS="$(GO_LINK)" PATH="$(dir $(GO)):$$PATH"

test-go: contracts $(PROBE) lib | go
	@tests/tally run go go --needs $(GO) --needs $(firstword $(WASM_CC)) -- sh -c '$(GO_TEST) && \
	    test -z "$$(gofmt -d . | tee /dev/stderr)" && $(GO) vet ./... && $(GO) test -count=1 -v ./... && \
	    $(GO) test -count=1 -short -race -v -run "N08|N09|Goroutine|Query|Host" . && \
	    GOEXPERIMENT=cgocheck2 $(GO) test -count=1 -short -v -run "Scenarios|N07|N08|Stores|Code" .'
