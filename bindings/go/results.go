package zvm

// #include "shim.h"
import "C"

import (
	"encoding/binary"
	"unsafe"
)

// Log is an event.
type Log struct {
	Account Address
	Topics  []Word
	Data    []byte
}

// Change is one write of a commit. What key, value and flags say is set by its kind; see the constructors.
type Change struct {
	Kind       ChangeKind
	Flags      uint32
	Account    Address
	Key, Value []byte
}

// BalanceChange sets an account's balance.
func BalanceChange(account Address, balance Word) Change {
	return Change{Kind: ChangeBalance, Account: account, Value: balance[:]}
}

// NonceChange sets an account's nonce.
func NonceChange(account Address, nonce uint64) Change {
	return Change{Kind: ChangeNonce, Account: account, Value: binary.BigEndian.AppendUint64(nil, nonce)}
}

// CodeChange sets an account's code; hash is its keccak256.
func CodeChange(account Address, hash Word, code []byte, engine Engine) Change {
	return Change{Kind: ChangeCode, Flags: uint32(engine), Account: account, Key: hash[:], Value: code}
}

// SetChange sets a storage entry.
func SetChange(account Address, key, value []byte) Change {
	return Change{Kind: ChangeSet, Account: account, Key: key, Value: value}
}

// DeleteChange deletes a storage entry.
func DeleteChange(account Address, key []byte) Change {
	return Change{Kind: ChangeDelete, Account: account, Key: key}
}

// Result is what came of a call. Everything up to Created is a pure function of code, input, state and configuration.
type Result struct {
	Kind Kind
	// Halt says why the rules stopped the contract, 0 where they did not.
	Halt Halt
	// GasUsed is to be paid: the refund is taken off. With GasLeft it is the limit.
	GasUsed, GasLeft, GasRefund uint64
	// Data is output or revert data.
	Data []byte
	// Logs stand, in order of emission.
	Logs []Log
	// Created is where the new contract lives, nil where none was created.
	Created *Address
	// Score is that of the last admission.
	Score uint32
	// Reads and Writes count storage accesses, Depth the most calls that were nested, Pages the most memory pages
	// that were live at once.
	Reads, Writes uint64
	Depth, Pages  uint32
}

// Success says whether the contract returned.
func (r *Result) Success() bool { return r.Kind == KindSuccess }

// resultOf copies a filled result and clears it.
func resultOf(filled *C.zvm_result) *Result {
	made := &Result{
		Kind:      Kind(filled.kind),
		Halt:      Halt(filled.halt),
		GasUsed:   uint64(filled.gas_used),
		GasLeft:   uint64(filled.gas_left),
		GasRefund: uint64(filled.gas_refund),
		Data:      cloned(filled.data),
		Logs:      logsOf(filled.logs, filled.log_count),
		Score:     uint32(filled.score),
		Reads:     uint64(filled.reads),
		Writes:    uint64(filled.writes),
		Depth:     uint32(filled.depth),
		Pages:     uint32(filled.pages),
	}
	if filled.has_created == 1 {
		created := *(*Address)(unsafe.Pointer(&filled.created))
		made.Created = &created
	}
	C.zvm_result_clear(filled)
	return made
}

func logsOf(first *C.zvm_log, count C.size_t) []Log {
	seen := list(first, uint64(count))
	made := make([]Log, len(seen))
	for at := range seen {
		log := &seen[at]
		topics := list((*Word)(unsafe.Pointer(log.topics)), uint64(log.topic_count))
		made[at] = Log{
			Account: *(*Address)(unsafe.Pointer(&log.account)),
			Topics:  append([]Word(nil), topics...),
			Data:    cloned(log.data),
		}
	}
	return made
}

func changesOf(first *C.zvm_change, count C.size_t) []Change {
	seen := list(first, uint64(count))
	made := make([]Change, len(seen))
	for at := range seen {
		change := &seen[at]
		made[at] = Change{
			Kind:    ChangeKind(change.kind),
			Flags:   uint32(change.flags),
			Account: *(*Address)(unsafe.Pointer(&change.account)),
			Key:     cloned(change.key),
			Value:   cloned(change.value),
		}
	}
	return made
}
