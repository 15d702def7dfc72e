/*
 zvm: the smart-contract runtime that any program can embed.

 Generated from the library's sources; do not edit.

 Conventions
 - A function returns a status: ZVM_OK, or why it failed. The last parameter takes a zvm_error
   with details, to be freed by zvm_error_free; NULL costs nothing.
 - Status other than ZVM_OK: no outcome exists, nothing may be committed, and trying again may
   give another answer. ZVM_OK: the zvm_result up to `created` is a pure function of code, inputs,
   state and configuration, and may enter consensus.
 - A handle has one _free function, which accepts NULL (a zvm_outcome zvm_result_clear; a zvm_frame
   is lent). Everything else that comes out is a view; its documentation says whose.
 - Structs that the caller fills, but for elements of lists, begin with struct_size; zero in any other field is its default.
   Start from a zeroed struct, then set struct_size to its sizeof.
 - Out-parameters are written on every path, but for a struct whose size is refused.
 - Callbacks return ZVM_CB_DONE or another ZVM_CB number; 0 is failure. They must not unwind: an
   exception that leaves a callback ends the process.
 - Empty bytes are {NULL, 0}. Words are big-endian.
 - Functions of one session are called by one thread at a time, "callback only" ones inside the
   callback, everything else by any.
 */

#ifndef ZVM_H
#define ZVM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define ZVM_BEGIN extern "C" {
#define ZVM_END }
#else
#define ZVM_BEGIN
#define ZVM_END
#endif

#if defined(_WIN32) && !defined(ZVM_STATIC)
#define ZVM_API __declspec(dllimport)
#else
#define ZVM_API
#endif

/* Statuses: whether the machine worked. Treat unknown ones by their range. */
#define ZVM_OK 0 /* Done. */
#define ZVM_E_ARGUMENT 1 /* An argument is outside its rules. */
#define ZVM_E_NULL 2 /* A required pointer is NULL. */
#define ZVM_E_STRUCT_SIZE 3 /* A struct is smaller than its first version, or impossibly large. */
#define ZVM_E_ABI 4 /* The caller was built for another ABI. */
#define ZVM_E_HANDLE 5 /* The handle is of another type or was freed. */
#define ZVM_E_BUSY 6 /* The session is in a call, in this thread or in another. */
#define ZVM_E_STATE 7 /* The call is not allowed in this state. */
#define ZVM_E_FLAGS 8 /* Unknown flag bits are set. */
#define ZVM_E_UNSUPPORTED 9 /* This library does not know the feature that is asked for. */
#define ZVM_E_LIMIT 10 /* A size or number is over the configured limit. */
#define ZVM_E_POISONED 11 /* The session failed inside; reset or free it. */
#define ZVM_E_TRANSACTION_FORMAT 12 /* The bytes are not the canonical form of a signed transaction. */
#define ZVM_E_SIGNATURE 13 /* The signature is not the key's, or the key is none. */
#define ZVM_E_CHAIN_ID 14 /* The transaction is for another chain. */
#define ZVM_E_NONCE 15 /* The transaction's nonce is not the sender's. */
#define ZVM_E_REJECTED 16 /* The transaction is not valid in this block and state; the error's reason says why. */
#define ZVM_E_CODE_FORMAT 100 /* The code is of no known format. */
#define ZVM_E_CODE_INVALID 101 /* The code is malformed or over a limit. */
#define ZVM_E_CODE_FORBIDDEN 102 /* The code uses a feature or import that is not allowed. */
#define ZVM_E_CODE_TOO_LARGE 103 /* The code is larger than allowed. */
#define ZVM_E_COMPILE 104 /* The compiler failed on valid code. */
#define ZVM_E_ARTEFACT 105 /* The artefact is damaged or was made by another build, configuration or key. */
#define ZVM_E_CODE_REFUSED 106 /* The admission policy refused the code. */
#define ZVM_E_HOST 200 /* A callback reported failure. */
#define ZVM_E_HOST_PROTOCOL 201 /* A callback broke its rules. */
#define ZVM_E_HOST_MISSING 202 /* A needed callback is not offered. */
#define ZVM_E_HOST_UNWOUND 203 /* A callback ended by an exception that its binding caught. */
#define ZVM_E_CANCELLED 300 /* The interrupt was fired. */
#define ZVM_E_DEADLINE 301 /* The time limit passed. */
#define ZVM_E_MEMORY 900 /* Memory ran out. */
#define ZVM_E_PANIC 901 /* A defect of this library was contained. */
#define ZVM_E_INTERNAL 902 /* A defect of this library was detected. */

/* Kinds: how a contract ended. */
#define ZVM_KIND_SUCCESS 0 /* The contract returned. */
#define ZVM_KIND_REVERT 1 /* The contract gave up with data of its own. */
#define ZVM_KIND_OUT_OF_GAS 2 /* The gas did not suffice. */
#define ZVM_KIND_TRAP 3 /* The code did what the machine forbids. */
#define ZVM_KIND_STATIC_WRITE 4 /* A write in a frame that may only read. */
#define ZVM_KIND_NO_CODE 5 /* The target holds no code. */
#define ZVM_KIND_NO_ENTRY 6 /* The code exports no such entry. */
#define ZVM_KIND_BAD_INPUT 7 /* An argument of a call or of a host function is outside its rules. */
#define ZVM_KIND_BALANCE 8 /* An amount is not covered or does not fit. */
#define ZVM_KIND_COLLISION 9 /* The new contract's address is taken. */
#define ZVM_KIND_REFUSED 10 /* The code of a creation is invalid, or the embedder refused it. */

/* Halts: why the rules stopped it. */
#define ZVM_HALT_OUT_OF_GAS 1 /* The gas did not suffice. */
#define ZVM_HALT_UNREACHABLE 2 /* An unreachable instruction was reached. */
#define ZVM_HALT_MEMORY_BOUNDS 3 /* A memory access lies outside the memory. */
#define ZVM_HALT_TABLE_BOUNDS 4 /* An indirect call lies outside the table. */
#define ZVM_HALT_INDIRECT_NULL 5 /* An indirect call met an empty table entry. */
#define ZVM_HALT_INDIRECT_TYPE 6 /* An indirect call met a function of another type. */
#define ZVM_HALT_DIVIDE_BY_ZERO 7 /* An integer was divided by zero. */
#define ZVM_HALT_INTEGER_OVERFLOW 8 /* An integer division or conversion overflowed. */
#define ZVM_HALT_BAD_CONVERSION 9 /* A float without an integer value was converted to an integer. */
#define ZVM_HALT_STACK_OVERFLOW 10 /* The counted stack of the code is used up. */
#define ZVM_HALT_CALL_DEPTH 11 /* Calls between contracts are nested too deep. */
#define ZVM_HALT_MEMORY_LIMIT 12 /* The live frames together hold more memory than allowed. */
#define ZVM_HALT_BAD_POINTER 13 /* A host function was given a region outside the contract's memory. */
#define ZVM_HALT_TOO_LONG 14 /* A length is over its limit. */
#define ZVM_HALT_STATIC_WRITE 15 /* A write in a frame that may only read. */
#define ZVM_HALT_NO_CODE 16 /* The target holds no code. */
#define ZVM_HALT_NO_ENTRY 17 /* The code exports no such entry. */
#define ZVM_HALT_BAD_INPUT 18 /* An argument is outside its rules. */
#define ZVM_HALT_INSUFFICIENT_BALANCE 19 /* The balance does not cover the amount. */
#define ZVM_HALT_BALANCE_OVERFLOW 20 /* A balance would pass 2^256 - 1. */
#define ZVM_HALT_NONCE_OVERFLOW 21 /* A nonce would pass 2^64 - 1. */
#define ZVM_HALT_COLLISION 22 /* The new contract's address is taken. */
#define ZVM_HALT_INVALID_CODE 23 /* The code to create is not valid. */
#define ZVM_HALT_CODE_REFUSED 24 /* The embedder's admission refused the code. */
#define ZVM_HALT_EVENT_LIMIT 25 /* A transaction may not emit so many or so large events. */
#define ZVM_HALT_JOURNAL_LIMIT 26 /* A transaction may not touch so many or so large entries. */
#define ZVM_HALT_ENGINE_MISMATCH 27 /* Delegate calls stay inside one engine. */
#define ZVM_HALT_UNSUPPORTED 28 /* No engine of this runtime runs the code. */
#define ZVM_HALT_INVALID_OPCODE 29 /* The code has a byte there that is no instruction. */
#define ZVM_HALT_INVALID_JUMP 30 /* A jump goes where it may not. */
#define ZVM_HALT_STACK_UNDERFLOW 31 /* An instruction takes more off the stack than is on it. */
#define ZVM_HALT_RETURN_BOUNDS 32 /* A copy lies outside what the last call returned. */
#define ZVM_HALT_PRECOMPILE_FAILED 33 /* A precompiled contract refused its input. */

