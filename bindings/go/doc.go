// Package zvm is the zvm smart-contract runtime.
//
// A program brings its own ledger as a [Host], or takes the embedded [Store]. It opens a [Session] of a [Runtime] over
// it, makes calls, and commits. What a contract did, its failures included, is in the [Result]; an [Error] says that the
// machine or the host failed, and nothing of it may be committed.
//
// Everything that is opened is to be closed: nothing waits for a finalizer, because a host and its session often
// refer to each other through C, where the collector does not see it.
//
// The library is linked as -lzvm; its folder goes into CGO_LDFLAGS.
package zvm

/*
#cgo CFLAGS: -std=c11 -I${SRCDIR}/../../include -Werror=incompatible-pointer-types
#cgo LDFLAGS: -lzvm
#include "shim.h"
*/
import "C"
import "unsafe"

// Version says what this library is: version and engines.
func Version() string {
	return C.GoString(C.zvm_version_string())
}

// FeatureVersion is the version of a feature, 0 where this library does not have it.
func FeatureVersion(feature Feature) uint32 {
	return uint32(C.zvm_feature(C.uint32_t(feature)))
}

// RunSelftest tests a part of this very build. [SelftestPanic] panics on purpose: [StatusPanic] is its success.
func RunSelftest(what Selftest) error {
	var err *C.zvm_error
	return failure(C.zvm_selftest(C.uint32_t(what), &err), err, nil)
}

// CreateAddress is where a contract lives that the sender creates with this nonce.
func CreateAddress(sender Address, nonce uint64) (Address, error) {
	var out Address
	var err *C.zvm_error
	status := C.zvm_address_create(sender.c(), C.uint64_t(nonce), out.c(), &err)
	return out, failure(status, err, nil)
}

// Create2Address is where a contract lives that the sender creates with this salt. The hash is keccak256 of the
// initcode; of code followed by input for WASM and ZVM.
func Create2Address(sender Address, salt, initcodeHash Word) (Address, error) {
	var out Address
	var err *C.zvm_error
	status := C.zvm_address_create2(sender.c(), salt.c(), initcodeHash.c(), out.c(), &err)
	return out, failure(status, err, nil)
}

func (a *Address) c() *C.zvm_address {
	return (*C.zvm_address)(unsafe.Pointer(a))
}

func (w *Word) c() *C.zvm_word {
	return (*C.zvm_word)(unsafe.Pointer(w))
}
