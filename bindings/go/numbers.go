package zvm

// #include "shim.h"
import "C"

// Status says whether the machine worked. Treat unknown ones by their range.
type Status int32

// The statuses.
const (
	StatusOK                Status = C.ZVM_OK
	StatusArgument          Status = C.ZVM_E_ARGUMENT
	StatusNull              Status = C.ZVM_E_NULL
	StatusStructSize        Status = C.ZVM_E_STRUCT_SIZE
	StatusABI               Status = C.ZVM_E_ABI
	StatusHandle            Status = C.ZVM_E_HANDLE
	StatusBusy              Status = C.ZVM_E_BUSY
	StatusState             Status = C.ZVM_E_STATE
	StatusFlags             Status = C.ZVM_E_FLAGS
	StatusUnsupported       Status = C.ZVM_E_UNSUPPORTED
	StatusLimit             Status = C.ZVM_E_LIMIT
	StatusPoisoned          Status = C.ZVM_E_POISONED
	StatusTransactionFormat Status = C.ZVM_E_TRANSACTION_FORMAT
	StatusSignature         Status = C.ZVM_E_SIGNATURE
	StatusChainID           Status = C.ZVM_E_CHAIN_ID
	StatusNonce             Status = C.ZVM_E_NONCE
	StatusRejected          Status = C.ZVM_E_REJECTED
	StatusCodeFormat        Status = C.ZVM_E_CODE_FORMAT
	StatusCodeInvalid       Status = C.ZVM_E_CODE_INVALID
	StatusCodeForbidden     Status = C.ZVM_E_CODE_FORBIDDEN
	StatusCodeTooLarge      Status = C.ZVM_E_CODE_TOO_LARGE
	StatusCompile           Status = C.ZVM_E_COMPILE
	StatusArtefact          Status = C.ZVM_E_ARTEFACT
	StatusCodeRefused       Status = C.ZVM_E_CODE_REFUSED
	StatusHost              Status = C.ZVM_E_HOST
	StatusHostProtocol      Status = C.ZVM_E_HOST_PROTOCOL
	StatusHostMissing       Status = C.ZVM_E_HOST_MISSING
	StatusHostUnwound       Status = C.ZVM_E_HOST_UNWOUND
	StatusCancelled         Status = C.ZVM_E_CANCELLED
	StatusDeadline          Status = C.ZVM_E_DEADLINE
	StatusMemory            Status = C.ZVM_E_MEMORY
	StatusPanic             Status = C.ZVM_E_PANIC
	StatusInternal          Status = C.ZVM_E_INTERNAL
)

// String is the status's name, such as HOST_PROTOCOL.
func (s Status) String() string { return C.GoString(C.zvm_status_name(C.int32_t(s))) }

// Kind says how a contract ended.
type Kind uint32

// The kinds.
const (
	KindSuccess     Kind = C.ZVM_KIND_SUCCESS
	KindRevert      Kind = C.ZVM_KIND_REVERT
	KindOutOfGas    Kind = C.ZVM_KIND_OUT_OF_GAS
	KindTrap        Kind = C.ZVM_KIND_TRAP
	KindStaticWrite Kind = C.ZVM_KIND_STATIC_WRITE
	KindNoCode      Kind = C.ZVM_KIND_NO_CODE
	KindNoEntry     Kind = C.ZVM_KIND_NO_ENTRY
	KindBadInput    Kind = C.ZVM_KIND_BAD_INPUT
	KindBalance     Kind = C.ZVM_KIND_BALANCE
	KindCollision   Kind = C.ZVM_KIND_COLLISION
	KindRefused     Kind = C.ZVM_KIND_REFUSED
)

// String is the kind's name, such as SUCCESS.
func (k Kind) String() string { return C.GoString(C.zvm_kind_name(C.uint32_t(k))) }

// Halt says why the rules stopped a contract; 0 where they did not.
type Halt uint32

