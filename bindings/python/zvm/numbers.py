"""The numbers of zvm.h, without their prefixes. Stable, and never reused."""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import Type, TypeVar, Union

ABI = 65536
ABI_MAJOR = 1
ABI_MINOR = 0

# Flags.
CONFIG_DENY_FLOATS = 1
CONFIG_ALLOW_KEM = 2
CONFIG_EVM_HOST_FUNCTIONS = 4
CODE_EXPECT_HASH = 1
BLOCK_RANDOMNESS = 1
SESSION_READ_ONLY = 1
CALL_STATIC = 1
DEPLOY_SALT = 1
TRANSACTION_CALL = 1
TRANSACTION_DEPLOY = 2
TRANSACTION_SALT = 1
TABLE_ANSWER_IN_OP = 1
ETHEREUM_CREATES = 1
ETHEREUM_ANY_CHAIN = 2

# Kinds of Ethereum transactions.
ETHEREUM_LEGACY = 0
ETHEREUM_ACCESS_LIST = 1
ETHEREUM_DYNAMIC_FEE = 2
ETHEREUM_BLOB = 3
ETHEREUM_SET_CODE = 4


class Status(IntEnum):
    """Whether the machine worked. Treat unknown ones by their range."""

    OK = 0
    # From 1: the caller's mistake.
    ARGUMENT = 1
    NULL = 2
    STRUCT_SIZE = 3
    ABI = 4
    HANDLE = 5
    BUSY = 6
    STATE = 7
    FLAGS = 8
    UNSUPPORTED = 9
    LIMIT = 10
    POISONED = 11
    TRANSACTION_FORMAT = 12
    SIGNATURE = 13
    CHAIN_ID = 14
    NONCE = 15
    REJECTED = 16
    # From 100: the code.
    CODE_FORMAT = 100
    CODE_INVALID = 101
    CODE_FORBIDDEN = 102
    CODE_TOO_LARGE = 103
    COMPILE = 104
    ARTEFACT = 105
    CODE_REFUSED = 106
    # From 200: the host.
    HOST = 200
    HOST_PROTOCOL = 201
    HOST_MISSING = 202
    HOST_UNWOUND = 203
    # From 300: it was told to stop.
    CANCELLED = 300
    DEADLINE = 301
    # From 900: the library.
    MEMORY = 900
    PANIC = 901
    INTERNAL = 902


class Kind(IntEnum):
    """How a contract ended."""

    SUCCESS = 0
    REVERT = 1
    OUT_OF_GAS = 2
    TRAP = 3
    STATIC_WRITE = 4
    NO_CODE = 5
    NO_ENTRY = 6
    BAD_INPUT = 7
    BALANCE = 8
    COLLISION = 9
    REFUSED = 10


class Halt(IntEnum):
    """Why the rules stopped a contract."""

    OUT_OF_GAS = 1
    UNREACHABLE = 2
    MEMORY_BOUNDS = 3
    TABLE_BOUNDS = 4
    INDIRECT_NULL = 5
    INDIRECT_TYPE = 6
    DIVIDE_BY_ZERO = 7
    INTEGER_OVERFLOW = 8
    BAD_CONVERSION = 9
    STACK_OVERFLOW = 10
    CALL_DEPTH = 11
    MEMORY_LIMIT = 12
    BAD_POINTER = 13
    TOO_LONG = 14
    STATIC_WRITE = 15
    NO_CODE = 16
    NO_ENTRY = 17
    BAD_INPUT = 18
    INSUFFICIENT_BALANCE = 19
    BALANCE_OVERFLOW = 20
    NONCE_OVERFLOW = 21
    COLLISION = 22
    INVALID_CODE = 23
    CODE_REFUSED = 24
    EVENT_LIMIT = 25
    JOURNAL_LIMIT = 26
    ENGINE_MISMATCH = 27
    UNSUPPORTED = 28
    INVALID_OPCODE = 29
    INVALID_JUMP = 30
    STACK_UNDERFLOW = 31
    RETURN_BOUNDS = 32
    PRECOMPILE_FAILED = 33


