"""The zvm smart-contract runtime.

    runtime = zvm.Runtime()
    with runtime.session(host) as session:
        result = session.call(contract, "transfer", arguments, caller=me, gas_limit=1_000_000)
        session.commit()

A program brings its own ledger as a `Host`, or takes the embedded `Store`. What a contract did, its failures
included, is in the `Result`; a `ZvmError` says that the machine or the host failed, and nothing of it may be committed.
`zvm._raw` is the whole of zvm.h for those who need more.
"""

from .code import Code, CodeInfo, Interrupt
from .crypto import hash, key_address, recover, verify, verify_aggregate, verify_same_message, verify_threshold
from .errors import HostError, Refused, ZvmError
from .frame import Frame
from .host import Account, Candidate, Charged, Commit, Hooks, Host, Range
from .memory import MemoryHost
from .numbers import (
    Admission, Algorithm, ChangeKind, Compiler, Engine, Feature, Halt, Hash, Kind, Rejection, Revision, Selftest, Signals,
    Status, Trace, Verdict,
)  # fmt: skip
from .results import Change, Log, Result
from .runtime import Runtime, Stats, create2_address, create_address, feature, selftest, version
from .session import Block, Session
from .store import Store
from .transaction import Transaction

__all__ = [
    "Account", "Admission", "Algorithm", "Block", "Candidate", "Change", "ChangeKind", "Charged", "Code", "CodeInfo",
    "Commit", "Compiler", "Engine", "Feature", "Frame", "Halt", "Hash", "Hooks", "Host", "HostError", "Interrupt",
    "Kind", "Log", "MemoryHost", "Range", "Refused", "Rejection", "Result", "Revision", "Runtime", "Selftest", "Session",
    "Signals", "Stats", "Status", "Store", "Trace", "Transaction", "Verdict", "ZvmError", "create2_address",
    "create_address", "feature", "hash", "key_address", "recover", "selftest", "verify", "verify_aggregate",
    "verify_same_message", "verify_threshold", "version",
]
