package zvm

// #include "shim.h"
import "C"

import (
	"errors"
	"fmt"
	"unsafe"
)

// Error says that the library could not do what it was asked. No outcome exists, and nothing was committed.
type Error struct {
	Status Status
	// HostCode is the number that a failing host gave, else 0.
	HostCode int32
	// Reason is why a transaction was rejected, where [StatusRejected] says that one was.
	Reason Rejection
	// Depth is how deep calls between contracts were nested.
	Depth uint32
	// Contract is the one that was running; zero where none was.
	Contract Address
	// Message is one sentence for people.
	Message string
	// Cause is the error a host returned, or a [*PanicError] where it panicked.
	Cause error
}

func (e *Error) Error() string { return fmt.Sprintf("zvm: %v: %s", e.Status, e.Message) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Is lets errors.Is find any error of a status: errors.Is(err, zvm.StatusBusy.Err()).
func (e *Error) Is(target error) bool {
	other, ok := target.(statusError)
	return ok && Status(other) == e.Status
}

type statusError Status

func (s statusError) Error() string { return "zvm: " + Status(s).String() }

// Err is what errors.Is compares an [Error] of this status with.
func (s Status) Err() error { return statusError(s) }

// PanicError is a panic of a host, which became an error at the library's border.
type PanicError struct {
	Value any
	Stack []byte
}

func (p *PanicError) Error() string { return fmt.Sprintf("panic: %v", p.Value) }

// Unwrap returns the value where it is an error.
func (p *PanicError) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// Coded is an error with a number of the host's own, which becomes [Error.HostCode].
type Coded interface {
	error
	HostCode() int32
}

var errClosed = errors.New("zvm: used after it was closed")

// failure makes a Go error of a failed call and frees the library's; nil where the status is OK.
func failure(status C.int32_t, err *C.zvm_error, host *bound) error {
	if status == C.ZVM_OK {
		return nil
	}
	made := &Error{Status: Status(status)}
	var seen C.zvm_error_view
	seen.struct_size = C.uint32_t(unsafe.Sizeof(seen))
	if err != nil && C.zvm_error_info(err, &seen) == C.ZVM_OK {
		made.HostCode, made.Depth = int32(seen.host_code), uint32(seen.depth)
		made.Reason = Rejection(seen.reason)
		made.Contract = *(*Address)(unsafe.Pointer(&seen.contract))
		made.Message = string(view(seen.message))
	}
	C.zvm_error_free(err)
	if host != nil {
		made.Cause = host.takeFailure(made.Status)
	}
	return made
}
