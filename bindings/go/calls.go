package zvm

// #include "shim.h"
import "C"

import "time"

// Call is a call of a contract. Zero in a field is its default.
type Call struct {
	// Caller pays the value.
	Caller Address
	// Target is the contract.
	Target Address
	// Origin began the transaction; zero is the caller.
	Origin Address
	// Value goes with the call.
	Value Word
	// GasPrice is what contracts read; fees are the program's business.
	GasPrice Word
	// Entry is what the contract exports; empty is "call".
	Entry string
	Input []byte
	// GasLimit is the most gas it may use.
	GasLimit uint64
	// Static: nothing below may write.
	Static bool
	// TimeLimit stops it with [StatusDeadline]; 0 is never.
	TimeLimit time.Duration
	// Interrupt stops it with [StatusCancelled] when it is fired.
	Interrupt *Interrupt
}

// Deploy is a contract to be deployed. Zero in a field is its default.
type Deploy struct {
	// Caller pays the value. Its nonce grows.
	Caller Address
	// Origin began the transaction; zero is the caller.
	Origin Address
	// Code is the contract; Engine 0 lets its first bytes decide what runs it.
	Code   []byte
	Engine Engine
	// Input is the constructor's.
	Input []byte
	// Value is what the contract begins with.
	Value    Word
	GasPrice Word
	// Salt makes the address follow CREATE2.
	Salt      *Word
	GasLimit  uint64
	TimeLimit time.Duration
	Interrupt *Interrupt
}

func (c *Call) terms() C.zvmgo_terms {
	terms := C.zvmgo_terms{
		caller:        *c.Caller.c(),
		target:        *c.Target.c(),
		origin:        *c.Origin.c(),
		value:         *c.Value.c(),
		gas_price:     *c.GasPrice.c(),
		gas_limit:     C.uint64_t(c.GasLimit),
		time_limit_ns: nanoseconds(c.TimeLimit),
	}
	if c.Static {
		terms.flags = C.ZVM_CALL_STATIC
	}
	return terms
}

func (d *Deploy) terms() C.zvmgo_terms {
	terms := C.zvmgo_terms{
		caller:        *d.Caller.c(),
		origin:        *d.Origin.c(),
		value:         *d.Value.c(),
		gas_price:     *d.GasPrice.c(),
		engine:        C.uint32_t(d.Engine),
		gas_limit:     C.uint64_t(d.GasLimit),
		time_limit_ns: nanoseconds(d.TimeLimit),
	}
	if d.Salt != nil {
		terms.flags, terms.salt = C.ZVM_DEPLOY_SALT, *d.Salt.c()
	}
	return terms
}

// nanoseconds of a limit. One that has passed already is the shortest there is.
func nanoseconds(limit time.Duration) C.uint64_t {
	if limit < 0 {
		return 1
	}
	return C.uint64_t(limit)
}

// Interrupt is a cancel token: put it into calls, fire it from anywhere. It stays fired until it is reset.
type Interrupt struct{ ptr *C.zvm_interrupt }

// NewInterrupt makes a token that is not fired.
func NewInterrupt() (*Interrupt, error) {
	made := &Interrupt{}
	var err *C.zvm_error
	if status := C.zvm_interrupt_new(&made.ptr, &err); status != C.ZVM_OK {
		return nil, failure(status, err, nil)
	}
	return made, nil
}

// Fire stops every call that carries the token, now and until it is reset.
func (i *Interrupt) Fire() { C.zvm_interrupt_fire(i.ptr) }

// Reset makes the token usable again.
func (i *Interrupt) Reset() { C.zvm_interrupt_reset(i.ptr) }

// Close frees the token. Once more is harmless; firing it then does nothing.
func (i *Interrupt) Close() {
	C.zvm_interrupt_free(i.ptr)
	i.ptr = nil
}

func (i *Interrupt) c() *C.zvm_interrupt {
	if i == nil {
		return nil
	}
	return i.ptr
}
