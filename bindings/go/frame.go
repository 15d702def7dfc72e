package zvm

// #include "shim.h"
import "C"

import "unsafe"

// Frame is the running call as a host sees it. It ends with the method that was given it.
type Frame struct {
	op   *C.zvm_op
	host *bound
}

// Depth is how deep calls between contracts are nested; 0 outside a call.
func (f Frame) Depth() uint32 { return uint32(f.op.depth) }

// GasLeft is what the running call has left.
func (f Frame) GasLeft() uint64 { return uint64(f.op.gas_left) }

// Charge asks for gas on top of the schedule's price. Reads of storage and accounts and queries may ask it.
func (f Frame) Charge(gas uint64) { f.op.gas_charge = C.uint64_t(gas) }

// Contract is the one that runs; zero outside a call.
func (f Frame) Contract() Address {
	seen := f.info()
	return *(*Address)(unsafe.Pointer(&seen.contract))
}

// Cancelled says that the call's interrupt was fired; a passed deadline is not shown.
func (f Frame) Cancelled() bool {
	return f.info().cancelled == 1
}

func (f Frame) info() (seen C.zvm_frame_view) {
	seen.struct_size = C.uint32_t(unsafe.Sizeof(seen))
	C.zvm_frame_info(f.op.frame, &seen, nil)
	return seen
}

// Call calls a contract from inside [Querier.Query], in the same session, below the contract that asks, which is its
// caller. It gets at most 63/64 of the gas left, and no more than the limit; a limit of 0 is all it may have. Its
// changes stand unless it fails or the contract that asks does.
func (f Frame) Call(call *Call) (*Result, error) {
	terms := call.terms()
	if call.GasLimit == 0 {
		terms.gas_limit = f.op.gas_left
	}
	var filled C.zvm_result
	var err *C.zvm_error
	status := C.zvmgo_frame_call(f.op.frame, &terms, firstOf(call.Entry), C.size_t(len(call.Entry)), first(call.Input),
		C.size_t(len(call.Input)), &filled, &err)
	if status != C.ZVM_OK {
		return nil, failure(status, err, f.host)
	}
	return resultOf(&filled), nil
}
