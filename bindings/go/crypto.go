package zvm

// #include "shim.h"
import "C"

import "unsafe"

// HashFunction is a hash that contracts have.
type HashFunction uint32

// The hashes.
const (
	HashKeccak256  HashFunction = C.ZVM_HASH_KECCAK256
	HashSHA256     HashFunction = C.ZVM_HASH_SHA256
	HashSHA3_256   HashFunction = C.ZVM_HASH_SHA3_256
	HashBLAKE3     HashFunction = C.ZVM_HASH_BLAKE3
	HashBLAKE2b256 HashFunction = C.ZVM_HASH_BLAKE2B_256
	HashRIPEMD160  HashFunction = C.ZVM_HASH_RIPEMD160
)

// Algorithm is a signature algorithm.
type Algorithm uint32

// The algorithms. Dilithium is there only where the library was built with it.
const (
	AlgorithmEd25519    Algorithm = C.ZVM_ALGORITHM_ED25519
	AlgorithmSecp256k1  Algorithm = C.ZVM_ALGORITHM_SECP256K1
	AlgorithmP256       Algorithm = C.ZVM_ALGORITHM_P256
	AlgorithmSchnorr    Algorithm = C.ZVM_ALGORITHM_SCHNORR
	AlgorithmBLS        Algorithm = C.ZVM_ALGORITHM_BLS
	AlgorithmMLDSA44    Algorithm = C.ZVM_ALGORITHM_MLDSA44
	AlgorithmMLDSA65    Algorithm = C.ZVM_ALGORITHM_MLDSA65
	AlgorithmMLDSA87    Algorithm = C.ZVM_ALGORITHM_MLDSA87
	AlgorithmDilithium2 Algorithm = C.ZVM_ALGORITHM_DILITHIUM2
	AlgorithmDilithium3 Algorithm = C.ZVM_ALGORITHM_DILITHIUM3
	AlgorithmDilithium5 Algorithm = C.ZVM_ALGORITHM_DILITHIUM5
)

// Verdict is what is said of a signature.
type Verdict int32

// The verdicts. NoKey also stands for an algorithm the library does not know.
const (
	VerdictValid   Verdict = C.ZVM_VERDICT_VALID
	VerdictInvalid Verdict = C.ZVM_VERDICT_INVALID
	VerdictNoKey   Verdict = C.ZVM_VERDICT_NO_KEY
)

// Point is a public key as x and y, big-endian.
type Point [64]byte

// Hash is the hash of a message; of RIPEMD-160 20 bytes and then zero.
func Hash(function HashFunction, message []byte) (Word, error) {
	var out Word
	var err *C.zvm_error
	status := C.zvmgo_hash(C.uint32_t(function), first(message), C.size_t(len(message)), out.c(), &err)
	return out, failure(status, err, nil)
}

// Verify judges a signature as contracts have it judged. For ECDSA the message is a digest of 32 bytes; the context is
// ML-DSA's, and nil elsewhere.
func Verify(algorithm Algorithm, message, signature, key, context []byte) (Verdict, error) {
	var out C.int32_t
	var err *C.zvm_error
	status := C.zvmgo_verify(C.uint32_t(algorithm), first(message), C.size_t(len(message)), first(signature),
		C.size_t(len(signature)), first(key), C.size_t(len(key)), first(context), C.size_t(len(context)), &out, &err)
	return Verdict(out), failure(status, err, nil)
}

// VerifyThreshold says whether at least need distinct keys signed the message, the n-th signature under the n-th key.
// Both lists are without gaps.
func VerifyThreshold(algorithm Algorithm, need uint32, message, signatures, keys []byte) (Verdict, error) {
	var out C.int32_t
	var err *C.zvm_error
	status := C.zvmgo_verify_threshold(C.uint32_t(algorithm), C.uint32_t(need), first(message), C.size_t(len(message)),
		first(signatures), C.size_t(len(signatures)), first(keys), C.size_t(len(keys)), &out, &err)
	return Verdict(out), failure(status, err, nil)
}

// VerifyAggregate says whether a BLS signature is the aggregate of each key's signature of its own message. Keys that
// strangers brought must have proved that their owners have them.
func VerifyAggregate(messages []Word, signature, keys []byte) (Verdict, error) {
	return verifyAggregate(messages, signature, keys, 0)
}

// VerifySameMessage says whether a BLS signature is the aggregate of all keys' signatures of one message.
func VerifySameMessage(message Word, signature, keys []byte) (Verdict, error) {
	return verifyAggregate([]Word{message}, signature, keys, 1)
}

func verifyAggregate(messages []Word, signature, keys []byte, sameMessage C.uint32_t) (Verdict, error) {
	var out C.int32_t
	var err *C.zvm_error
	status := C.zvmgo_verify_aggregate(C.ZVM_ALGORITHM_BLS, (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(messages))),
		C.size_t(32*len(messages)), first(signature), C.size_t(len(signature)), first(keys), C.size_t(len(keys)),
		sameMessage, &out, &err)
	return Verdict(out), failure(status, err, nil)
}

// Recover is the key of secp256k1 that signed the hash, and its address; false where none did. The signature is r, s
// and the recovery identifier.
func Recover(hash Word, signature []byte) (key Point, address Address, found bool, err error) {
	var out C.int32_t
	var raw *C.zvm_error
	status := C.zvmgo_recover(hash.c(), first(signature), C.size_t(len(signature)),
		(*C.zvm_point)(unsafe.Pointer(&key)), address.c(), &out, &raw)
	return key, address, out == C.ZVM_VERDICT_VALID, failure(status, raw, nil)
}

// KeyAddress is the account of a public key.
func KeyAddress(algorithm Algorithm, key []byte) (Address, error) {
	var out Address
	var err *C.zvm_error
	status := C.zvmgo_address_of_key(C.uint32_t(algorithm), first(key), C.size_t(len(key)), out.c(), &err)
	return out, failure(status, err, nil)
}
