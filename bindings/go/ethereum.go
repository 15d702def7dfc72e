package zvm

// #include "shim.h"
import "C"

import (
	"time"
	"unsafe"
)

// Revision says which of Ethereum's rules EVM code runs under.
type Revision uint32

// The revisions; [RevisionDefault] is the newest.
const (
	RevisionDefault          Revision = C.ZVM_REVISION_DEFAULT
	RevisionFrontier         Revision = C.ZVM_REVISION_FRONTIER
	RevisionHomestead        Revision = C.ZVM_REVISION_HOMESTEAD
	RevisionTangerineWhistle Revision = C.ZVM_REVISION_TANGERINE_WHISTLE
	RevisionSpuriousDragon   Revision = C.ZVM_REVISION_SPURIOUS_DRAGON
	RevisionByzantium        Revision = C.ZVM_REVISION_BYZANTIUM
	RevisionPetersburg       Revision = C.ZVM_REVISION_PETERSBURG
	RevisionIstanbul         Revision = C.ZVM_REVISION_ISTANBUL
	RevisionBerlin           Revision = C.ZVM_REVISION_BERLIN
	RevisionLondon           Revision = C.ZVM_REVISION_LONDON
	RevisionParis            Revision = C.ZVM_REVISION_PARIS
	RevisionShanghai         Revision = C.ZVM_REVISION_SHANGHAI
	RevisionCancun           Revision = C.ZVM_REVISION_CANCUN
	RevisionPrague           Revision = C.ZVM_REVISION_PRAGUE
	RevisionOsaka            Revision = C.ZVM_REVISION_OSAKA
)

// Rejection says why an Ethereum transaction is not valid.
type Rejection uint32

// The rejections.
const (
	RejectionKind             Rejection = C.ZVM_REJECTION_KIND
	RejectionChainID          Rejection = C.ZVM_REJECTION_CHAIN_ID
	RejectionNonceTooLow      Rejection = C.ZVM_REJECTION_NONCE_TOO_LOW
	RejectionNonceTooHigh     Rejection = C.ZVM_REJECTION_NONCE_TOO_HIGH
	RejectionNonceOverflow    Rejection = C.ZVM_REJECTION_NONCE_OVERFLOW
	RejectionSenderHasCode    Rejection = C.ZVM_REJECTION_SENDER_HAS_CODE
	RejectionGasOverBlock     Rejection = C.ZVM_REJECTION_GAS_OVER_BLOCK
	RejectionGasOverCap       Rejection = C.ZVM_REJECTION_GAS_OVER_CAP
	RejectionIntrinsicGas     Rejection = C.ZVM_REJECTION_INTRINSIC_GAS
	RejectionFloorGas         Rejection = C.ZVM_REJECTION_FLOOR_GAS
	RejectionFeeBelowBase     Rejection = C.ZVM_REJECTION_FEE_BELOW_BASE
	RejectionTipOverFee       Rejection = C.ZVM_REJECTION_TIP_OVER_FEE
	RejectionFunds            Rejection = C.ZVM_REJECTION_FUNDS
	RejectionInitcodeTooLong  Rejection = C.ZVM_REJECTION_INITCODE_TOO_LONG
	RejectionNoBlobs          Rejection = C.ZVM_REJECTION_NO_BLOBS
	RejectionTooManyBlobs     Rejection = C.ZVM_REJECTION_TOO_MANY_BLOBS
	RejectionBlobVersion      Rejection = C.ZVM_REJECTION_BLOB_VERSION
	RejectionBlobFeeBelowBase Rejection = C.ZVM_REJECTION_BLOB_FEE_BELOW_BASE
	RejectionCreatesContract  Rejection = C.ZVM_REJECTION_CREATES_CONTRACT
	RejectionNoAuthorizations Rejection = C.ZVM_REJECTION_NO_AUTHORIZATIONS
)

// EthereumKind is EIP-2718's number of a kind of transaction.
type EthereumKind uint32

// The kinds of transactions.
const (
	// EthereumLegacy has a gas price, [EthereumAccessList] an access list besides (EIP-2930).
	EthereumLegacy     EthereumKind = C.ZVM_ETHEREUM_LEGACY
	EthereumAccessList EthereumKind = C.ZVM_ETHEREUM_ACCESS_LIST
	// EthereumDynamicFee has a fee cap and a tip (EIP-1559), the next ones blobs (EIP-4844) or authorizations
	// (EIP-7702) besides.
	EthereumDynamicFee EthereumKind = C.ZVM_ETHEREUM_DYNAMIC_FEE
	EthereumBlob       EthereumKind = C.ZVM_ETHEREUM_BLOB
	EthereumSetCode    EthereumKind = C.ZVM_ETHEREUM_SET_CODE
)