/* Rejections: why an Ethereum transaction is not valid. */
#define ZVM_REJECTION_KIND 1 /* The revision does not know transactions of this kind. */
#define ZVM_REJECTION_CHAIN_ID 2 /* The transaction is for another chain. */
#define ZVM_REJECTION_NONCE_TOO_LOW 3 /* The sender used the nonce before. */
#define ZVM_REJECTION_NONCE_TOO_HIGH 4 /* The nonce comes too early. */
#define ZVM_REJECTION_NONCE_OVERFLOW 5 /* A nonce of 2^64 - 1 cannot be counted. */
#define ZVM_REJECTION_SENDER_HAS_CODE 6 /* The sender is a contract (EIP-3607). */
#define ZVM_REJECTION_GAS_OVER_BLOCK 7 /* The gas limit is over the block's. */
#define ZVM_REJECTION_GAS_OVER_CAP 8 /* The gas limit is over what a transaction may have (EIP-7825). */
#define ZVM_REJECTION_INTRINSIC_GAS 9 /* The gas limit does not cover what the transaction costs as such. */
#define ZVM_REJECTION_FLOOR_GAS 10 /* The gas limit does not cover the least its input costs (EIP-7623). */
#define ZVM_REJECTION_FEE_BELOW_BASE 11 /* The price of gas is below the base fee. */
#define ZVM_REJECTION_TIP_OVER_FEE 12 /* The tip is over the fee cap. */
#define ZVM_REJECTION_FUNDS 13 /* The sender cannot pay the amount and the most that gas may cost. */
#define ZVM_REJECTION_INITCODE_TOO_LONG 14 /* The initcode is too long (EIP-3860). */
#define ZVM_REJECTION_NO_BLOBS 15 /* A blob transaction has no blobs. */
#define ZVM_REJECTION_TOO_MANY_BLOBS 16 /* The transaction has more blobs than one may have. */
#define ZVM_REJECTION_BLOB_VERSION 17 /* A blob's hash is of an unknown version. */
#define ZVM_REJECTION_BLOB_FEE_BELOW_BASE 18 /* The blob fee cap is below the block's blob fee. */
#define ZVM_REJECTION_CREATES_CONTRACT 19 /* A transaction of this kind may not create a contract. */
#define ZVM_REJECTION_NO_AUTHORIZATIONS 20 /* A set-code transaction has no authorizations. */


/* The WASM engine. */
#define ZVM_FEATURE_WASM 1

/* The EVM engine. */
#define ZVM_FEATURE_EVM 2

/* The ZVM engine. */
#define ZVM_FEATURE_ZVM 3

/* The embedded ledger. */
#define ZVM_FEATURE_STORE 4

/* Serialised code. */
#define ZVM_FEATURE_ARTEFACT 5

/* The Singlepass compiler. */
#define ZVM_FEATURE_SINGLEPASS 6

/* The Cranelift compiler. */
#define ZVM_FEATURE_CRANELIFT 7

/* Everything that can be tested without a host. */
#define ZVM_SELFTEST_ALL 0

/* A panic is contained: ZVM_E_PANIC is the success of this one. */
#define ZVM_SELFTEST_PANIC 1

/* A contract that traps is contained; as ZVM_SELFTEST_ALL in this version. */
#define ZVM_SELFTEST_TRAP 2

/* The ABI this header describes, major in the upper 16 bits, minor in the lower. */
#define ZVM_ABI 65536

/* Its major: another one is refused. */
#define ZVM_ABI_MAJOR 1

/* Its minor: a newer one than the library's is refused. */
#define ZVM_ABI_MINOR 0

/* Refuse code that uses floats at all. */
#define ZVM_CONFIG_DENY_FLOATS 1

/* Offer ML-KEM to contracts. */
#define ZVM_CONFIG_ALLOW_KEM 2

/* Offer pure host functions to EVM code, as precompiled contracts (docs/evm.md). */
#define ZVM_CONFIG_EVM_HOST_FUNCTIONS 4

/* The admit hook is not asked. */
#define ZVM_ADMISSION_OFF 0

/* The admit hook is asked and its score reported. */
#define ZVM_ADMISSION_ADVISORY 1

/* The admit hook must accept, with at least `least_score`. */
#define ZVM_ADMISSION_REQUIRED 2

/* Singlepass where it is built in, else Cranelift. */
#define ZVM_COMPILER_DEFAULT 0

/* Compiles any code in time linear in its size. */
#define ZVM_COMPILER_SINGLEPASS 1

/* Compiles several times slower, to faster code. */
#define ZVM_COMPILER_CRANELIFT 2

/* Singlepass while the caller waits; Cranelift in the background for code that is run often. */
#define ZVM_COMPILER_TIERED 3

/* The newest revision of Ethereum's rules that is final. */
#define ZVM_REVISION_DEFAULT 0

/* July 2015. */
#define ZVM_REVISION_FRONTIER 1

/* March 2016. */
#define ZVM_REVISION_HOMESTEAD 2

/* October 2016. */
#define ZVM_REVISION_TANGERINE_WHISTLE 3

/* November 2016. */
#define ZVM_REVISION_SPURIOUS_DRAGON 4

/* October 2017. */
#define ZVM_REVISION_BYZANTIUM 5

/* February 2019, Constantinople without EIP-1283. */
#define ZVM_REVISION_PETERSBURG 6

/* December 2019. */
#define ZVM_REVISION_ISTANBUL 7

/* April 2021. */
#define ZVM_REVISION_BERLIN 8

/* August 2021. */
#define ZVM_REVISION_LONDON 9

/* September 2022, proof of stake. */
#define ZVM_REVISION_PARIS 10

/* April 2023. */
#define ZVM_REVISION_SHANGHAI 11

/* March 2024. */
#define ZVM_REVISION_CANCUN 12

/* May 2025. */
#define ZVM_REVISION_PRAGUE 13

/* December 2025. */
#define ZVM_REVISION_OSAKA 14

/*
 A contract's trap may come as SIGSEGV, SIGILL or SIGFPE. Handlers are installed when the first
 code runs, on the alternate stack, and hand on what is not theirs. A handler installed over
 them makes calls fail with ZVM_E_STATE until zvm_signals_ensure puts them back.
 */
#define ZVM_SIGNALS_AUTO 0

/* No trap comes as a signal: the code checks for itself, and the handlers of the process stay. */
#define ZVM_SIGNALS_NONE 1

/* The loaded code must have `expected_hash`; if not, the status is CODE_INVALID. */
#define ZVM_CODE_EXPECT_HASH 1

/*
 A callback failed: the status is HOST. So it is for a negative number that is not named here,
 which goes into the error. A positive one is HOST_PROTOCOL.
 */
#define ZVM_CB_FAIL 0

/* A callback is done. */
#define ZVM_CB_DONE 1

/* There is no such account, code, entry or answer. */
#define ZVM_CB_ABSENT 2

/* A deterministic no; only admit may say it. */
#define ZVM_CB_REFUSED 3

/* A callback ended by an exception that its binding caught: the status is HOST_UNWOUND. */
#define ZVM_CB_UNWOUND -2147483647

/*
 In a table's flags: what its callbacks return is ignored, the answer is `answer` in the op. For
 languages in which a callback that ends early returns no certain number.
 */
#define ZVM_TABLE_ANSWER_IN_OP 1

/* The account's balance: `value` has 32 bytes, big-endian. */
#define ZVM_CHANGE_BALANCE 1

/* The account's nonce: `value` has 8 bytes, big-endian. */
#define ZVM_CHANGE_NONCE 2

/* The account's code: `key` is its keccak256, `value` the code, `flags` the engine. A zero hash: it has none. */
#define ZVM_CHANGE_CODE 3

/* A storage entry is set. */
#define ZVM_CHANGE_SET 4

/* A storage entry is deleted. */
#define ZVM_CHANGE_DELETE 5

/* The account is gone, with its code and all its storage; further changes of it begin from nothing. */
#define ZVM_CHANGE_DESTROY 6

/* `randomness` holds. */
#define ZVM_BLOCK_RANDOMNESS 1

/* The session may not commit. */
#define ZVM_SESSION_READ_ONLY 1

/* Nothing below this call may write. */
#define ZVM_CALL_STATIC 1

/* `salt` holds: the new contract's address follows CREATE2. */
#define ZVM_DEPLOY_SALT 1

/* WebAssembly. */
#define ZVM_ENGINE_WASM 1

/* Ethereum bytecode. */
#define ZVM_ENGINE_EVM 2

/* ZVM bytecode. */
#define ZVM_ENGINE_ZVM 3

/* The bytecode of the first ZVM, which no first bytes tell. */
#define ZVM_ENGINE_ZVM_LEGACY 4

/* In zvm_session_trace: a line where a call or creation begins and one where it ends, of every engine. */
#define ZVM_TRACE_CALLS 1

/* In zvm_session_trace: a line for each step of EVM code and one for the whole call (EIP-3155). */
#define ZVM_TRACE_STEPS 2

/* keccak256 as Ethereum uses it. The numbers of hashes are those of the host functions. */
#define ZVM_HASH_KECCAK256 96

/* SHA-256. */
#define ZVM_HASH_SHA256 97

/* SHA3-256. */
#define ZVM_HASH_SHA3_256 98

/* BLAKE3 with 32 bytes of output. */
#define ZVM_HASH_BLAKE3 99

/* BLAKE2b with 32 bytes of output. */
#define ZVM_HASH_BLAKE2B_256 100

/* RIPEMD-160: 20 bytes, then 12 of zero. */
#define ZVM_HASH_RIPEMD160 101

/* Ed25519, strict. */
#define ZVM_ALGORITHM_ED25519 1

/* ECDSA on secp256k1 of a digest of 32 bytes, compact, low s. */
#define ZVM_ALGORITHM_SECP256K1 2

/* ECDSA on P-256 of a digest of 32 bytes, compact. */
#define ZVM_ALGORITHM_P256 3

/* Schnorr on secp256k1 (BIP-340). */
#define ZVM_ALGORITHM_SCHNORR 4

/* BLS on BLS12-381, keys in G1. */
#define ZVM_ALGORITHM_BLS 5

/* ML-DSA-44 (FIPS 204). */
#define ZVM_ALGORITHM_MLDSA44 16

