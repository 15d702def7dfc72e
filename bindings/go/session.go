package zvm

// #include "shim.h"
import "C"

import (
	"errors"
	"runtime/cgo"
	"unsafe"
)

// Block is the block a session executes in.
type Block struct {
	Number uint64
	// Timestamp is in seconds since the Unix epoch.
	Timestamp uint64
	GasLimit  uint64
	ChainID   Word
	BaseFee   Word
	// Randomness is what the chain agreed on, nil where there is none.
	Randomness *Word
	Proposer   Address
	// BlobBaseFee, and Difficulty before proof of stake, are for EVM code.
	BlobBaseFee Word
	Difficulty  Word
}

func (b *Block) c() *C.zvm_block {
	if b == nil {
		return nil
	}
	raw := &C.zvm_block{
		number:    C.uint64_t(b.Number),
		timestamp: C.uint64_t(b.Timestamp),
		gas_limit: C.uint64_t(b.GasLimit),
		chain_id:  *b.ChainID.c(),
		base_fee:  *b.BaseFee.c(),
		proposer:  *b.Proposer.c(),

		blob_base_fee: *b.BlobBaseFee.c(),
		difficulty:    *b.Difficulty.c(),
	}
	raw.struct_size = C.uint32_t(unsafe.Sizeof(*raw))
	if b.Randomness != nil {
		raw.flags, raw.randomness = C.ZVM_BLOCK_RANDOMNESS, *b.Randomness.c()
	}
	return raw
}

// Params are what a session is made over: a Host or a Store.
type Params struct {
	Host  Host
	Store *Store
	// Hooks is an [Admitter], [Querier] or [Logger]; nil is the host.
	Hooks any
	// Block nil is a block of zeros.
	Block *Block
	// ReadOnly: the session may not commit.
	ReadOnly bool
}

// offered is a method of its own for each thing a host or hooks may offer.
func offered(host Host, hooks any) (bits C.uint32_t) {
	offer := func(is bool, bit C.uint32_t) {
		if is {
			bits |= bit
		}
	}
	if host != nil {
		offer(true, C.ZVMGO_HOST)
		_, is := host.(BatchReader)
		offer(is, C.ZVMGO_GET_MANY)
		_, is = host.(Scanner)
		offer(is, C.ZVMGO_SCAN)
		_, is = host.(Committer)
		offer(is, C.ZVMGO_COMMIT)
		_, is = host.(BlockHasher)
		offer(is, C.ZVMGO_BLOCK_HASH)
	}
	_, is := hooks.(Admitter)
	offer(is, C.ZVMGO_HOOKS|C.ZVMGO_ADMIT)
	_, is = hooks.(Querier)
	offer(is, C.ZVMGO_HOOKS|C.ZVMGO_QUERY)
	_, is = hooks.(Logger)
	offer(is, C.ZVMGO_HOOKS|C.ZVMGO_LOG)
	_, is = hooks.(Tracer)
	offer(is, C.ZVMGO_HOOKS|C.ZVMGO_TRACE)
	return bits
}

// take makes the handle by which C knows the host, if there is one. Once: whoever gets it calls the library, which
// releases it.
func (p *Params) take() (raw C.zvmgo_params, host *bound, err error) {
	if (p.Host == nil) == (p.Store == nil) {
		return raw, nil, errors.New("zvm: a session is over a host or a store, one of them")
	}
	if p.Store != nil && p.Store.ptr == nil {
		return raw, nil, errClosed
	}
	host = &bound{host: p.Host, hooks: p.Hooks}
	if host.hooks == nil {
		host.hooks = p.Host
	}
	raw.offers = offered(host.host, host.hooks)
	if p.ReadOnly {
		raw.flags = C.ZVM_SESSION_READ_ONLY
	}
	if raw.offers != 0 {
		raw.host = C.uintptr_t(cgo.NewHandle(host))
	}
	return raw, host, nil
}

// Session is one view of the state: many calls, one commit. It is for one goroutine at a time; another gets
// [StatusBusy]. What is not committed when it is closed is dropped.
type Session struct {
	ptr  *C.zvm_session
	host *bound
}

// NewSession opens a session. It keeps its host until it is closed.
func (r *Runtime) NewSession(params Params) (*Session, error) {
	raw, host, err := params.take()
	if err != nil {
		return nil, err
	}
	made := &Session{host: host}
	var failed *C.zvm_error
	status := C.zvmgo_session_new(r.ptr, params.Store.c(), raw, params.Block.c(), &made.ptr, &failed)
	if status != C.ZVM_OK {
		return nil, failure(status, failed, host)
	}
	return made, nil
}