class Rejection(IntEnum):
    """Why an Ethereum transaction is not valid."""

    KIND = 1
    CHAIN_ID = 2
    NONCE_TOO_LOW = 3
    NONCE_TOO_HIGH = 4
    NONCE_OVERFLOW = 5
    SENDER_HAS_CODE = 6
    GAS_OVER_BLOCK = 7
    GAS_OVER_CAP = 8
    INTRINSIC_GAS = 9
    FLOOR_GAS = 10
    FEE_BELOW_BASE = 11
    TIP_OVER_FEE = 12
    FUNDS = 13
    INITCODE_TOO_LONG = 14
    NO_BLOBS = 15
    TOO_MANY_BLOBS = 16
    BLOB_VERSION = 17
    BLOB_FEE_BELOW_BASE = 18
    CREATES_CONTRACT = 19
    NO_AUTHORIZATIONS = 20


class Revision(IntEnum):
    """Which of Ethereum's rules EVM code runs under."""

    DEFAULT = 0
    FRONTIER = 1
    HOMESTEAD = 2
    TANGERINE_WHISTLE = 3
    SPURIOUS_DRAGON = 4
    BYZANTIUM = 5
    PETERSBURG = 6
    ISTANBUL = 7
    BERLIN = 8
    LONDON = 9
    PARIS = 10
    SHANGHAI = 11
    CANCUN = 12
    PRAGUE = 13
    OSAKA = 14


class Engine(IntEnum):
    """What runs a contract."""

    WASM = 1
    EVM = 2
    ZVM = 3
    ZVM_LEGACY = 4


class ChangeKind(IntEnum):
    """What a change writes."""

    BALANCE = 1
    NONCE = 2
    CODE = 3
    SET = 4
    DELETE = 5
    DESTROY = 6


class Admission(IntEnum):
    """What becomes of a host's admit."""

    OFF = 0
    ADVISORY = 1
    REQUIRED = 2


class Compiler(IntEnum):
    """What turns code into machine code. Results are the same."""

    DEFAULT = 0
    SINGLEPASS = 1
    CRANELIFT = 2
    TIERED = 3


class Signals(IntEnum):
    """Whether a contract's trap may come as a signal of the system."""

    AUTO = 0
    NONE = 1


class Feature(IntEnum):
    """What a library may have."""

    WASM = 1
    EVM = 2
    ZVM = 3
    STORE = 4
    ARTEFACT = 5
    SINGLEPASS = 6
    CRANELIFT = 7


class Selftest(IntEnum):
    """What a library can test by itself."""

    ALL = 0
    PANIC = 1
    TRAP = 2


class Trace(IntFlag):
    """What a session's calls tell of their course."""

    #: A line where a call or creation begins and one where it ends, of every engine.
    CALLS = 1
    #: A line for each step of EVM code and one for the whole call (EIP-3155).
    STEPS = 2


class Hash(IntEnum):
    """The hashes that contracts have."""

    KECCAK256 = 0x60
    SHA256 = 0x61
    SHA3_256 = 0x62
    BLAKE3 = 0x63
    BLAKE2B_256 = 0x64
    RIPEMD160 = 0x65


class Algorithm(IntEnum):
    """The signature algorithms. Dilithium is there only where the library was built with it."""

    ED25519 = 1
    SECP256K1 = 2
    P256 = 3
    SCHNORR = 4
    BLS = 5
    MLDSA44 = 16
    MLDSA65 = 17
    MLDSA87 = 18
    DILITHIUM2 = 24
    DILITHIUM3 = 25
    DILITHIUM5 = 26


class Verdict(IntEnum):
    """What is said of a signature."""

    VALID = 1
    INVALID = 0
    # Or the library does not know the algorithm.
    NO_KEY = -1


class Answer(IntEnum):
    """What a callback returns to the library."""

    FAIL = 0
    DONE = 1
    ABSENT = 2
    REFUSED = 3
    UNWOUND = -2147483647


Member = TypeVar("Member", bound=IntEnum)


def member(numbers: Type[Member], number: int) -> Union[Member, int]:
    """The member of this number, or the number where a newer library has one this module does not know."""
    try:
        return numbers(number)
    except ValueError:
        return number