/* ML-DSA-65 (FIPS 204). */
#define ZVM_ALGORITHM_MLDSA65 17

/* ML-DSA-87 (FIPS 204). */
#define ZVM_ALGORITHM_MLDSA87 18

/* Dilithium2 of round 3, where the library was built with it. */
#define ZVM_ALGORITHM_DILITHIUM2 24

/* Dilithium3 of round 3, where the library was built with it. */
#define ZVM_ALGORITHM_DILITHIUM3 25

/* Dilithium5 of round 3, where the library was built with it. */
#define ZVM_ALGORITHM_DILITHIUM5 26

/* The signature is the key's. */
#define ZVM_VERDICT_VALID 1

/* It is not. */
#define ZVM_VERDICT_INVALID 0

/* The algorithm is not known, or what was given is no key of it. */
#define ZVM_VERDICT_NO_KEY -1

/* A call of a contract. */
#define ZVM_TRANSACTION_CALL 1

/* A deploy. */
#define ZVM_TRANSACTION_DEPLOY 2

/* `salt` holds: the new contract's address follows CREATE2. */
#define ZVM_TRANSACTION_SALT 1

/* With a gas price. */
#define ZVM_ETHEREUM_LEGACY 0

/* And with an access list (EIP-2930). */
#define ZVM_ETHEREUM_ACCESS_LIST 1

/* With a fee cap and a tip (EIP-1559). */
#define ZVM_ETHEREUM_DYNAMIC_FEE 2

/* And with blobs (EIP-4844). */
#define ZVM_ETHEREUM_BLOB 3

/* And with authorizations (EIP-7702). */
#define ZVM_ETHEREUM_SET_CODE 4

/* `to` is not looked at: the transaction creates a contract. */
#define ZVM_ETHEREUM_CREATES 1

/* `chain_id` is not looked at: a legacy transaction for any chain. */
#define ZVM_ETHEREUM_ANY_CHAIN 2

/* Checked and compiled code. While it lives, its runtime keeps it ready. */
typedef struct zvm_code zvm_code;

/* Details of a failed call. Immutable; readable from any thread. */
typedef struct zvm_error zvm_error;

/* The running call, for the callback that was given it, on its thread, until it returns. */
typedef struct zvm_frame zvm_frame;

/* A cancel token: put it into calls, fire it from anywhere. It stays fired until it is reset. */
typedef struct zvm_interrupt zvm_interrupt;

/* The memory behind a filled zvm_result. */
typedef struct zvm_outcome zvm_outcome;

/* Engines, rules and compiled code, shared by any number of sessions on any threads. */
typedef struct zvm_runtime zvm_runtime;

/* One view of the state: many calls, one commit. */
typedef struct zvm_session zvm_session;

/* The embedded ledger. */
typedef struct zvm_store zvm_store;

/* An account or contract: 20 bytes. */
typedef struct zvm_address {
  /* The bytes. */
  uint8_t bytes[20];
} zvm_address;

/*
 Bytes that belong to somebody else. Empty is {NULL, 0} where the library fills it in; it
 accepts {anything, 0}. Absence is never said by a slice.
 */
typedef struct zvm_bytes {
  /* First byte. */
  const uint8_t *ptr;
  /* Number of bytes. */
  size_t len;
} zvm_bytes;

/* What a zvm_error says. The message belongs to the error. */
typedef struct zvm_error_view {
  /* Size of this struct, filled in by the caller. */
  uint32_t struct_size;
  /* The status the call returned. */
  int32_t status;
  /* The untouched number that a failing callback returned or set, else 0. */
  int32_t host_code;
  /* How deep calls between contracts were nested, 0 outside a contract. */
  uint32_t depth;
  /* The contract that was running; zero where none was. */
  struct zvm_address contract;
  /* With ZVM_E_REJECTED a ZVM_REJECTION number, else 0. */
  uint32_t reason;
  /* One sentence in UTF-8, also NUL-terminated one past its length. */
  struct zvm_bytes message;
} zvm_error_view;

/* An amount, hash or slot: 32 bytes, big-endian. */
typedef struct zvm_word {
  /* The bytes, the most significant first. */
  uint8_t bytes[32];
} zvm_word;

/*
 A parameter by name: `limit.NAME` for a limit, `gas.NAME` for a price. The names are those
 of docs/parameters.md; unknown ones are refused.
 */
typedef struct zvm_option {
  /* The name, ASCII. */
  struct zvm_bytes name;
  /* The figure. */
  uint64_t value;
} zvm_option;

/* What a runtime is made of. Zero in a field is its default, but `abi` must be ZVM_ABI. */
typedef struct zvm_config {
  /* Size of this struct. */
  uint32_t struct_size;
  /* ZVM_ABI. */
  uint32_t abi;
  /* ZVM_CONFIG flags. Protocol parameters: equal on every node. */
  uint32_t flags;
  /* A ZVM_ADMISSION number. A protocol parameter. */
  uint32_t admission;
  /* The least score a required admission accepts. A protocol parameter. */
  uint32_t least_score;
  /*
   Threads that may compile in the background, at most 8; ZVM_COMPILER_TIERED needs one. They
   begin when there is work and end with the runtime.
   */
  uint32_t compile_threads;
  /* Bytes of compiled code kept ready, about; 0 is 256 MiB. */
  uint64_t cache_bytes;
  /* The secret that seals serialised code. Each machine its own; not a protocol parameter. */
  struct zvm_word artefact_key;
  /* Parameters by name. Protocol parameters. */
  const struct zvm_option *options;
  /* How many. */
  size_t option_count;
  /* A ZVM_COMPILER number. Not a protocol parameter: results are the same. */
  uint32_t compiler;
  /* A ZVM_SIGNALS number. Not a protocol parameter. */
  uint32_t signals;
  /* Runs after which tiered code is compiled again; 0 is 500. */
  uint32_t hot_runs;
  /* A ZVM_REVISION number: Ethereum's rules for EVM code. A protocol parameter. */
  uint32_t revision;
} zvm_config;

/* What a runtime did and holds. */
typedef struct zvm_stats {
  /* Size of this struct, filled in by the caller. */
  uint32_t struct_size;
  /* Zero. */
  uint32_t reserved;
  /* Calls and queries from outside. */
  uint64_t calls;
  /* Deploys from outside. */
  uint64_t deploys;
  /* Of both, how many ended with a status other than ZVM_OK. */
  uint64_t failures;
  /* Codes kept ready. */
  uint64_t codes;
  /* Bytes they take, about. */
  uint64_t code_bytes;
  /* Codes compiled since the runtime was made. */
  uint64_t compilations;
  /* Of them, how many were compiled again because they are run often. */
  uint64_t recompilations;
} zvm_stats;

/* Code to be loaded. Zero in a field is its default. */
typedef struct zvm_code_params {
  /* Size of this struct. */
  uint32_t struct_size;
  /* ZVM_CODE flags. */
  uint32_t flags;
  /* A ZVM_ENGINE number; 0 lets the first bytes decide. */
  uint32_t engine;
  /* Zero. */
  uint32_t reserved;
  /* The code. Borrowed. */
  struct zvm_bytes code;
  /* With ZVM_CODE_EXPECT_HASH. */
  struct zvm_word expected_hash;
  /*
   If it is fired before the work begins, the status is CANCELLED; a running compile is not
   stopped. NULL is none. Borrowed.
   */
  const struct zvm_interrupt *interrupt;
} zvm_code_params;

/* What can be said of loaded code. Lists and bytes belong to the code handle. */
typedef struct zvm_code_view {
  /* Size of this struct, filled in by the caller. */
  uint32_t struct_size;
  /* A ZVM_ENGINE number. */
  uint32_t engine;
  /* keccak256 of the code. */
  struct zvm_word hash;
  /* The code itself. */
  struct zvm_bytes code;
  /* Bytes the compiled form takes, about. */
  uint64_t compiled_bytes;
  /* Memory pages of 64 KiB it begins with. */
  uint32_t initial_pages;
  /* Memory pages of 64 KiB it may grow to. */
  uint32_t max_pages;
  /* The entries a call may name. */
  const struct zvm_bytes *entries;
  /* How many. */
  size_t entry_count;
  /* The host functions it imports. */
  const struct zvm_bytes *imports;
  /* How many. */
  size_t import_count;
  /* The ABI metadata it carries; empty where it has none. */
  struct zvm_bytes abi;
} zvm_code_view;

/* What a zvm_frame says. */
typedef struct zvm_frame_view {
  /* Size of this struct, filled in by the caller. */
  uint32_t struct_size;
  /* How deep calls between contracts are nested; 0 outside a call. */
  uint32_t depth;
  /* The contract that runs; zero outside a call. */
  struct zvm_address contract;
  /* 1 when the call's interrupt was fired; a passed deadline is not shown. */
  uint32_t cancelled;
  /* Gas left in the running call. */
  uint64_t gas_left;
} zvm_frame_view;

/* A call of a contract. Zero in a field is its default. */
typedef struct zvm_call {
  /* Size of this struct. */
  uint32_t struct_size;
  /* ZVM_CALL flags. */
  uint32_t flags;
  /* Who calls; pays the value. */
  struct zvm_address caller;
  /* The contract. */
  struct zvm_address target;
  /* Who began the transaction; zero is the caller. */
  struct zvm_address origin;
  /* Zero. */
  uint32_t reserved;
  /* The amount that goes with the call. */
  struct zvm_word value;
  /* What contracts read as the gas price; fees are the host's business. */
  struct zvm_word gas_price;
  /* The exported entry; empty is `call`. */
  struct zvm_bytes entry;
  /* Its input. */
  struct zvm_bytes input;
  /* The most gas it may use. */
  uint64_t gas_limit;
  /* Stops the call with ZVM_E_DEADLINE after this many nanoseconds; 0 is never. */
  uint64_t time_limit_ns;
  /* Stops the call with ZVM_E_CANCELLED when it is fired; NULL is never. Borrowed. */
  const struct zvm_interrupt *interrupt;
} zvm_call;

