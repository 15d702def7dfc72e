package zvm

// #include "shim.h"
import "C"

import (
	"errors"
	"fmt"
	"os"
	"runtime/cgo"
	"runtime/debug"
	"unsafe"
)

// bound is a host and hooks as one session knows them. C knows it by its handle, a number.
type bound struct {
	host    Host
	hooks   any
	failure error
}

// takeFailure returns the error behind a status, and nil for those of a caller's mistake: such a call never came to a
// host, and another goroutine may be in one.
func (b *bound) takeFailure(status Status) error {
	if status < StatusHost {
		return nil
	}
	failure := b.failure
	b.failure = nil
	return failure
}

// answer is what a callback says; the error goes before it.
type answer func(host *bound, at Frame) (C.int32_t, error)

// run lets a host answer an op. An error and a panic go no further than here.
func run(handle C.uintptr_t, op *C.zvm_op, answer answer) (said C.int32_t) {
	host := cgo.Handle(handle).Value().(*bound)
	answered := false
	defer func() {
		if answered {
			return
		}
		value := recover()
		if value == nil {
			goexit()
		}
		host.failure = &PanicError{Value: value, Stack: debug.Stack()}
		explain(op, 0, host.failure)
		said = C.ZVM_CB_UNWOUND
	}()
	said, err := answer(host, Frame{op, host})
	if err != nil {
		host.failure = err
		var coded Coded
		code := int32(0)
		if errors.As(err, &coded) {
			code = coded.HostCode()
		}
		explain(op, code, err)
		said = C.ZVM_CB_FAIL
	}
	answered = true
	return said
}

// explain puts an error into words for the library.
func explain(op *C.zvm_op, code int32, err error) {
	text := describe(err)
	C.zvmgo_frame_fail(op.frame, C.int32_t(code), firstOf(text), C.size_t(len(text)))
}

func describe(err error) (text string) {
	defer func() {
		if recover() != nil {
			text = fmt.Sprintf("%T", err)
		}
	}()
	return err.Error()
}

// goexit ends the process. A goroutine that ends inside a callback would leave the library's frames on the thread's
// stack behind without returning through them, and nothing in Go can stop it any more.
func goexit() {
	fmt.Fprintf(os.Stderr, "zvm: a host ended its goroutine inside a callback (runtime.Goexit, or FailNow of a test)\n\n%s",
		debug.Stack())
	os.Exit(2)
}

// put gives bytes to the library.
func put(reply *C.zvm_reply, data []byte) C.int32_t {
	to := reply.buf
	if C.size_t(len(data)) > reply.cap {
		to = C.zvm_reply_reserve(reply, C.size_t(len(data)))
	}
	// Without room the length alone is over the limit, and the library says so.
	if to != nil {
		copy(unsafe.Slice((*byte)(to), len(data)), data)
	}
	reply.len = C.size_t(len(data))
	return C.ZVM_CB_DONE
}

// putFound gives bytes, or says that there are none.
func putFound(reply *C.zvm_reply, data []byte, found bool, err error) (C.int32_t, error) {
	if err != nil || !found {
		return C.ZVM_CB_ABSENT, err
	}
	return put(reply, data), nil
}

//export zvmgoGet
func zvmgoGet(handle C.uintptr_t, op *C.zvm_get_op) C.int32_t {
	return run(handle, &op.op, func(b *bound, at Frame) (C.int32_t, error) {
		value, found, err := b.host.Get(at, *(*Address)(unsafe.Pointer(&op.account)), view(op.key))
		return putFound(&op.value, value, found, err)
	})
}

//export zvmgoGetMany
func zvmgoGetMany(handle C.uintptr_t, op *C.zvm_get_many_op) C.int32_t {
	return run(handle, &op.op, func(b *bound, at Frame) (C.int32_t, error) {
		asked := list(op.slots, uint64(op.count))
		slots := make([]Slot, len(asked))
		for i := range asked {
			slots[i] = Slot{Account: *(*Address)(unsafe.Pointer(&asked[i].account)), Key: view(asked[i].key)}
		}
		if err := b.host.(BatchReader).GetMany(at, slots); err != nil {
			return 0, err
		}
		for i := range slots {
			asked[i].gas_charge = C.uint64_t(slots[i].Gas)
			if slots[i].Found {
				asked[i].found = 1
				put(&asked[i].value, slots[i].Value)
			}
		}
		return C.ZVM_CB_DONE, nil
	})
}

