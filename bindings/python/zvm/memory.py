"""A host that keeps everything in dictionaries."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, Iterable, List, Optional, Tuple

from .host import Account, Commit, Host, Range
from .numbers import ChangeKind, Engine, member
from .results import Change, Log


class MemoryHost(Host):
    """A ledger in memory. Its dictionaries are there to be read and filled."""

    def __init__(self) -> None:
        self.accounts: Dict[bytes, Account] = {}
        self.codes: Dict[bytes, bytes] = {}
        self.storage: Dict[bytes, Dict[bytes, bytes]] = {}
        self.block_hashes: Dict[int, bytes] = {}
        #: The events of all commits.
        self.logs: List[Log] = []

    def get(self, account: bytes, key: bytes) -> Optional[bytes]:
        return self.storage.get(account, {}).get(key)

    def scan(self, account: bytes, within: Range) -> Iterable[Tuple[bytes, bytes]]:
        entries = self.storage.get(account, {})
        keys = sorted((key for key in entries if key in within), reverse=within.reverse)
        return ((key, entries[key]) for key in keys)

    def account(self, address: bytes) -> Optional[Account]:
        return self.accounts.get(address)

    def code(self, code_hash: bytes) -> Optional[bytes]:
        return self.codes.get(code_hash)

    def block_hash(self, number: int) -> Optional[bytes]:
        return self.block_hashes.get(number)

    def commit(self, commit: Commit) -> None:
        # Looked at before anything is done: whole or not at all.
        for change in commit.changes:
            if not isinstance(change.kind, ChangeKind):
                raise ValueError(f"a change of unknown kind {change.kind}")
        for change in commit.changes:
            self._apply(change)
        self.logs += commit.logs

    def _apply(self, change: Change) -> None:
        account = self.accounts.get(change.account, Account())
        if change.kind == ChangeKind.BALANCE:
            self.accounts[change.account] = replace(account, balance=int.from_bytes(change.value, "big"))
        elif change.kind == ChangeKind.NONCE:
            self.accounts[change.account] = replace(account, nonce=int.from_bytes(change.value, "big"))
        elif change.kind == ChangeKind.CODE:
            self.codes[change.key] = change.value
            self.accounts[change.account] = replace(account, code_hash=change.key, engine=member(Engine, change.flags))
        elif change.kind == ChangeKind.SET:
            self.storage.setdefault(change.account, {})[change.key] = change.value
        elif change.kind == ChangeKind.DELETE:
            self.storage.get(change.account, {}).pop(change.key, None)
        elif change.kind == ChangeKind.DESTROY:
            self.accounts.pop(change.account, None)
            self.storage.pop(change.account, None)