/* An event. */
typedef struct zvm_log {
  /* The contract that emitted it. */
  struct zvm_address account;
  /* Number of topics, at most 4. */
  uint32_t topic_count;
  /* The topics; NULL where there are none. */
  const struct zvm_word *topics;
  /* Free data. */
  struct zvm_bytes data;
} zvm_log;

/*
 What came of a call. Filled in only where the status is ZVM_OK, zero otherwise. Everything
 up to `created` is a pure function of code, input, state and configuration. Clear it before it
 is filled again: what it held is not freed.
 */
typedef struct zvm_result {
  /* Size of this struct, filled in by the caller. */
  uint32_t struct_size;
  /* A ZVM_KIND number. */
  uint32_t kind;
  /* A ZVM_HALT number where the rules stopped the contract, else 0. */
  uint32_t halt;
  /* 1 where a contract was created. */
  uint32_t has_created;
  /* Gas to pay: what was used, less the refund. */
  uint64_t gas_used;
  /* Gas that was not used; with gas_used the limit. */
  uint64_t gas_left;
  /* The refund that is in gas_left. */
  uint64_t gas_refund;
  /* Output or revert data. Belongs to `owner`. */
  struct zvm_bytes data;
  /* Events that stand, in order of emission. Belong to `owner`. */
  const struct zvm_log *logs;
  /* How many. */
  size_t log_count;
  /* Where the new contract lives. */
  struct zvm_address created;
  /* The score of the last admission; 0 where none was asked. */
  uint32_t score;
  /* Storage reads. */
  uint64_t reads;
  /* Storage writes and deletes. */
  uint64_t writes;
  /* The most calls that were nested. */
  uint32_t depth;
  /* The most memory pages of 64 KiB that were live at once. */
  uint32_t pages;
  /* Freed by zvm_result_clear; NULL where there is nothing to free. */
  struct zvm_outcome *owner;
} zvm_result;

/*
 Where a callback puts bytes. Either write up to `cap` bytes to `buf` and set `len`; or ask
 zvm_reply_reserve for more room first; or point `lent` to memory of your own that stays
 valid until the next callback with the same context or the end of the library call.
 */
typedef struct zvm_reply {
  /* The library's memory, zeroed. */
  uint8_t *buf;
  /* Its size. */
  size_t cap;
  /* To fill in: bytes of the answer. */
  size_t len;
  /* To fill in when lending; NULL otherwise. */
  const uint8_t *lent;
  /* The library's. */
  void *owner;
} zvm_reply;

/* What every op begins with. */
typedef struct zvm_op {
  /* Size of the whole op; fields beyond it do not exist. */
  uint32_t struct_size;
  /* How deep calls between contracts are nested; 0 outside a call. */
  uint32_t depth;
  /* The running call, for zvm_frame functions; valid until the callback returns. */
  struct zvm_frame *frame;
  /* Gas left in the running call. */
  uint64_t gas_left;
  /*
   To fill in: gas asked on top of the schedule's price, 0 if left alone. Only reads of
   storage and accounts and queries may ask it: from a scan it is HOST_PROTOCOL, elsewhere
   ignored.
   */
  uint64_t gas_charge;
  /* To fill in: a number of the host's own that goes into the error when the callback fails. */
  int32_t host_code;
  /* To fill in where the table has ZVM_TABLE_ANSWER_IN_OP: the answer, ZVM_CB_FAIL until then. */
  int32_t answer;
} zvm_op;

/* Reads one storage entry. */
typedef struct zvm_get_op {
  /* Head. */
  struct zvm_op op;
  /* The contract. */
  struct zvm_address account;
  /* Zero. */
  uint32_t reserved;
  /* The key. */
  struct zvm_bytes key;
  /* Where the value goes. */
  struct zvm_reply value;
} zvm_get_op;

/* One entry of several to read. */
typedef struct zvm_slot {
  /* The contract. */
  struct zvm_address account;
  /* To fill in: 1 when the entry exists. */
  uint32_t found;
  /* The key. */
  struct zvm_bytes key;
  /* Where the value goes. */
  struct zvm_reply value;
  /* To fill in: as in zvm_op, for this entry. */
  uint64_t gas_charge;
} zvm_slot;

/* Reads several storage entries. */
typedef struct zvm_get_many_op {
  /* Head. */
  struct zvm_op op;
  /* The entries. */
  struct zvm_slot *slots;
  /* How many. */
  size_t count;
} zvm_get_many_op;

/* One row of a page: where its key and value lie in the page's data. */
typedef struct zvm_row {
  /* Offset of the key. */
  uint32_t key_off;
  /* Length of the key. */
  uint32_t key_len;
  /* Offset of the value. */
  uint32_t val_off;
  /* Length of the value. */
  uint32_t val_len;
} zvm_row;

/* Reads a page of a contract's entries in order of their keys. Pages are stateless. */
typedef struct zvm_scan_op {
  /* Head. */
  struct zvm_op op;
  /* The contract. */
  struct zvm_address account;
  /* 1: from the end of the range backwards. */
  uint32_t reverse;
  /* First key of the range, included. */
  struct zvm_bytes start;
  /* End of the range, excluded; only where `bounded` is 1. */
  struct zvm_bytes end;
  /* 1 where `end` is an end. */
  uint32_t bounded;
  /* 1: values are not needed; `val_len` may be 0. */
  uint32_t keys_only;
  /* To fill in, in order. */
  struct zvm_row *rows;
  /* At most this many. */
  size_t rows_cap;
  /* To fill in: how many; 0 only with `done`. */
  size_t rows_len;
  /*
   Where keys and values go. `cap` is small at first: zvm_reply_reserve gives room for up to
   `rows_cap` rows at the limits of key and value.
   */
  struct zvm_reply data;
  /*
   To keep: a word of the host's own; the session's next scan gets it, whatever its account
   and range.
   */
  uint64_t hint;
  /* To fill in: 1 when no rows of the range follow. */
  uint32_t done;
  /* Zero. */
  uint32_t reserved;
} zvm_scan_op;

/* One write of a commit. Absolute: applied twice, it changes nothing the second time. */
typedef struct zvm_change {
  /* A ZVM_CHANGE number. */
  uint32_t kind;
  /* By kind. */
  uint32_t flags;
  /* The account. */
  struct zvm_address account;
  /* Zero. */
  uint32_t reserved;
  /* By kind. */
  struct zvm_bytes key;
  /* By kind. */
  struct zvm_bytes value;
} zvm_change;

/* Takes over all changes, whole or not at all. */
typedef struct zvm_commit_op {
  /* Head. */
  struct zvm_op op;
  /*
   Ordered by account; within one balance, nonce, code, then storage entries by key, sets and
   deletes mixed. Each entry once.
   */
  const struct zvm_change *changes;
  /* How many. */
  size_t count;
  /* The events of the successful calls since the last commit, in order of emission. */
  const struct zvm_log *logs;
  /* How many. */
  size_t log_count;
  /* Which session of the process commits. */
  uint64_t session_id;
  /* Which of its commits this is, from 1; a failed one keeps its number when tried again. */
  uint64_t serial;
} zvm_commit_op;

/*
 A host's storage. A constant table: it is copied, its entries are shared by all sessions.
 Absent entries are NULL.
 */
typedef struct zvm_storage {
  /* Size of this struct. */
  uint32_t struct_size;
  /* ZVM_TABLE flags. */
  uint32_t flags;
  /* Required. DONE, ABSENT. */
  int32_t (*get)(void *ctx, struct zvm_get_op *op);
  /* Optional; `get` is asked for each otherwise. DONE. */
  int32_t (*get_many)(void *ctx, struct zvm_get_many_op *op);
  /* Optional; without it storage_next ends a call with ZVM_E_HOST_MISSING. DONE. */
  int32_t (*scan)(void *ctx, struct zvm_scan_op *op);
  /* Optional; a host may take zvm_session_changes and then zvm_session_reset instead. DONE. */
  int32_t (*commit)(void *ctx, struct zvm_commit_op *op);
  /*
   Optional. Called exactly once when the session that took the context is gone, also
   when it could not be made. No callback of any of its tables comes after the first release.
   */
  void (*release)(void *ctx);
} zvm_storage;

/* Reads an account. */
typedef struct zvm_account_op {
  /* Head. */
  struct zvm_op op;
  /* Whose. */
  struct zvm_address address;
  /* To fill in: a ZVM_ENGINE number as the code's change said, or 0 to let the code decide. */
  uint32_t engine;
  /* To fill in: creations from this account so far. */
  uint64_t nonce;
  /* To fill in. */
  struct zvm_word balance;
  /* To fill in: keccak256 of the code; zero where there is none. */
  struct zvm_word code_hash;
} zvm_account_op;

/* Reads code. */
typedef struct zvm_code_op {
  /* Head. */
  struct zvm_op op;
  /* keccak256 of the code. */
  struct zvm_word hash;
  /* Where the code goes. */
  struct zvm_reply code;
  /* Or, to fill in instead: a loaded code of this runtime, which stays the host's. */
  const struct zvm_code *ready;
} zvm_code_op;

/* Reads the hash of an earlier block. */
typedef struct zvm_block_hash_op {
  /* Head. */
  struct zvm_op op;
  /* The block's number. */
  uint64_t number;
  /* To fill in. */
  struct zvm_word hash;
} zvm_block_hash_op;

