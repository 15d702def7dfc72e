package zvm

// #include "shim.h"
import "C"

import (
	"sort"
	"unsafe"
)

// Config is what a runtime is made of. Zero in a field is its default. Options, DenyFloats, AllowKEM,
// EVMHostFunctions, Admission and LeastScore are protocol parameters: equal on every node.
type Config struct {
	// Options are parameters by name: limit.NAME for a limit, gas.NAME for a price.
	Options map[string]uint64
	// DenyFloats refuses code that uses floats at all.
	DenyFloats bool
	// AllowKEM offers ML-KEM to contracts.
	AllowKEM bool
	// EVMHostFunctions offers pure host functions to EVM code, as precompiled contracts.
	EVMHostFunctions bool
	Admission        Admission
	// LeastScore is the least a required admission accepts.
	LeastScore uint32
	// CacheBytes of compiled code are kept ready, about.
	CacheBytes uint64
	// ArtefactKey seals serialised code. Each machine has its own.
	ArtefactKey Word
	Compiler    Compiler
	// CompileThreads may compile in the background, at most 8; CompilerTiered needs one.
	CompileThreads uint32
	// HotRuns is how many runs make tiered code compile again; 0 is 500.
	HotRuns uint32
	Signals Signals
	// Revision of Ethereum's rules for EVM code. A protocol parameter.
	Revision Revision
}

// Runtime is engines, rules and compiled code, shared by any number of sessions on any goroutines.
type Runtime struct{ ptr *C.zvm_runtime }

// NewRuntime makes a runtime.
func NewRuntime(config Config) (*Runtime, error) {
	raw := C.zvm_config{
		admission:    C.uint32_t(config.Admission),
		least_score:  C.uint32_t(config.LeastScore),
		cache_bytes:  C.uint64_t(config.CacheBytes),
		artefact_key: *config.ArtefactKey.c(),

		compiler:        C.uint32_t(config.Compiler),
		compile_threads: C.uint32_t(config.CompileThreads),
		hot_runs:        C.uint32_t(config.HotRuns),
		signals:         C.uint32_t(config.Signals),
		revision:        C.uint32_t(config.Revision),
	}
	if config.DenyFloats {
		raw.flags = C.ZVM_CONFIG_DENY_FLOATS
	}
	if config.AllowKEM {
		raw.flags |= C.ZVM_CONFIG_ALLOW_KEM
	}
	if config.EVMHostFunctions {
		raw.flags |= C.ZVM_CONFIG_EVM_HOST_FUNCTIONS
	}
	var options []C.zvmgo_option
	var names []byte
	for _, name := range sortedNames(config.Options) {
		options = append(options, C.zvmgo_option{name_len: C.size_t(len(name)), value: C.uint64_t(config.Options[name])})
		names = append(names, name...)
	}
	made := &Runtime{}
	var err *C.zvm_error
	status := C.zvmgo_runtime_new(&raw, unsafe.SliceData(options), C.size_t(len(options)), first(names), &made.ptr, &err)
	if status != C.ZVM_OK {
		return nil, failure(status, err, nil)
	}
	return made, nil
}

func sortedNames(options map[string]uint64) []string {
	names := make([]string, 0, len(options))
	for name := range options {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// Close frees the runtime; sessions and codes keep what they need. Once more is harmless.
func (r *Runtime) Close() {
	C.zvm_runtime_free(r.ptr)
	r.ptr = nil
}

// Stats is what a runtime did and holds.
type Stats struct {
	// Calls and Deploys from outside; of both, Failures ended with an error.
	Calls, Deploys, Failures uint64
	// Codes are kept ready and take CodeBytes, about.
	Codes, CodeBytes uint64
	// Compilations of code since the runtime was made; Recompilations because it is run often.
	Compilations, Recompilations uint64
}

// Stats says what the runtime did and holds.
func (r *Runtime) Stats() (Stats, error) {
	var seen C.zvm_stats
	seen.struct_size = C.uint32_t(unsafe.Sizeof(seen))
	var err *C.zvm_error
	status := C.zvm_runtime_stats(r.ptr, &seen, &err)
	stats := Stats{
		uint64(seen.calls), uint64(seen.deploys), uint64(seen.failures), uint64(seen.codes), uint64(seen.code_bytes),
		uint64(seen.compilations), uint64(seen.recompilations),
	}
	return stats, failure(status, err, nil)
}

// Trim drops compiled code that nobody holds.
func (r *Runtime) Trim() error {
	var err *C.zvm_error
	return failure(C.zvm_runtime_trim(r.ptr, &err), err, nil)
}

// EnsureSignals puts the handlers of contracts' traps back where others were installed over them.
func (r *Runtime) EnsureSignals() error {
	var err *C.zvm_error
	return failure(C.zvm_signals_ensure(r.ptr, &err), err, nil)
}

// Fingerprint is everything a result depends on besides code, input and state, as one hash: two nodes with the same
// fingerprint compute the same.
func (r *Runtime) Fingerprint() (Word, error) {
	var out Word
	var err *C.zvm_error
	status := C.zvm_runtime_fingerprint(r.ptr, out.c(), &err)
	return out, failure(status, err, nil)
}

// Execute makes one call in a session of its own, which is committed if the contract succeeded.
func (r *Runtime) Execute(params Params, call *Call) (*Result, error) {
	taken, host, err := params.take()
	if err != nil {
		return nil, err
	}
	terms := call.terms()
	var filled C.zvm_result
	var failed *C.zvm_error
	status := C.zvmgo_execute(r.ptr, params.Store.c(), taken, params.Block.c(), &terms, firstOf(call.Entry),
		C.size_t(len(call.Entry)), first(call.Input), C.size_t(len(call.Input)), call.Interrupt.c(), &filled, &failed)
	if status != C.ZVM_OK {
		return nil, failure(status, failed, host)
	}
	return resultOf(&filled), nil
}