// Access is an account, and slots of it, that are warm from a transaction's beginning.
type Access struct {
	Address Address
	Slots   []Word
}

// Authorization is one account's signed wish to have a contract's code.
type Authorization struct {
	ChainID Word
	Address Address
	Nonce   uint64
	YParity uint32
	R, S    Word
}

// EthereumTransaction is one of Ethereum's, of a sender whose signature was checked. A kind uses the fields it has.
type EthereumTransaction struct {
	Kind   EthereumKind
	Sender Address
	// ChainID nil is a legacy transaction for any chain.
	ChainID  *Word
	Nonce    uint64
	GasLimit uint64
	// GasPrice is from [EthereumDynamicFee] on the most a unit may cost, of which Tip goes to the proposer at most.
	GasPrice, Tip Word
	// To nil creates a contract.
	To             *Address
	Value          Word
	Input          []byte
	AccessList     []Access
	BlobHashes     []Word
	BlobFeeCap     Word
	Authorizations []Authorization
	TimeLimit      time.Duration
	Interrupt      *Interrupt
}

// RunEthereum runs an Ethereum transaction, with its fees. One that is not valid fails with [StatusRejected] and a Reason,
// and then nothing has changed.
func (s *Session) RunEthereum(transaction *EthereumTransaction) (*Result, error) {
	raw := transaction.c()
	accesses, slots := make([]C.zvmgo_access, len(transaction.AccessList)), []Word{}
	for i := range transaction.AccessList {
		access := &transaction.AccessList[i]
		accesses[i] = C.zvmgo_access{address: *access.Address.c(), slot_count: C.size_t(len(access.Slots))}
		slots = append(slots, access.Slots...)
	}
	authorizations := make([]C.zvm_authorization, len(transaction.Authorizations))
	for i := range transaction.Authorizations {
		authorizations[i] = transaction.Authorizations[i].c()
	}
	lists := C.zvmgo_lists{
		access_count: C.size_t(len(accesses)), slot_count: C.size_t(len(slots)),
		blob_count: C.size_t(len(transaction.BlobHashes)), authorization_count: C.size_t(len(authorizations)),
	}
	var filled C.zvm_result
	var err *C.zvm_error
	status := C.zvmgo_run_ethereum(s.ptr, &raw, &lists, first(transaction.Input), C.size_t(len(transaction.Input)),
		unsafe.SliceData(accesses), words(slots), words(transaction.BlobHashes), unsafe.SliceData(authorizations),
		transaction.Interrupt.c(), &filled, &err)
	if status != C.ZVM_OK {
		return nil, failure(status, err, s.host)
	}
	return resultOf(&filled), nil
}

func words(list []Word) *C.zvm_word { return (*C.zvm_word)(unsafe.Pointer(unsafe.SliceData(list))) }

func (t *EthereumTransaction) c() C.zvm_ethereum_transaction {
	raw := C.zvm_ethereum_transaction{
		kind:          C.uint32_t(t.Kind),
		sender:        *t.Sender.c(),
		nonce:         C.uint64_t(t.Nonce),
		gas_limit:     C.uint64_t(t.GasLimit),
		gas_price:     *t.GasPrice.c(),
		tip:           *t.Tip.c(),
		value:         *t.Value.c(),
		blob_fee_cap:  *t.BlobFeeCap.c(),
		time_limit_ns: nanoseconds(t.TimeLimit),
	}
	if t.ChainID != nil {
		raw.chain_id = *t.ChainID.c()
	} else {
		raw.flags |= C.ZVM_ETHEREUM_ANY_CHAIN
	}
	if t.To != nil {
		raw.to = *t.To.c()
	} else {
		raw.flags |= C.ZVM_ETHEREUM_CREATES
	}
	return raw
}

func (a *Authorization) c() C.zvm_authorization {
	return C.zvm_authorization{
		chain_id: *a.ChainID.c(), address: *a.Address.c(), y_parity: C.uint32_t(a.YParity),
		nonce: C.uint64_t(a.Nonce), r: *a.R.c(), s: *a.S.c(),
	}
}