// The halts.
const (
	HaltOutOfGas            Halt = C.ZVM_HALT_OUT_OF_GAS
	HaltUnreachable         Halt = C.ZVM_HALT_UNREACHABLE
	HaltMemoryBounds        Halt = C.ZVM_HALT_MEMORY_BOUNDS
	HaltTableBounds         Halt = C.ZVM_HALT_TABLE_BOUNDS
	HaltIndirectNull        Halt = C.ZVM_HALT_INDIRECT_NULL
	HaltIndirectType        Halt = C.ZVM_HALT_INDIRECT_TYPE
	HaltDivideByZero        Halt = C.ZVM_HALT_DIVIDE_BY_ZERO
	HaltIntegerOverflow     Halt = C.ZVM_HALT_INTEGER_OVERFLOW
	HaltBadConversion       Halt = C.ZVM_HALT_BAD_CONVERSION
	HaltStackOverflow       Halt = C.ZVM_HALT_STACK_OVERFLOW
	HaltCallDepth           Halt = C.ZVM_HALT_CALL_DEPTH
	HaltMemoryLimit         Halt = C.ZVM_HALT_MEMORY_LIMIT
	HaltBadPointer          Halt = C.ZVM_HALT_BAD_POINTER
	HaltTooLong             Halt = C.ZVM_HALT_TOO_LONG
	HaltStaticWrite         Halt = C.ZVM_HALT_STATIC_WRITE
	HaltNoCode              Halt = C.ZVM_HALT_NO_CODE
	HaltNoEntry             Halt = C.ZVM_HALT_NO_ENTRY
	HaltBadInput            Halt = C.ZVM_HALT_BAD_INPUT
	HaltInsufficientBalance Halt = C.ZVM_HALT_INSUFFICIENT_BALANCE
	HaltBalanceOverflow     Halt = C.ZVM_HALT_BALANCE_OVERFLOW
	HaltNonceOverflow       Halt = C.ZVM_HALT_NONCE_OVERFLOW
	HaltCollision           Halt = C.ZVM_HALT_COLLISION
	HaltInvalidCode         Halt = C.ZVM_HALT_INVALID_CODE
	HaltCodeRefused         Halt = C.ZVM_HALT_CODE_REFUSED
	HaltEventLimit          Halt = C.ZVM_HALT_EVENT_LIMIT
	HaltJournalLimit        Halt = C.ZVM_HALT_JOURNAL_LIMIT
	HaltEngineMismatch      Halt = C.ZVM_HALT_ENGINE_MISMATCH
	HaltUnsupported         Halt = C.ZVM_HALT_UNSUPPORTED
	HaltInvalidOpcode       Halt = C.ZVM_HALT_INVALID_OPCODE
	HaltInvalidJump         Halt = C.ZVM_HALT_INVALID_JUMP
	HaltStackUnderflow      Halt = C.ZVM_HALT_STACK_UNDERFLOW
	HaltReturnBounds        Halt = C.ZVM_HALT_RETURN_BOUNDS
	HaltPrecompileFailed    Halt = C.ZVM_HALT_PRECOMPILE_FAILED
)

// String is the halt's name, such as UNREACHABLE.
func (h Halt) String() string { return C.GoString(C.zvm_halt_name(C.uint32_t(h))) }

// Engine runs one kind of code.
type Engine uint32

// The engines.
const (
	EngineWASM      Engine = C.ZVM_ENGINE_WASM
	EngineEVM       Engine = C.ZVM_ENGINE_EVM
	EngineZVM       Engine = C.ZVM_ENGINE_ZVM
	EngineZVMLegacy Engine = C.ZVM_ENGINE_ZVM_LEGACY
)

// ChangeKind says what a change writes.
type ChangeKind uint32

// The kinds of changes.
const (
	ChangeBalance ChangeKind = C.ZVM_CHANGE_BALANCE
	ChangeNonce   ChangeKind = C.ZVM_CHANGE_NONCE
	ChangeCode    ChangeKind = C.ZVM_CHANGE_CODE
	ChangeSet     ChangeKind = C.ZVM_CHANGE_SET
	ChangeDelete  ChangeKind = C.ZVM_CHANGE_DELETE
	ChangeDestroy ChangeKind = C.ZVM_CHANGE_DESTROY
)

// Admission says what becomes of a host's Admit.
type Admission uint32

// The policies.
const (
	AdmissionOff      Admission = C.ZVM_ADMISSION_OFF
	AdmissionAdvisory Admission = C.ZVM_ADMISSION_ADVISORY
	AdmissionRequired Admission = C.ZVM_ADMISSION_REQUIRED
)

// Compiler says what turns code into machine code. Results are the same.
type Compiler uint32

// The compilers.
const (
	// CompilerDefault is Singlepass where the library has it, else Cranelift.
	CompilerDefault    Compiler = C.ZVM_COMPILER_DEFAULT
	CompilerSinglepass Compiler = C.ZVM_COMPILER_SINGLEPASS
	CompilerCranelift  Compiler = C.ZVM_COMPILER_CRANELIFT
	// CompilerTiered is Singlepass at once, and Cranelift in the background for code that is run often.
	CompilerTiered Compiler = C.ZVM_COMPILER_TIERED
)

// Signals says whether a contract's trap may come as a signal of the system.
type Signals uint32

// The signal policies.
const (
	SignalsAuto Signals = C.ZVM_SIGNALS_AUTO
	SignalsNone Signals = C.ZVM_SIGNALS_NONE
)

// Feature is what a library may have.
type Feature uint32

// The features.
const (
	FeatureWASM     Feature = C.ZVM_FEATURE_WASM
	FeatureEVM      Feature = C.ZVM_FEATURE_EVM
	FeatureZVM      Feature = C.ZVM_FEATURE_ZVM
	FeatureStore    Feature = C.ZVM_FEATURE_STORE
	FeatureArtefact Feature = C.ZVM_FEATURE_ARTEFACT

	FeatureSinglepass Feature = C.ZVM_FEATURE_SINGLEPASS
	FeatureCranelift  Feature = C.ZVM_FEATURE_CRANELIFT
)

// Selftest is what a library can test by itself.
type Selftest uint32

// The selftests.
const (
	SelftestAll   Selftest = C.ZVM_SELFTEST_ALL
	SelftestPanic Selftest = C.ZVM_SELFTEST_PANIC
	SelftestTrap  Selftest = C.ZVM_SELFTEST_TRAP
)