/* A host's accounts and code. As zvm_storage. */
typedef struct zvm_ledger {
  /* Size of this struct. */
  uint32_t struct_size;
  /* ZVM_TABLE flags. */
  uint32_t flags;
  /* Required. DONE, ABSENT. */
  int32_t (*account)(void *ctx, struct zvm_account_op *op);
  /* Required. DONE, ABSENT. */
  int32_t (*code)(void *ctx, struct zvm_code_op *op);
  /* Optional; without it every block is outside the window. DONE, ABSENT. */
  int32_t (*block_hash)(void *ctx, struct zvm_block_hash_op *op);
  /* Optional. As in zvm_storage. */
  void (*release)(void *ctx);
} zvm_ledger;

/* Scores code before it becomes a contract. */
typedef struct zvm_admit_op {
  /* Head. */
  struct zvm_op op;
  /* The code; valid code of `engine` at this point. */
  struct zvm_bytes code;
  /* keccak256 of the code. */
  struct zvm_word hash;
  /* Who creates the contract. */
  struct zvm_address creator;
  /* Where it will live. */
  struct zvm_address contract;
  /* A ZVM_ENGINE number. */
  uint32_t engine;
  /* To fill in: the higher, the better. */
  uint32_t score;
} zvm_admit_op;

/* Answers a contract's question of the host's own kind. */
typedef struct zvm_query_op {
  /* Head. */
  struct zvm_op op;
  /* What the contract passed as kind. */
  uint32_t kind;
  /* Zero. */
  uint32_t reserved;
  /* The question. */
  struct zvm_bytes request;
  /* Where the answer goes. */
  struct zvm_reply answer;
} zvm_query_op;

/* Takes a line of text. */
typedef struct zvm_log_op {
  /* Head. */
  struct zvm_op op;
  /* 1 a contract's debug line; 2 information and 3 warning are reserved. */
  uint32_t level;
  /* Zero. */
  uint32_t reserved;
  /* Whose line: a contract's address in hex. */
  struct zvm_bytes target;
  /* UTF-8, control characters escaped. */
  struct zvm_bytes message;
} zvm_log_op;

/* Takes lines of a trace. */
typedef struct zvm_trace_op {
  /* Head. */
  struct zvm_op op;
  /* Lines of JSON, UTF-8, each with its end. */
  struct zvm_bytes lines;
} zvm_trace_op;

/* What a host may add. As zvm_storage; every entry is optional. */
typedef struct zvm_hooks {
  /* Size of this struct. */
  uint32_t struct_size;
  /* ZVM_TABLE flags. */
  uint32_t flags;
  /* Asked at every deploy and creation where the configuration says so. DONE, REFUSED. */
  int32_t (*admit)(void *ctx, struct zvm_admit_op *op);
  /*
   Asked by the host function `query`. The one callback that may use zvm_frame_call.
   DONE, ABSENT.
   */
  int32_t (*query)(void *ctx, struct zvm_query_op *op);
  /* Its result is ignored. */
  int32_t (*log)(void *ctx, struct zvm_log_op *op);
  /* Called where zvm_session_trace asked for a trace. Its result is ignored. */
  int32_t (*trace)(void *ctx, struct zvm_trace_op *op);
  /* As in zvm_storage. */
  void (*release)(void *ctx);
} zvm_hooks;

/* The block a session executes in. */
typedef struct zvm_block {
  /* Size of this struct. */
  uint32_t struct_size;
  /* ZVM_BLOCK flags. */
  uint32_t flags;
  /* Height. */
  uint64_t number;
  /* Seconds since the Unix epoch. */
  uint64_t timestamp;
  /* Gas limit of the whole block. No WASM contract reads it yet. */
  uint64_t gas_limit;
  /* Chain identifier. */
  struct zvm_word chain_id;
  /* Base fee per unit of gas. No WASM contract reads it yet. */
  struct zvm_word base_fee;
  /* With ZVM_BLOCK_RANDOMNESS: the randomness the chain agreed on. */
  struct zvm_word randomness;
  /* Who proposed the block. */
  struct zvm_address proposer;
  /* Zero. */
  uint32_t reserved;
  /* Fee per unit of blob gas, for EVM code (EIP-7516). */
  struct zvm_word blob_base_fee;
  /* Difficulty, for EVM code under a revision before Paris. */
  struct zvm_word difficulty;
} zvm_block;

/*
 What a session is made over. The library takes over every context in it, also when the
 session cannot be made: `release` is called exactly once for each table that can be read and
 has one.
 */
typedef struct zvm_session_params {
  /* Size of this struct. */
  uint32_t struct_size;
  /* ZVM_SESSION flags. */
  uint32_t flags;
  /* The host's storage. Required. */
  const struct zvm_storage *storage;
  /* Its context. */
  void *storage_ctx;
  /* The host's accounts and code. Required. */
  const struct zvm_ledger *ledger;
  /* Its context. */
  void *ledger_ctx;
  /* The host's hooks; NULL is none. */
  const struct zvm_hooks *hooks;
  /* Their context. */
  void *hooks_ctx;
  /* The block; NULL is a block of zeros. */
  const struct zvm_block *block;
} zvm_session_params;

/* A contract to be deployed. Zero in a field is its default. */
typedef struct zvm_deploy {
  /* Size of this struct. */
  uint32_t struct_size;
  /* ZVM_DEPLOY flags. */
  uint32_t flags;
  /* Who deploys; pays the value. Its nonce grows. */
  struct zvm_address caller;
  /* Who began the transaction; zero is the caller. */
  struct zvm_address origin;
  /* A ZVM_ENGINE number; 0 lets the code's first bytes decide. */
  uint32_t engine;
  /* Zero. */
  uint32_t reserved;
  /* The amount the contract begins with. */
  struct zvm_word value;
  /* What contracts read as the gas price. */
  struct zvm_word gas_price;
  /* With ZVM_DEPLOY_SALT. */
  struct zvm_word salt;
  /* The code. */
  struct zvm_bytes code;
  /* The input of the constructor. */
  struct zvm_bytes input;
  /* The most gas it may use. */
  uint64_t gas_limit;
  /* As in zvm_call. */
  uint64_t time_limit_ns;
  /* As in zvm_call. */
  const struct zvm_interrupt *interrupt;
} zvm_deploy;

/* A point of a curve, a public key: x and y of 32 bytes each, big-endian. */
typedef struct zvm_point {
  /* x, then y. */
  uint8_t bytes[64];
} zvm_point;

/* What a signed transaction says. Bytes in it are parts of the bytes that were read. */
typedef struct zvm_transaction_view {
  /* Size of this struct. */
  uint32_t struct_size;
  /* ZVM_TRANSACTION_CALL or ZVM_TRANSACTION_DEPLOY. */
  uint32_t kind;
  /* ZVM_TRANSACTION flags. */
  uint32_t flags;
  /* The ZVM_ALGORITHM it is signed with. */
  uint32_t algorithm;
  /* How many transactions and creations the sender made before. */
  uint64_t nonce;
  /* The most gas it may use. */
  uint64_t gas_limit;
  /* The chain it is for. */
  struct zvm_word chain_id;
  /* What contracts read as the gas price; fees are the host's business. */
  struct zvm_word gas_price;
  /* The amount that goes with it. */
  struct zvm_word value;
  /* With ZVM_TRANSACTION_SALT. */
  struct zvm_word salt;
  /* What was signed: keccak256 of `zvm transaction 1` and the transaction without its signature. */
  struct zvm_word digest;
  /* keccak256 of all bytes: the transaction's name. */
  struct zvm_word hash;
  /* The account of the key. */
  struct zvm_address sender;
  /* The contract that is called. */
  struct zvm_address target;
  /* What is to run deployed code, a ZVM_ENGINE number; 0 lets its first bytes decide. */
  uint32_t engine;
  /* Zero. */
  uint32_t reserved;
  /* The entry that is called; empty is `call`. */
  struct zvm_bytes entry;
  /* The input of the entry or of the constructor. */
  struct zvm_bytes input;
  /* The code to deploy. */
  struct zvm_bytes code;
  /* The public key. */
  struct zvm_bytes key;
  /* The signature. */
  struct zvm_bytes signature;
} zvm_transaction_view;

/* A signed transaction to be run. Zero in a field is its default. */
typedef struct zvm_run {
  /* Size of this struct. */
  uint32_t struct_size;
  /* Zero. */
  uint32_t flags;
  /* The bytes of the signed transaction. */
  struct zvm_bytes transaction;
  /* As in zvm_call. */
  uint64_t time_limit_ns;
  /* As in zvm_call. */
  const struct zvm_interrupt *interrupt;
} zvm_run;

/* An account, and slots of it, that are warm from a transaction's beginning. */
typedef struct zvm_access {
  /* The account. */
  struct zvm_address address;
  /* Zero. */
  uint32_t reserved;
  /* Its slots. */
  const struct zvm_word *slots;
  /* How many. */
  size_t slot_count;
} zvm_access;

/* One account's signed wish to have a contract's code. A signature that is none has no effect. */
typedef struct zvm_authorization {
  /* The chain it is for; zero is every chain. */
  struct zvm_word chain_id;
  /* The contract; zero takes the code away. */
  struct zvm_address address;
  /* The signature's parity, 0 or 1. */
  uint32_t y_parity;
  /* The account's nonce. */
  uint64_t nonce;
  /* The signature's r. */
  struct zvm_word r;
  /* The signature's s. */
  struct zvm_word s;
} zvm_authorization;

