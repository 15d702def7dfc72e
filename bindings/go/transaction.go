package zvm

// #include "shim.h"
import "C"

import (
	"fmt"
	"time"
	"unsafe"
)

// Transaction is what a signed transaction says. A Target is called, or Code deployed.
type Transaction struct {
	// Deploys says which of the two.
	Deploys   bool
	Algorithm Algorithm
	Nonce     uint64
	GasLimit  uint64
	ChainID   Word
	GasPrice  Word
	Value     Word
	// Sender is the account of the key.
	Sender Address
	Target Address
	Entry  string
	Input  []byte
	Code   []byte
	Engine Engine
	// Salt is nil where the address follows CREATE.
	Salt *Word
	Key  []byte
	// Signature is one of Digest; Hash is the transaction's name.
	Signature    []byte
	Digest, Hash Word
}

// DecodeTransaction reads a signed transaction, without looking at its signature. Slices are parts of the bytes.
func DecodeTransaction(bytes []byte) (*Transaction, error) {
	var raw C.zvmgo_transaction
	var err *C.zvm_error
	status := C.zvmgo_transaction_decode(first(bytes), C.size_t(len(bytes)), &raw, &err)
	if status != C.ZVM_OK {
		return nil, failure(status, err, nil)
	}
	part := func(of C.zvmgo_part) []byte { return bytes[of.at : of.at+of.len : of.at+of.len] }
	made := &Transaction{
		Deploys:   raw.kind == C.ZVM_TRANSACTION_DEPLOY,
		Algorithm: Algorithm(raw.algorithm),
		Nonce:     uint64(raw.nonce),
		GasLimit:  uint64(raw.gas_limit),
		ChainID:   wordOf(raw.chain_id),
		GasPrice:  wordOf(raw.gas_price),
		Value:     wordOf(raw.value),
		Sender:    addressOf(raw.sender),
		Target:    addressOf(raw.target),
		Entry:     string(part(raw.entry)),
		Input:     part(raw.input),
		Code:      part(raw.code),
		Engine:    Engine(raw.engine),
		Key:       part(raw.key),
		Signature: part(raw.signature),
		Digest:    wordOf(raw.digest),
		Hash:      wordOf(raw.hash),
	}
	if !made.Deploys && raw.kind != C.ZVM_TRANSACTION_CALL {
		return nil, fmt.Errorf("zvm: a newer library reads transactions of kind %d", raw.kind)
	}
	if raw.flags&C.ZVM_TRANSACTION_SALT != 0 {
		salt := wordOf(raw.salt)
		made.Salt = &salt
	}
	return made, nil
}

// Check says whether a signed transaction may run now: its signature is the key's, its chain the session's, its nonce
// the sender's.
func (s *Session) Check(transaction []byte) error {
	var err *C.zvm_error
	status := C.zvmgo_session_check(s.ptr, first(transaction), C.size_t(len(transaction)), &err)
	return failure(status, err, s.host)
}

// Run checks a signed transaction and runs it; the sender's nonce grows, however the contract ends. A time limit of 0
// and a nil interrupt are none. After an error nothing has changed.
func (s *Session) Run(transaction []byte, timeLimit time.Duration, interrupt *Interrupt) (*Result, error) {
	var filled C.zvm_result
	var err *C.zvm_error
	status := C.zvmgo_session_run(s.ptr, first(transaction), C.size_t(len(transaction)), nanoseconds(timeLimit),
		interrupt.c(), &filled, &err)
	if status != C.ZVM_OK {
		return nil, failure(status, err, s.host)
	}
	return resultOf(&filled), nil
}

func wordOf(raw C.zvm_word) Word { return *(*Word)(unsafe.Pointer(&raw)) }

func addressOf(raw C.zvm_address) Address { return *(*Address)(unsafe.Pointer(&raw)) }
