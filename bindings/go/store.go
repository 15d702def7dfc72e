package zvm

// #include "shim.h"
import "C"

import "unsafe"

// Store is the embedded ledger. Sessions over it keep it open.
type Store struct{ ptr *C.zvm_store }

// OpenStore opens the ledger in a file, made if it is not there. One process at a time.
func OpenStore(path string) (*Store, error) {
	made := &Store{}
	var err *C.zvm_error
	status := C.zvmgo_store_open(firstOf(path), C.size_t(len(path)), &made.ptr, &err)
	if status != C.ZVM_OK {
		return nil, failure(status, err, nil)
	}
	return made, nil
}

// NewStore makes a ledger in memory; it ends with the last session over it.
func NewStore() (*Store, error) {
	made := &Store{}
	var err *C.zvm_error
	if status := C.zvm_store_memory(&made.ptr, &err); status != C.ZVM_OK {
		return nil, failure(status, err, nil)
	}
	return made, nil
}

// Close frees the store. Once more is harmless.
func (s *Store) Close() {
	C.zvm_store_free(s.ptr)
	s.ptr = nil
}

// Apply applies changes of the program's own, such as first balances, as one durable commit.
func (s *Store) Apply(changes []Change) error {
	raw := make([]C.zvmgo_change, len(changes))
	var data []byte
	for at := range changes {
		change := &changes[at]
		raw[at] = C.zvmgo_change{
			kind:      C.uint32_t(change.Kind),
			flags:     C.uint32_t(change.Flags),
			account:   *change.Account.c(),
			key_len:   C.size_t(len(change.Key)),
			value_len: C.size_t(len(change.Value)),
		}
		data = append(append(data, change.Key...), change.Value...)
	}
	var err *C.zvm_error
	status := C.zvmgo_store_apply(s.ptr, unsafe.SliceData(raw), C.size_t(len(raw)), first(data), &err)
	return failure(status, err, nil)
}

func (s *Store) c() *C.zvm_store {
	if s == nil {
		return nil
	}
	return s.ptr
}