/*
 A transaction as Ethereum has it, of a sender whose signature the host has checked. Zero in a
 field is its default; a kind uses the fields it has.
 */
typedef struct zvm_ethereum_transaction {
  /* Size of this struct. */
  uint32_t struct_size;
  /* ZVM_ETHEREUM_CREATES, ZVM_ETHEREUM_ANY_CHAIN. */
  uint32_t flags;
  /* ZVM_ETHEREUM_LEGACY, or another kind. */
  uint32_t kind;
  /* Zero. */
  uint32_t reserved;
  /* The chain it is for. */
  struct zvm_word chain_id;
  /* Who signed it, and pays. */
  struct zvm_address sender;
  /* Whom it calls. */
  struct zvm_address to;
  /* The sender's nonce. */
  uint64_t nonce;
  /* The most gas it may use. */
  uint64_t gas_limit;
  /* The price of a unit of gas; from ZVM_ETHEREUM_DYNAMIC_FEE on the most it may be, base fee included. */
  struct zvm_word gas_price;
  /* The most of it that goes to the proposer. */
  struct zvm_word tip;
  /* The amount that goes with it. */
  struct zvm_word value;
  /* Input of the call, or initcode. */
  struct zvm_bytes input;
  /* What is warm from its beginning. */
  const struct zvm_access *access_list;
  /* How many accounts. */
  size_t access_count;
  /* The versioned hashes of its blobs. */
  const struct zvm_word *blob_hashes;
  /* How many. */
  size_t blob_count;
  /* The most a unit of blob gas may cost. */
  struct zvm_word blob_fee_cap;
  /* Accounts that take a contract's code. */
  const struct zvm_authorization *authorizations;
  /* How many. */
  size_t authorization_count;
  /* Stops it with ZVM_E_DEADLINE after this many nanoseconds; 0 is never. */
  uint64_t time_limit_ns;
  /* Stops it with ZVM_E_CANCELLED when it is fired; NULL is never. Borrowed. */
  const struct zvm_interrupt *interrupt;
} zvm_ethereum_transaction;

ZVM_BEGIN

/*
 The ABI of this library, as ZVM_ABI.

 Ownership: none.
 Thread: any.
 */
ZVM_API uint32_t zvm_abi_version(void);

/*
 Version, engines and compilers of this library.

 Ownership: static.
 Thread: any.
 */
ZVM_API const char *zvm_version_string(void);

/*
 The version of a feature, 0 where this library does not have it.

 Ownership: none.
 Thread: any.
 */
ZVM_API uint32_t zvm_feature(uint32_t id);

/*
 The name of a status, such as HOST_PROTOCOL; never NULL.

 Ownership: static.
 Thread: any.
 */
ZVM_API const char *zvm_status_name(int32_t status);

/*
 The name of an outcome's kind, such as SUCCESS; never NULL.

 Ownership: static.
 Thread: any.
 */
ZVM_API const char *zvm_kind_name(uint32_t kind);

/*
 The name of a halt, such as UNREACHABLE; never NULL.

 Ownership: static.
 Thread: any.
 */
ZVM_API const char *zvm_halt_name(uint32_t halt);

/*
 Tests a part of this very build: use it where the library was built or linked by somebody
 else. ZVM_SELFTEST_PANIC panics on purpose, so that anything but ZVM_E_PANIC is its failure.

 Ownership: none.
 Thread: any.
 Statuses: OK, PANIC, ARGUMENT, INTERNAL and any other status of what is tested.
 */
ZVM_API int32_t zvm_selftest(uint32_t what, struct zvm_error **err);

/*
 Reads what an error says.

 Ownership: `error` is borrowed; `out` is the caller's; the message in it belongs to `error`.
 Thread: any.
 Statuses: OK, NULL, HANDLE, STRUCT_SIZE, PANIC.
 */
ZVM_API int32_t zvm_error_info(const struct zvm_error *error, struct zvm_error_view *out);

/*
 Frees an error. NULL is fine.

 Ownership: takes `error`.
 Thread: any.
 */
ZVM_API void zvm_error_free(struct zvm_error *error);

/*
 Makes a runtime.

 Ownership: `config` is borrowed; the caller owns `*out`.
 Thread: any.
 Statuses: OK, NULL, STRUCT_SIZE, ABI, FLAGS, UNSUPPORTED, ARGUMENT, LIMIT, INTERNAL, PANIC.
 */
ZVM_API
int32_t zvm_runtime_new(const struct zvm_config *config,
                        struct zvm_runtime **out,
                        struct zvm_error **err);

/*
 Another handle to the same runtime; NULL where `runtime` is none.

 Ownership: `runtime` is borrowed; the caller owns what is returned.
 Thread: any.
 */
ZVM_API struct zvm_runtime *zvm_runtime_clone(const struct zvm_runtime *runtime);

/*
 Frees this handle; sessions and codes keep what they need. NULL is fine.

 Ownership: takes `runtime`.
 Thread: any.
 */
ZVM_API void zvm_runtime_free(struct zvm_runtime *runtime);

/*
 Reads what a runtime did and holds.

 Ownership: `runtime` is borrowed; `out` is the caller's.
 Thread: any.
 Statuses: OK, NULL, HANDLE, STRUCT_SIZE, PANIC.
 */
ZVM_API
int32_t zvm_runtime_stats(const struct zvm_runtime *runtime,
                          struct zvm_stats *out,
                          struct zvm_error **err);

/*
 Drops compiled code that nobody holds.

 Ownership: `runtime` is borrowed.
 Thread: any.
 Statuses: OK, NULL, HANDLE, PANIC.
 */
ZVM_API int32_t zvm_runtime_trim(const struct zvm_runtime *runtime, struct zvm_error **err);

/*
 Puts the handlers of contracts' traps back where others were installed over them: after it,
 what no contract caused goes to the handlers that were there before the first run. Under
 ZVM_SIGNALS_NONE there is nothing to do.

 Ownership: `runtime` is borrowed.
 Thread: any.
 Statuses: OK, HANDLE, NULL, PANIC.
 */
ZVM_API int32_t zvm_signals_ensure(const struct zvm_runtime *runtime, struct zvm_error **err);

/*
 Everything a result depends on besides code, input and state, as one hash: two nodes with
 the same fingerprint compute the same.

 Ownership: `runtime` is borrowed; `out` is the caller's.
 Thread: any.
 Statuses: OK, NULL, HANDLE, PANIC.
 */
ZVM_API
int32_t zvm_runtime_fingerprint(const struct zvm_runtime *runtime,
                                struct zvm_word *out,
                                struct zvm_error **err);

/*
 Checks and compiles code.

 Ownership: `runtime` and `params` are borrowed; the caller owns `*out`.
 Thread: any.
 Statuses: OK, NULL, HANDLE, STRUCT_SIZE, FLAGS, ARGUMENT, UNSUPPORTED, CODE_FORMAT,
 CODE_INVALID, CODE_FORBIDDEN, CODE_TOO_LARGE, COMPILE, CANCELLED, PANIC, INTERNAL.
 */
ZVM_API
int32_t zvm_code_load(const struct zvm_runtime *runtime,
                      const struct zvm_code_params *params,
                      struct zvm_code **out,
                      struct zvm_error **err);

/*
 Another handle to the same code; NULL where `code` is none.

 Ownership: `code` is borrowed; the caller owns what is returned.
 Thread: any.
 */
ZVM_API struct zvm_code *zvm_code_clone(const struct zvm_code *code);

/*
 Frees this handle. NULL is fine.

 Ownership: takes `code`; every view into it ends.
 Thread: any.
 */
ZVM_API void zvm_code_free(struct zvm_code *code);

/*
 Reads what can be said of code.

 Ownership: `code` is borrowed; `out` is the caller's; lists and bytes in it belong to `code`.
 Thread: any.
 Statuses: OK, NULL, HANDLE, STRUCT_SIZE, PANIC.
 */
ZVM_API
int32_t zvm_code_info(const struct zvm_code *code,
                      struct zvm_code_view *out,
                      struct zvm_error **err);

/*
 The compiled form as bytes that zvm_code_deserialize takes back. It is machine code under a
 keyed checksum: set an artefact key, and keep the bytes where nobody else can write.

 Ownership: `code` is borrowed; the bytes belong to it.
 Thread: any.
 Statuses: OK, NULL, HANDLE, COMPILE, PANIC.
 */
ZVM_API
int32_t zvm_code_serialize(const struct zvm_code *code,
                           struct zvm_bytes *out,
                           struct zvm_error **err);

/*
 Takes back what zvm_code_serialize gave in a runtime of the same build, configuration and
 artefact key, on a machine of the same kind. Other bytes are refused unread: load the code again.

 Ownership: `runtime` and `artefact` are borrowed; the caller owns `*out`.
 Thread: any.
 Statuses: OK, NULL, HANDLE, ARTEFACT, PANIC.
 */
ZVM_API
int32_t zvm_code_deserialize(const struct zvm_runtime *runtime,
                             struct zvm_bytes artefact,
                             struct zvm_code **out,
                             struct zvm_error **err);

/*
 Reads what is known of the running call.

 Ownership: `frame` is borrowed; `out` is the caller's.
 Thread: callback only.
 Statuses: OK, NULL, HANDLE, STRUCT_SIZE, PANIC.
 */
ZVM_API
int32_t zvm_frame_info(const struct zvm_frame *frame,
                       struct zvm_frame_view *out,
                       struct zvm_error **err);

/*
 Says why the callback is about to fail; the number and text go into the error.

 Ownership: `frame` and `text` are borrowed; the text is copied, at most 1 KiB of it.
 Thread: callback only.
 Statuses: OK, NULL, HANDLE, LIMIT, PANIC.
 */