// Close frees the session; from inside a host's method it takes effect when the running call returns. Once more is
// harmless.
func (s *Session) Close() {
	ptr := s.ptr
	s.ptr = nil
	C.zvm_session_free(ptr)
}

// Deploy deploys a contract. It fails where the code is not accepted, and then nothing has changed.
func (s *Session) Deploy(deploy *Deploy) (*Result, error) {
	terms := deploy.terms()
	var filled C.zvm_result
	var err *C.zvm_error
	status := C.zvmgo_deploy(s.ptr, &terms, first(deploy.Code), C.size_t(len(deploy.Code)), first(deploy.Input),
		C.size_t(len(deploy.Input)), deploy.Interrupt.c(), &filled, &err)
	if status != C.ZVM_OK {
		return nil, failure(status, err, s.host)
	}
	return resultOf(&filled), nil
}

// Call calls a contract.
func (s *Session) Call(call *Call) (*Result, error) { return s.call(call, 0) }

// Query calls a contract and drops its changes.
func (s *Session) Query(call *Call) (*Result, error) { return s.call(call, 1) }

func (s *Session) call(call *Call, isQuery C.uint32_t) (*Result, error) {
	terms := call.terms()
	var filled C.zvm_result
	var err *C.zvm_error
	status := C.zvmgo_call(s.ptr, isQuery, &terms, firstOf(call.Entry), C.size_t(len(call.Entry)), first(call.Input),
		C.size_t(len(call.Input)), call.Interrupt.c(), &filled, &err)
	if status != C.ZVM_OK {
		return nil, failure(status, err, s.host)
	}
	return resultOf(&filled), nil
}

// Prefetch reads storage entries ahead, in as few questions as the host allows. Gas is the same as without.
func (s *Session) Prefetch(account Address, keys [][]byte) error {
	lens := make([]C.size_t, len(keys))
	var data []byte
	for at, key := range keys {
		lens[at] = C.size_t(len(key))
		data = append(data, key...)
	}
	var err *C.zvm_error
	status := C.zvmgo_prefetch(s.ptr, account.c(), unsafe.SliceData(lens), C.size_t(len(lens)), first(data), &err)
	return failure(status, err, s.host)
}

// Trace says what the calls of a session tell its [Tracer] of their course. docs/tracing.md has the lines.
type Trace uint32

const (
	// TraceCalls is a line where a call or creation begins and one where it ends, of every engine.
	TraceCalls Trace = C.ZVM_TRACE_CALLS
	// TraceSteps is a line for each step of EVM code and one for the whole call (EIP-3155).
	TraceSteps Trace = C.ZVM_TRACE_STEPS
)

// Trace says what the session's calls tell from now on; 0 ends it. Results and gas are the same.
func (s *Session) Trace(wanted Trace) error {
	var err *C.zvm_error
	return failure(C.zvm_session_trace(s.ptr, C.uint32_t(wanted), &err), err, nil)
}

// Mark is a savepoint. It holds until a commit, a reset, or a return to an earlier one.
type Mark uint64

// Mark sets a savepoint.
func (s *Session) Mark() (Mark, error) {
	var mark C.uint64_t
	var err *C.zvm_error
	status := C.zvm_session_mark(s.ptr, &mark, &err)
	return Mark(mark), failure(status, err, nil)
}

// Rollback takes back everything since a savepoint, which can be returned to again.
func (s *Session) Rollback(mark Mark) error {
	var err *C.zvm_error
	return failure(C.zvm_session_rollback(s.ptr, C.uint64_t(mark), &err), err, nil)
}

// Changes are the ordered, de-duplicated writes since the last commit.
func (s *Session) Changes() ([]Change, error) {
	var seen *C.zvm_change
	var count C.size_t
	var err *C.zvm_error
	if status := C.zvm_session_changes(s.ptr, &seen, &count, &err); status != C.ZVM_OK {
		return nil, failure(status, err, nil)
	}
	return changesOf(seen, count), nil
}

// Commit hands all changes to the host at once. After a failure nothing is forgotten, and it can be tried again.
func (s *Session) Commit() error {
	var err *C.zvm_error
	return failure(C.zvm_session_commit(s.ptr, &err), err, s.host)
}

// Reset drops every change and cached read.
func (s *Session) Reset() error {
	var err *C.zvm_error
	return failure(C.zvm_session_reset(s.ptr, &err), err, nil)
}
