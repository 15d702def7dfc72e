"""What a program supplies: its storage, its accounts and code, and what else it likes to answer.

A host is asked on the thread that made the call, one question at a time per session. It must answer from one
stable snapshot for the life of a session; the session caches what it read, absence included. Whatever a host raises
ends the running call with a `ZvmError` whose cause it is, and nothing of the call remains.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Iterable, List, Optional, Sequence, Tuple, TypeVar, Union

from .code import Code
from .numbers import Engine
from .results import Change, Log

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Charged(Generic[Answer]):
    """An answer, and gas the host asks for it on top of the schedule's price. `get`, `get_many`, `account` and
    `query` may return one instead of the bare answer."""

    answer: Answer
    gas: int


@dataclass(frozen=True)
class Account:
    """An account. `code_hash` is the keccak256 of its code, empty where it has none; `engine` is what the change
    said that set the code, or 0 to let the code decide."""

    balance: int = 0
    nonce: int = 0
    code_hash: bytes = b""
    engine: Union[Engine, int] = 0


@dataclass(frozen=True)
class Range:
    """Which keys a scan is to return."""

    #: The first key, included.
    start: bytes
    #: The end, excluded; None is no end.
    end: Optional[bytes]
    #: From the end of the range backwards.
    reverse: bool
    #: Values are not needed and may be empty.
    keys_only: bool

    def __contains__(self, key: bytes) -> bool:
        return self.start <= key and (self.end is None or key < self.end)


@dataclass(frozen=True)
class Commit:
    """All writes of a session since its last commit."""

    #: Ordered by account, within one by kind, then by key. Each entry once.
    changes: List[Change]
    #: Of the successful calls, in order of emission.
    logs: List[Log]
    #: Which session of the process commits.
    session_id: int
    #: Which of its commits this is, from 1; a failed one keeps its number when it is tried again.
    serial: int


@dataclass(frozen=True)
class Candidate:
    """Code about to become a contract."""

    code: bytes
    code_hash: bytes
    creator: bytes
    contract: bytes
    engine: Union[Engine, int]


class Hooks:
    """What a program may add to any session. What is not overridden is not offered."""

    def admit(self, candidate: Candidate) -> int:
        """Scores code, the higher the better, or raises `Refused`."""
        raise NotImplementedError

    def query(self, frame, kind: int, request: bytes) -> Union[None, bytes, Charged]:
        """Answers a contract's question of the program's own kind; None is no answer.

        `frame` is the running call (`zvm.Frame`); it may call other contracts.
        """
        raise NotImplementedError

    def log(self, level: int, target: str, message: str) -> None:
        """Takes a line of text: level 1 is a contract's debug line, 2 information, 3 a warning."""
        raise NotImplementedError

    def trace(self, lines: str) -> None:
        """Takes lines of JSON, each with its end, where `Session.trace` asked for them."""
        raise NotImplementedError


class Host(Hooks):
    """A ledger in Python. `get`, `account` and `code` are required; of the rest, what is not overridden is not
    offered."""

    def get(self, account: bytes, key: bytes) -> Union[None, bytes, Charged]:
        """The value of a storage entry; None where there is none. An empty value is a value."""
        raise NotImplementedError

    def get_many(self, slots: Sequence[Tuple[bytes, bytes]]) -> Sequence[Union[None, bytes, Charged]]:
        """As `get`, for several pairs of account and key at once."""
        raise NotImplementedError

    def scan(self, account: bytes, within: Range) -> Iterable[Tuple[bytes, bytes]]:
        """Keys and values of the range in order. No more is taken from the iterator than is needed."""
        raise NotImplementedError

    def commit(self, commit: Commit) -> None:
        """Takes over all changes, whole or not at all. Every change is absolute: doing the same commit again is
        harmless."""
        raise NotImplementedError

    def account(self, address: bytes) -> Union[None, Account, Charged]:
        """The account at an address; None where there is none."""
        raise NotImplementedError

    def code(self, code_hash: bytes) -> Union[None, bytes, Code]:
        """The code of this keccak256, or loaded code of the same runtime; None where it is unknown."""
        raise NotImplementedError

    def block_hash(self, number: int) -> Optional[bytes]:
        """The hash of an earlier block; None outside the window that is kept."""
        raise NotImplementedError


#: Methods that are offered only where they are overridden.
OPTIONAL = ("get_many", "scan", "commit", "block_hash", "admit", "query", "log", "trace")


def offers(host: Hooks, name: str) -> bool:
    own = getattr(type(host), name, None)
    return own is not None and own not in (getattr(Hooks, name, None), getattr(Host, name, None))