ZVM_API
int32_t zvm_frame_fail(const struct zvm_frame *frame,
                       int32_t code,
                       struct zvm_bytes text,
                       struct zvm_error **err);

/*
 Calls a contract from inside the query hook, in the same overlay, below the contract that
 asks, whose address is the caller. It gets at most 63/64 of the gas left; `gas_limit` of the
 call caps it further. Changes stand unless the call fails or the asking frame does. Of `call`,
 `caller`, `origin`, `gas_price`, `time_limit_ns` and `interrupt` are not used. Events are in
 the result of the call from outside; refund and counters are 0.

 Ownership: `frame` and `call` are borrowed; `result` is the caller's, to be cleared.
 Thread: callback only.
 Statuses: OK, NULL, HANDLE, STRUCT_SIZE, UNSUPPORTED, ARGUMENT, FLAGS, LIMIT, STATE (in any
 other callback), and all other statuses of zvm_session_call but BUSY and POISONED.
 */
ZVM_API
int32_t zvm_frame_call(const struct zvm_frame *frame,
                       const struct zvm_call *call,
                       struct zvm_result *result,
                       struct zvm_error **err);

/*
 Makes room for `need` bytes in a reply and returns its new buffer, zeroed; NULL where that
 is over the limit for this answer or `reply` is NULL. What was written before is lost.

 Ownership: `reply` is borrowed; the buffer belongs to the library until the callback returns.
 Thread: callback only.
 */
ZVM_API uint8_t *zvm_reply_reserve(struct zvm_reply *reply, size_t need);

/*
 Frees what a result holds and zeroes all but struct_size, so that it can be filled again. NULL
 and a cleared result are fine.

 Ownership: `result` stays the caller's; every view in it ends.
 Thread: any.
 */
ZVM_API void zvm_result_clear(struct zvm_result *result);

/*
 Makes a session over a host's tables.

 Ownership: `runtime` and `params` are borrowed; the contexts in `params` are taken over, also
 on failure, unless `params` or the context's own table cannot be read (NULL, STRUCT_SIZE,
 UNSUPPORTED); the caller owns `*out`.
 Thread: any.
 Statuses: OK, NULL, HANDLE, STRUCT_SIZE, UNSUPPORTED, FLAGS, ARGUMENT, HOST_MISSING, PANIC.
 */
ZVM_API
int32_t zvm_session_new(const struct zvm_runtime *runtime,
                        const struct zvm_session_params *params,
                        struct zvm_session **out,
                        struct zvm_error **err);

/*
 Frees a session and drops what it did not commit. From a callback of its own it takes effect
 when the running call returns. NULL is fine.

 Ownership: takes `session`; views into it end; `release` of its tables is called.
 Thread: one at a time per session.
 */
ZVM_API void zvm_session_free(struct zvm_session *session);

/*
 Deploys a contract.

 Ownership: `session` and `deploy` are borrowed; `result` is the caller's, to be cleared.
 Thread: one at a time per session.
 Statuses: OK, NULL, HANDLE, STRUCT_SIZE, UNSUPPORTED, FLAGS, ARGUMENT, LIMIT, BUSY, STATE,
 POISONED, CODE_FORMAT, CODE_INVALID, CODE_FORBIDDEN, CODE_TOO_LARGE, COMPILE, CODE_REFUSED, HOST,
 HOST_PROTOCOL, HOST_MISSING, HOST_UNWOUND, CANCELLED, DEADLINE, MEMORY, PANIC, INTERNAL. After
 any but OK nothing has changed.
 */
ZVM_API
int32_t zvm_session_deploy(struct zvm_session *session,
                           const struct zvm_deploy *deploy,
                           struct zvm_result *result,
                           struct zvm_error **err);

/*
 Calls a contract.

 Ownership: `session` and `call` are borrowed; `result` is the caller's, to be cleared.
 Thread: one at a time per session.
 Statuses: OK, NULL, HANDLE, STRUCT_SIZE, UNSUPPORTED, FLAGS, ARGUMENT, LIMIT, BUSY, STATE,
 POISONED, COMPILE, HOST, HOST_PROTOCOL, HOST_MISSING, HOST_UNWOUND, CANCELLED, DEADLINE, MEMORY, PANIC,
 INTERNAL. After any but OK nothing has changed.
 */
ZVM_API
int32_t zvm_session_call(struct zvm_session *session,
                         const struct zvm_call *call,
                         struct zvm_result *result,
                         struct zvm_error **err);

/*
 Calls a contract and drops its changes.

 Ownership: `session` and `call` are borrowed; `result` is the caller's, to be cleared.
 Thread: one at a time per session.
 Statuses: as zvm_session_call.
 */
ZVM_API
int32_t zvm_session_query(struct zvm_session *session,
                          const struct zvm_call *call,
                          struct zvm_result *result,
                          struct zvm_error **err);

/*
 Says what the session's calls of every kind tell the hook `trace` of their course, from now on; 0 ends
 it. docs/tracing.md has the lines. Results and gas are the same.

 Ownership: `session` is borrowed.
 Thread: one at a time per session.
 Statuses: OK, NULL, HANDLE, FLAGS, BUSY, PANIC.
 */
ZVM_API
int32_t zvm_session_trace(struct zvm_session *session,
                          uint32_t flags,
                          struct zvm_error **err);

/*
 Reads storage entries of an account ahead, in as few callbacks as the host allows. Gas is the
 same as without.

 Ownership: everything is borrowed.
 Thread: one at a time per session.
 Statuses: OK, NULL, HANDLE, LIMIT, BUSY, POISONED, HOST, HOST_PROTOCOL, HOST_UNWOUND, PANIC.
 */
ZVM_API
int32_t zvm_session_prefetch(struct zvm_session *session,
                             const struct zvm_address *account,
                             const struct zvm_bytes *keys,
                             size_t count,
                             struct zvm_error **err);

/*
 Sets a savepoint. It holds until a commit, a reset, or a return to an earlier one.

 Ownership: `session` is borrowed; `out` is the caller's.
 Thread: one at a time per session.
 Statuses: OK, NULL, HANDLE, BUSY, POISONED, PANIC.
 */
ZVM_API
int32_t zvm_session_mark(struct zvm_session *session,
                         uint64_t *out,
                         struct zvm_error **err);

/*
 Takes back everything since a savepoint, which can be returned to again.

 Ownership: `session` is borrowed.
 Thread: one at a time per session.
 Statuses: OK, NULL, HANDLE, ARGUMENT (the savepoint does not hold), BUSY, POISONED, PANIC.
 */
ZVM_API
int32_t zvm_session_rollback(struct zvm_session *session,
                             uint64_t mark,
                             struct zvm_error **err);

/*
 Reads the ordered, de-duplicated writes since the last commit.

 Ownership: `session` is borrowed; the list belongs to it until the next call with it.
 Thread: one at a time per session.
 Statuses: OK, NULL, HANDLE, BUSY, POISONED, PANIC.
 */
ZVM_API
int32_t zvm_session_changes(struct zvm_session *session,
                            const struct zvm_change **out,
                            size_t *count,
                            struct zvm_error **err);

/*
 Hands all changes to the host in one callback. The session goes on from the new state. After a
 failure nothing is forgotten, and the commit can be tried again.

 Ownership: `session` is borrowed.
 Thread: one at a time per session.
 Statuses: OK, NULL, HANDLE, BUSY, POISONED, STATE (a read-only session), HOST, HOST_PROTOCOL,
 HOST_MISSING, HOST_UNWOUND, PANIC.
 */
ZVM_API int32_t zvm_session_commit(struct zvm_session *session, struct zvm_error **err);

/*
 Drops every change and cached read, and cures a poisoned session.

 Ownership: `session` is borrowed.
 Thread: one at a time per session.
 Statuses: OK, NULL, HANDLE, BUSY, PANIC.
 */
ZVM_API int32_t zvm_session_reset(struct zvm_session *session, struct zvm_error **err);

/*
 One call in a session of its own: made, called, committed if the contract succeeded and the
 session is not read-only, freed.

 Ownership: as zvm_session_new and zvm_session_call.
 Thread: any.
 Statuses: those of zvm_session_new, zvm_session_call and zvm_session_commit. After any but OK
 nothing was committed, unless the host's own commit failed in doubt.
 */
ZVM_API
int32_t zvm_execute(const struct zvm_runtime *runtime,
                    const struct zvm_session_params *params,
                    const struct zvm_call *call,
                    struct zvm_result *result,
                    struct zvm_error **err);

/*
 Opens the ledger in a file, made if it is not there. One handle at a time, in all processes.

 Ownership: `path`, UTF-8, is borrowed; the caller owns `*out`.
 Thread: any.
 Statuses: OK, NULL, ARGUMENT (no regular file, or not ours; it is left as it is), STATE (already
 open, here or elsewhere), HOST (the file system, or a damaged file), UNSUPPORTED (a newer format), PANIC.
 */
ZVM_API
int32_t zvm_store_open(struct zvm_bytes path,
                       struct zvm_store **out,
                       struct zvm_error **err);

/*
 Makes a ledger in memory; it ends when its handle and its sessions are freed.

 Ownership: the caller owns `*out`.
 Thread: any.
 Statuses: OK, NULL, PANIC.
 */
ZVM_API int32_t zvm_store_memory(struct zvm_store **out, struct zvm_error **err);

