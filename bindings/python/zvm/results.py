"""What comes out of calls, as Python's own objects: nothing in them belongs to the library."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import List, Optional, Tuple, Union

from . import _raw, _values
from .numbers import ChangeKind, Engine, Halt, Kind, member


@dataclass(frozen=True)
class Log:
    """An event."""

    account: bytes
    topics: Tuple[bytes, ...]
    data: bytes


@dataclass(frozen=True)
class Change:
    """One write of a commit. What `key`, `value` and `flags` say is set by its kind; see the constructors."""

    kind: Union[ChangeKind, int]
    account: bytes
    key: bytes = b""
    value: bytes = b""
    flags: int = 0

    @classmethod
    def balance(cls, account: bytes, amount: int) -> Change:
        return cls(ChangeKind.BALANCE, account, value=_values.amount_bytes(amount))

    @classmethod
    def nonce(cls, account: bytes, nonce: int) -> Change:
        return cls(ChangeKind.NONCE, account, value=_values.unsigned(nonce, 64, "a nonce").to_bytes(8, "big"))

    @classmethod
    def code(cls, account: bytes, code_hash: bytes, code: bytes, engine: Engine) -> Change:
        """`code_hash` is the code's keccak256."""
        return cls(ChangeKind.CODE, account, code_hash, code, int(engine))

    @classmethod
    def set(cls, account: bytes, key: bytes, value: bytes) -> Change:
        return cls(ChangeKind.SET, account, key, value)

    @classmethod
    def delete(cls, account: bytes, key: bytes) -> Change:
        return cls(ChangeKind.DELETE, account, key)


@dataclass(frozen=True)
class Result:
    """What came of a call. Everything up to `created` is a pure function of code, input, state and configuration."""

    kind: Union[Kind, int]
    #: Why the rules stopped the contract, where they did.
    halt: Union[Halt, int, None]
    #: Gas to pay: what was used, less the refund.
    gas_used: int
    #: With `gas_used` the limit; the refund is in it.
    gas_left: int
    gas_refund: int
    #: Output or revert data.
    data: bytes
    #: Events that stand, in order of emission.
    logs: Tuple[Log, ...]
    #: Where the new contract lives.
    created: Optional[bytes]
    #: Of the last admission.
    score: int
    reads: int
    writes: int
    #: The most calls that were nested.
    depth: int
    #: The most memory pages that were live at once.
    pages: int

    @property
    def success(self) -> bool:
        return self.kind == Kind.SUCCESS


def result(filled: _raw.zvm_result) -> Result:
    return Result(
        kind=member(Kind, filled.kind),
        halt=member(Halt, filled.halt) if filled.halt else None,
        gas_used=filled.gas_used,
        gas_left=filled.gas_left,
        gas_refund=filled.gas_refund,
        data=_values.copied(filled.data),
        logs=tuple(logs(filled.logs, filled.log_count)),
        created=bytes(filled.created) if filled.has_created else None,
        score=filled.score,
        reads=filled.reads,
        writes=filled.writes,
        depth=filled.depth,
        pages=filled.pages,
    )


def logs(first, count: int) -> List[Log]:
    def log(seen):
        topics = tuple(bytes(seen.topics[at]) for at in range(seen.topic_count))
        return Log(bytes(seen.account), topics, _values.copied(seen.data))

    return [log(first[at]) for at in range(count)]


def changes(first, count: int) -> List[Change]:
    def change(seen):
        key, value = _values.copied(seen.key), _values.copied(seen.value)
        return Change(member(ChangeKind, seen.kind), bytes(seen.account), key, value, seen.flags)

    return [change(first[at]) for at in range(count)]


def raw_changes(changes: List[Change]) -> Tuple[ctypes.Array, list]:
    """Changes as an array for the library, and the objects it points into."""
    kept: list = []

    def view(data, what):
        kept.append(_values.octets(data, what))
        return _values.view(kept[-1])

    array = (_raw.zvm_change * len(changes))()
    for raw, change in zip(array, changes):
        raw.kind, raw.flags, raw.account = _u32(change.kind), _u32(change.flags), _values.address(change.account)
        raw.key, raw.value = view(change.key, "a key"), view(change.value, "a value")
    return array, kept


def _u32(number: int) -> int:
    return _values.unsigned(int(number), 32, "a change's kind or flags")
