package zvm

// #include "shim.h"
import "C"

import "unsafe"

// Code is checked and compiled code. While it is open, its runtime keeps it ready.
type Code struct{ ptr *C.zvm_code }

// CodeParams are code to be loaded.
type CodeParams struct {
	Code []byte
	// Engine 0 lets the first bytes decide.
	Engine Engine
	// ExpectedHash, where there is one, must be the code's keccak256.
	ExpectedHash *Word
	// Interrupt, where it is fired before the work begins, lets nothing be done.
	Interrupt *Interrupt
}

// LoadCode checks and compiles code.
func (r *Runtime) LoadCode(params CodeParams) (*Code, error) {
	raw := C.zvm_code_params{engine: C.uint32_t(params.Engine)}
	if params.ExpectedHash != nil {
		raw.flags, raw.expected_hash = C.ZVM_CODE_EXPECT_HASH, *params.ExpectedHash.c()
	}
	made := &Code{}
	var err *C.zvm_error
	status := C.zvmgo_code_load(r.ptr, &raw, first(params.Code), C.size_t(len(params.Code)), params.Interrupt.c(), &made.ptr, &err)
	if status != C.ZVM_OK {
		return nil, failure(status, err, nil)
	}
	return made, nil
}

// DeserializeCode takes back what [Code.Serialize] gave in a runtime of the same build, configuration and artefact key.
func (r *Runtime) DeserializeCode(artefact []byte) (*Code, error) {
	made := &Code{}
	var err *C.zvm_error
	status := C.zvmgo_code_deserialize(r.ptr, first(artefact), C.size_t(len(artefact)), &made.ptr, &err)
	if status != C.ZVM_OK {
		return nil, failure(status, err, nil)
	}
	return made, nil
}

// Close frees the code. Once more is harmless.
func (c *Code) Close() {
	C.zvm_code_free(c.ptr)
	c.ptr = nil
}

// CodeInfo is what can be said of code.
type CodeInfo struct {
	Engine Engine
	// Hash is keccak256 of the code.
	Hash Word
	Code []byte
	// CompiledBytes is what the compiled form takes, about.
	CompiledBytes uint64
	// InitialPages of 64 KiB it begins with, MaxPages it may grow to.
	InitialPages, MaxPages uint32
	// Entries are what a call may name, Imports the host functions it uses.
	Entries, Imports []string
	// ABI is the metadata it carries, nil where it has none.
	ABI []byte
}

// Info says what can be said of the code.
func (c *Code) Info() (*CodeInfo, error) {
	var seen C.zvm_code_view
	seen.struct_size = C.uint32_t(unsafe.Sizeof(seen))
	var err *C.zvm_error
	if status := C.zvm_code_info(c.ptr, &seen, &err); status != C.ZVM_OK {
		return nil, failure(status, err, nil)
	}
	return &CodeInfo{
		Engine:        Engine(seen.engine),
		Hash:          *(*Word)(unsafe.Pointer(&seen.hash)),
		Code:          cloned(seen.code),
		CompiledBytes: uint64(seen.compiled_bytes),
		InitialPages:  uint32(seen.initial_pages),
		MaxPages:      uint32(seen.max_pages),
		Entries:       names(list(seen.entries, uint64(seen.entry_count))),
		Imports:       names(list(seen.imports, uint64(seen.import_count))),
		ABI:           cloned(seen.abi),
	}, nil
}

func names(seen []C.zvm_bytes) []string {
	made := make([]string, len(seen))
	for at, name := range seen {
		made[at] = string(view(name))
	}
	return made
}

// Serialize gives the compiled form. It is machine code under a keyed checksum: set an artefact key, and keep the bytes
// where nobody else can write.
func (c *Code) Serialize() ([]byte, error) {
	var out C.zvm_bytes
	var err *C.zvm_error
	status := C.zvm_code_serialize(c.ptr, &out, &err)
	return cloned(out), failure(status, err, nil)
}