/*
 Puts the ledger's tables and a context of its own, with a snapshot of the state as it is now,
 into the parameters of one session. The session takes the context over like any host's:
 every call of this function must be followed by one zvm_session_new or zvm_execute. Sets the
 storage and ledger fields only.

 Ownership: `store` is borrowed and may be freed before the session; `params` is the caller's.
 Thread: any.
 Statuses: OK, NULL, HANDLE, STRUCT_SIZE, UNSUPPORTED, HOST, PANIC.
 */
ZVM_API
int32_t zvm_store_attach(const struct zvm_store *store,
                         struct zvm_session_params *params,
                         struct zvm_error **err);

/*
 Applies changes of the caller's own, such as first balances, as one durable commit.

 Ownership: everything is borrowed.
 Thread: any.
 Statuses: OK, NULL, HANDLE, ARGUMENT, UNSUPPORTED, LIMIT, HOST, PANIC.
 */
ZVM_API
int32_t zvm_store_apply(const struct zvm_store *store,
                        const struct zvm_change *changes,
                        size_t count,
                        struct zvm_error **err);

/*
 Frees this handle; sessions over the ledger keep it open. NULL is fine.

 Ownership: takes `store`.
 Thread: any.
 */
ZVM_API void zvm_store_free(struct zvm_store *store);

/*
 Makes a token that is not fired.

 Ownership: the caller owns `*out`.
 Thread: any.
 Statuses: OK, NULL, PANIC.
 */
ZVM_API int32_t zvm_interrupt_new(struct zvm_interrupt **out, struct zvm_error **err);

/*
 Another handle to the same token; NULL where `interrupt` is no token.

 Ownership: `interrupt` is borrowed; the caller owns what is returned.
 Thread: any.
 */
ZVM_API struct zvm_interrupt *zvm_interrupt_clone(const struct zvm_interrupt *interrupt);

/*
 Stops every call that carries the token, now and until it is reset. NULL does nothing.

 Ownership: `interrupt` is borrowed.
 Thread: async-signal-safe.
 */
ZVM_API void zvm_interrupt_fire(const struct zvm_interrupt *interrupt);

/*
 Makes a fired token usable again. NULL does nothing.

 Ownership: `interrupt` is borrowed.
 Thread: async-signal-safe.
 */
ZVM_API void zvm_interrupt_reset(const struct zvm_interrupt *interrupt);

/*
 Frees this handle; the token lives while another or a running call holds it. NULL is fine.

 Ownership: takes `interrupt`.
 Thread: any.
 */
ZVM_API void zvm_interrupt_free(struct zvm_interrupt *interrupt);

/*
 The address of a contract that `sender` creates with this nonce (CREATE).

 Ownership: everything is borrowed; `out` is the caller's.
 Thread: any.
 Statuses: OK, NULL, PANIC.
 */
ZVM_API
int32_t zvm_address_create(const struct zvm_address *sender,
                           uint64_t nonce,
                           struct zvm_address *out,
                           struct zvm_error **err);

/*
 The address of a contract that `sender` creates with this salt (CREATE2, EIP-1014).
 `initcode_hash` is keccak256 of the initcode; for WASM and ZVM keccak256 of keccak256(code)
 followed by keccak256(input).

 Ownership: everything is borrowed; `out` is the caller's.
 Thread: any.
 Statuses: OK, NULL, PANIC.
 */
ZVM_API
int32_t zvm_address_create2(const struct zvm_address *sender,
                            const struct zvm_word *salt,
                            const struct zvm_word *initcode_hash,
                            struct zvm_address *out,
                            struct zvm_error **err);

/*
 Hashes a message with a ZVM_HASH function.

 Ownership: everything is borrowed; `out` is the caller's.
 Thread: any.
 Statuses: OK, NULL, LIMIT, UNSUPPORTED, PANIC.
 */
ZVM_API
int32_t zvm_hash(uint32_t function,
                 struct zvm_bytes message,
                 struct zvm_word *out,
                 struct zvm_error **err);

/*
 Judges a signature as the host functions verify and verify_with_context do; an empty `context` is
 none. The ZVM_VERDICT goes to `out`.

 Ownership: everything is borrowed; `out` is the caller's.
 Thread: any.
 Statuses: OK, NULL, LIMIT, PANIC.
 */
ZVM_API
int32_t zvm_verify(uint32_t algorithm,
                   struct zvm_bytes message,
                   struct zvm_bytes signature,
                   struct zvm_bytes key,
                   struct zvm_bytes context,
                   int32_t *out,
                   struct zvm_error **err);

/*
 Judges as the host function verify_threshold does: whether at least `need` distinct keys of the list
 signed the message. `signatures` and `keys` follow one another without gaps, as many of either.

 Ownership: everything is borrowed; `out` is the caller's.
 Thread: any.
 Statuses: OK, NULL, LIMIT, PANIC.
 */
ZVM_API
int32_t zvm_verify_threshold(uint32_t algorithm,
                             uint32_t need,
                             struct zvm_bytes message,
                             struct zvm_bytes signatures,
                             struct zvm_bytes keys,
                             int32_t *out,
                             struct zvm_error **err);

/*
 Judges an aggregate of BLS signatures as the host function verify_aggregate does. `keys` are 48 bytes
 each; `messages` are 32 bytes each and as many, or with `same_message` 1 a single one.

 Ownership: everything is borrowed; `out` is the caller's.
 Thread: any.
 Statuses: OK, NULL, LIMIT, ARGUMENT, PANIC.
 */
ZVM_API
int32_t zvm_verify_aggregate(uint32_t algorithm,
                             struct zvm_bytes messages,
                             struct zvm_bytes signature,
                             struct zvm_bytes keys,
                             uint32_t same_message,
                             int32_t *out,
                             struct zvm_error **err);

/*
 Recovers the key of secp256k1 that signed a hash, and its address. `signature` is r, s and the
 recovery identifier, 65 bytes. `out` is ZVM_VERDICT_VALID, or ZVM_VERDICT_INVALID where no key did,
 and then the others are zero.

 Ownership: everything is borrowed; `key`, `address` and `out` are the caller's.
 Thread: any.
 Statuses: OK, NULL, LIMIT, PANIC.
 */
ZVM_API
int32_t zvm_recover(const struct zvm_word *hash,
                    struct zvm_bytes signature,
                    struct zvm_point *key,
                    struct zvm_address *address,
                    int32_t *out,
                    struct zvm_error **err);

/*
 The account of a public key: for secp256k1 Ethereum's, for others as docs/crypto.md has it.
 ARGUMENT where the bytes are no key of the algorithm.

 Ownership: everything is borrowed; `out` is the caller's.
 Thread: any.
 Statuses: OK, NULL, LIMIT, ARGUMENT, UNSUPPORTED, PANIC.
 */
ZVM_API
int32_t zvm_address_of_key(uint32_t algorithm,
                           struct zvm_bytes key,
                           struct zvm_address *out,
                           struct zvm_error **err);

/*
 Reads a signed transaction, without looking at its signature. Only its one canonical encoding is
 taken (docs/transactions.md).

 Ownership: `transaction` is borrowed; `out` is the caller's; bytes in it belong to `transaction`.
 Thread: any.
 Statuses: OK, NULL, STRUCT_SIZE, LIMIT, TRANSACTION_FORMAT, SIGNATURE, PANIC.
 */
ZVM_API
int32_t zvm_transaction_decode(struct zvm_bytes transaction,
                               struct zvm_transaction_view *out,
                               struct zvm_error **err);

/*
 Whether a signed transaction may run now: its signature is the key's, its chain the session's, its
 nonce the sender's.

 Ownership: `session` and `transaction` are borrowed.
 Thread: one at a time per session.
 Statuses: OK, NULL, HANDLE, LIMIT, BUSY, POISONED, TRANSACTION_FORMAT, SIGNATURE, CHAIN_ID, NONCE, HOST,
 HOST_PROTOCOL, HOST_MISSING, HOST_UNWOUND, PANIC, INTERNAL.
 */
ZVM_API
int32_t zvm_session_check(struct zvm_session *session,
                          struct zvm_bytes transaction,
                          struct zvm_error **err);

/*
 Checks a signed transaction and runs it. The sender's nonce grows by one, however the contract ends.

 Ownership: `session` and `run` are borrowed; `result` is the caller's, to be cleared.
 Thread: one at a time per session.
 Statuses: those of zvm_session_check, zvm_session_call and zvm_session_deploy, and FLAGS. After any but
 OK nothing has changed: such a transaction is none of the chain's.
 */
ZVM_API
int32_t zvm_session_run(struct zvm_session *session,
                        const struct zvm_run *run,
                        struct zvm_result *result,
                        struct zvm_error **err);

/*
 Runs an Ethereum transaction: with its fees, which zvm_session_call leaves to the host, and its nonce.
 One that is not valid in this block and state is REJECTED: zvm_error_info has the reason, and no
 block may contain it.

 Ownership: `session` and `transaction` are borrowed; `result` is the caller's, to be cleared.
 Thread: one at a time per session.
 Statuses: OK, NULL, HANDLE, STRUCT_SIZE, UNSUPPORTED, FLAGS, ARGUMENT, LIMIT, BUSY, STATE,
 POISONED, REJECTED, COMPILE, HOST, HOST_PROTOCOL, HOST_MISSING, HOST_UNWOUND, CANCELLED, DEADLINE,
 MEMORY, PANIC, INTERNAL. After any but OK nothing has changed.
 */
ZVM_API
int32_t zvm_session_run_ethereum(struct zvm_session *session,
                                 const struct zvm_ethereum_transaction *transaction,
                                 struct zvm_result *result,
                                 struct zvm_error **err);

ZVM_END

#endif  /* ZVM_H */