//export zvmgoScan
func zvmgoScan(handle C.uintptr_t, op *C.zvm_scan_op) C.int32_t {
	return run(handle, &op.op, func(b *bound, at Frame) (C.int32_t, error) {
		within := Range{view(op.start), view(op.end), op.bounded == 1, op.reverse == 1, op.keys_only == 1}
		rows, count := list(op.rows, uint64(op.rows_cap)), 0
		var data []byte
		op.done = 1
		err := b.host.(Scanner).Scan(at, *(*Address)(unsafe.Pointer(&op.account)), within, func(key, value []byte) bool {
			if count == len(rows) {
				op.done = 0
				return false
			}
			if within.KeysOnly {
				value = nil
			}
			row := &rows[count]
			row.key_off, row.key_len = C.uint32_t(len(data)), C.uint32_t(len(key))
			row.val_off, row.val_len = C.uint32_t(len(data)+len(key)), C.uint32_t(len(value))
			data = append(append(data, key...), value...)
			count++
			return true
		})
		op.rows_len = C.size_t(count)
		return putFound(&op.data, data, true, err)
	})
}

//export zvmgoCommit
func zvmgoCommit(handle C.uintptr_t, op *C.zvm_commit_op) C.int32_t {
	return run(handle, &op.op, func(b *bound, at Frame) (C.int32_t, error) {
		return C.ZVM_CB_DONE, b.host.(Committer).Commit(at, &Commit{
			Changes:   changesOf(op.changes, op.count),
			Logs:      logsOf(op.logs, op.log_count),
			SessionID: uint64(op.session_id),
			Serial:    uint64(op.serial),
		})
	})
}

//export zvmgoAccount
func zvmgoAccount(handle C.uintptr_t, op *C.zvm_account_op) C.int32_t {
	return run(handle, &op.op, func(b *bound, at Frame) (C.int32_t, error) {
		account, found, err := b.host.Account(at, *(*Address)(unsafe.Pointer(&op.address)))
		if err != nil || !found {
			return C.ZVM_CB_ABSENT, err
		}
		op.balance, op.code_hash = *account.Balance.c(), *account.CodeHash.c()
		op.nonce, op.engine = C.uint64_t(account.Nonce), C.uint32_t(account.Engine)
		return C.ZVM_CB_DONE, nil
	})
}

//export zvmgoCode
func zvmgoCode(handle C.uintptr_t, op *C.zvm_code_op) C.int32_t {
	return run(handle, &op.op, func(b *bound, at Frame) (C.int32_t, error) {
		code, found, err := b.host.Code(at, *(*Word)(unsafe.Pointer(&op.hash)))
		return putFound(&op.code, code, found, err)
	})
}

//export zvmgoBlockHash
func zvmgoBlockHash(handle C.uintptr_t, op *C.zvm_block_hash_op) C.int32_t {
	return run(handle, &op.op, func(b *bound, at Frame) (C.int32_t, error) {
		hash, found, err := b.host.(BlockHasher).BlockHash(at, uint64(op.number))
		if err != nil || !found {
			return C.ZVM_CB_ABSENT, err
		}
		op.hash = *hash.c()
		return C.ZVM_CB_DONE, nil
	})
}

//export zvmgoAdmit
func zvmgoAdmit(handle C.uintptr_t, op *C.zvm_admit_op) C.int32_t {
	return run(handle, &op.op, func(b *bound, at Frame) (C.int32_t, error) {
		score, accepted, err := b.hooks.(Admitter).Admit(at, &Candidate{
			Code:     view(op.code),
			CodeHash: *(*Word)(unsafe.Pointer(&op.hash)),
			Creator:  *(*Address)(unsafe.Pointer(&op.creator)),
			Contract: *(*Address)(unsafe.Pointer(&op.contract)),
			Engine:   Engine(op.engine),
		})
		if err != nil || !accepted {
			return C.ZVM_CB_REFUSED, err
		}
		op.score = C.uint32_t(score)
		return C.ZVM_CB_DONE, nil
	})
}

//export zvmgoQuery
func zvmgoQuery(handle C.uintptr_t, op *C.zvm_query_op) C.int32_t {
	return run(handle, &op.op, func(b *bound, at Frame) (C.int32_t, error) {
		answer, found, err := b.hooks.(Querier).Query(at, uint32(op.kind), view(op.request))
		return putFound(&op.answer, answer, found, err)
	})
}

//export zvmgoLog
func zvmgoLog(handle C.uintptr_t, op *C.zvm_log_op) C.int32_t {
	return run(handle, &op.op, func(b *bound, _ Frame) (C.int32_t, error) {
		// Nobody waits for this answer, so a panic ends here.
		defer func() { _ = recover() }()
		b.hooks.(Logger).Log(uint32(op.level), string(view(op.target)), string(view(op.message)))
		return C.ZVM_CB_DONE, nil
	})
}

//export zvmgoTrace
func zvmgoTrace(handle C.uintptr_t, op *C.zvm_trace_op) C.int32_t {
	return run(handle, &op.op, func(b *bound, _ Frame) (C.int32_t, error) {
		// Nobody waits for this answer either.
		defer func() { _ = recover() }()
		b.hooks.(Tracer).Trace(view(op.lines))
		return C.ZVM_CB_DONE, nil
	})
}

//export zvmgoRelease
func zvmgoRelease(handle C.uintptr_t) {
	cgo.Handle(handle).Delete()
}
