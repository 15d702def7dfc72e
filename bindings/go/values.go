package zvm

// #include "shim.h"
import "C"

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math/big"
	"unsafe"
)

// Address is an account or contract.
type Address [20]byte

// Word is an amount, hash or slot, big-endian.
type Word [32]byte

// String is the address in hex.
func (a Address) String() string { return "0x" + hex.EncodeToString(a[:]) }

// String is the word in hex.
func (w Word) String() string { return "0x" + hex.EncodeToString(w[:]) }

// Amount is a number as a word.
func Amount(number uint64) (word Word) {
	binary.BigEndian.PutUint64(word[24:], number)
	return word
}

// BigAmount is a number as a word, if it is one of 0 to 2^256 - 1.
func BigAmount(number *big.Int) (word Word, err error) {
	if number.Sign() < 0 || number.BitLen() > 256 {
		return word, errors.New("zvm: an amount is not within 0 and 2^256 - 1")
	}
	number.FillBytes(word[:])
	return word, nil
}

// Big is the word as a number.
func (w Word) Big() *big.Int { return new(big.Int).SetBytes(w[:]) }

// view shows bytes of the library for as long as it keeps them; nil where there are none.
func view(bytes C.zvm_bytes) []byte {
	if bytes.len == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(bytes.ptr), int(bytes.len))
}

// cloned is a copy of bytes of the library; nil where there are none.
func cloned(bytes C.zvm_bytes) []byte {
	return append([]byte(nil), view(bytes)...)
}

// first is the first byte of a slice for C: NULL where there is none.
func first(bytes []byte) *C.uint8_t {
	if len(bytes) == 0 {
		return nil
	}
	return (*C.uint8_t)(unsafe.SliceData(bytes))
}

func firstOf(text string) *C.uint8_t {
	if text == "" {
		return nil
	}
	return (*C.uint8_t)(unsafe.StringData(text))
}

// list shows an array of the library for as long as it keeps it.
func list[T any](first *T, count uint64) []T {
	if count == 0 {
		return nil
	}
	return unsafe.Slice(first, int(count))
}
