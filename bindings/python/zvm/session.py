"""Sessions."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Iterable, List, Optional, Tuple, Union

from . import _raw, _values, numbers, results
from ._callbacks import Bound, tables
from ._owned import Owned
from .calls import raw_call, raw_deploy
from .code import Interrupt
from .errors import checked
from .host import Hooks, Host
from .numbers import Trace
from .results import Change, Result
from .store import Store


@dataclass(frozen=True)
class Block:
    """The block a session executes in."""

    number: int = 0
    #: Seconds since the Unix epoch.
    timestamp: int = 0
    gas_limit: int = 0
    chain_id: int = 0
    base_fee: int = 0
    #: What the chain agreed on; None where there is none.
    randomness: Optional[bytes] = None
    proposer: bytes = bytes(20)

    def raw(self) -> _raw.zvm_block:
        raw = _raw.sized(_raw.zvm_block)
        raw.number = _values.unsigned(self.number, 64, "a block's number")
        raw.timestamp = _values.unsigned(self.timestamp, 64, "a block's timestamp")
        raw.gas_limit = _values.unsigned(self.gas_limit, 64, "a block's gas limit")
        raw.chain_id = _values.amount(self.chain_id, "a chain's identifier")
        raw.base_fee = _values.amount(self.base_fee, "a base fee")
        raw.proposer = _values.address(self.proposer, "a proposer")
        if self.randomness is not None:
            raw.flags, raw.randomness = numbers.BLOCK_RANDOMNESS, _values.word(self.randomness, "a block's randomness")
        return raw


class Params:
    """What a session is made over, for one session; keeps what the library reads while it makes it."""

    def __init__(self, ledger: Union[Host, Store], hooks: Optional[Hooks], block: Optional[Block], read_only: bool):
        if not isinstance(ledger, (Host, Store)):
            raise TypeError(f"a session needs a Host or a Store, not {type(ledger).__name__}")
        host = ledger if isinstance(ledger, Host) else None
        self.bound = Bound(host, hooks if hooks is not None else host)
        self.raw = _raw.sized(_raw.zvm_session_params)
        self.raw.flags = numbers.SESSION_READ_ONLY if read_only else 0
        # The pointers keep the structs they point to.
        storage, accounts, added = tables(self.bound)
        if host is not None:
            self.raw.storage, self.raw.storage_ctx = ctypes.pointer(storage), self.bound.number
            self.raw.ledger, self.raw.ledger_ctx = ctypes.pointer(accounts), self.bound.number
        if added is not None:
            self.raw.hooks, self.raw.hooks_ctx = ctypes.pointer(added), self.bound.number
        if block is not None:
            self.raw.block = ctypes.pointer(block.raw())
        # Last: from here on the library must be called, which takes the store's context over.
        if isinstance(ledger, Store):
            checked(_raw.lib.zvm_store_attach, ledger.handle, ctypes.byref(self.raw))


class Session(Owned):
    """One view of the state: many calls, one commit (`Runtime.session`). For one thread at a time.

    What is not committed when it is closed is dropped. It keeps its host until then.
    """

    def __init__(self, runtime: _raw.zvm_runtime, params: Params):
        self._bound = params.bound
        handle = _raw.zvm_session()
        checked(
            _raw.lib.zvm_session_new, runtime, ctypes.byref(params.raw), ctypes.byref(handle), bound=self._bound
        )
        super().__init__(handle, _raw.lib.zvm_session_free)

    def deploy(
        self,
        code: bytes,
        input: bytes = b"",
        *,
        caller: bytes,
        gas_limit: int,
        value: int = 0,
        salt: Optional[bytes] = None,
        engine: int = 0,
        origin: Optional[bytes] = None,
        gas_price: int = 0,
        time_limit: Optional[float] = None,
        interrupt: Optional[Interrupt] = None,
    ) -> Result:
        """Deploys a contract. With a salt its address follows CREATE2; engine 0 lets the code's first bytes decide;
        the time limit is in seconds. Raises where the code is not accepted, and then nothing has changed."""
        deploy, kept = raw_deploy(
            code, input, caller=caller, gas_limit=gas_limit, value=value, salt=salt, engine=engine, origin=origin,
            gas_price=gas_price, time_limit=time_limit, interrupt=interrupt,
        )
        return self._run(_raw.lib.zvm_session_deploy, deploy, kept)

    def call(
        self,
        target: bytes,
        entry: str = "",
        input: bytes = b"",
        *,
        caller: bytes,
        gas_limit: int,
        value: int = 0,
        origin: Optional[bytes] = None,
        gas_price: int = 0,
        static: bool = False,
        time_limit: Optional[float] = None,
        interrupt: Optional[Interrupt] = None,
    ) -> Result:
        """Calls a contract. The empty entry is `call`; origin None is the caller; in a static call nothing may
        write."""
        call, kept = raw_call(
            target, entry, input, caller=caller, gas_limit=gas_limit, value=value, origin=origin,
            gas_price=gas_price, static=static, time_limit=time_limit, interrupt=interrupt,
        )
        return self._run(_raw.lib.zvm_session_call, call, kept)

    def query(self, target: bytes, entry: str = "", input: bytes = b"", **terms) -> Result:
        """Calls a contract and drops its changes. Everything else is as in `call`."""
        call, kept = raw_call(target, entry, input, **terms)
        return self._run(_raw.lib.zvm_session_query, call, kept)

    def check(self, transaction: bytes) -> None:
        """Raises unless a signed transaction may run now: its signature is the key's, its chain this session's, its
        nonce the sender's."""
        transaction = _values.octets(transaction, "a transaction")
        checked(_raw.lib.zvm_session_check, self.handle, _values.view(transaction), bound=self._bound)

    def run(
        self, transaction: bytes, *, time_limit: Optional[float] = None, interrupt: Optional[Interrupt] = None
    ) -> Result:
        """Checks a signed transaction and runs it; the sender's nonce grows, however the contract ends."""
        transaction, request = _values.octets(transaction, "a transaction"), _raw.sized(_raw.zvm_run)
        request.transaction = _values.view(transaction)
        request.time_limit_ns = _values.nanoseconds(time_limit)
        if interrupt is not None:
            request.interrupt = interrupt.handle
        return self._run(_raw.lib.zvm_session_run, request, (transaction, interrupt))

    def _run(self, function, request: ctypes.Structure, kept: Tuple) -> Result:
        filled = _raw.sized(_raw.zvm_result)
        try:
            checked(function, self.handle, ctypes.byref(request), ctypes.byref(filled), bound=self._bound)
            return results.result(filled)
        finally:
            del kept
            _raw.lib.zvm_result_clear(ctypes.byref(filled))

    def prefetch(self, account: bytes, keys: Iterable[bytes]) -> None:
        """Reads storage entries ahead, in as few questions as the host allows. Gas is the same as without."""
        keys = [_values.octets(key, "a key") for key in keys]
        views = (_raw.zvm_bytes * len(keys))(*map(_values.view, keys))
        address = _values.address(account)
        checked(
            _raw.lib.zvm_session_prefetch, self.handle, ctypes.byref(address), views, len(keys), bound=self._bound
        )

    def trace(self, wanted: Union[Trace, int]) -> None:
        """Says what the session's calls tell the hook `trace` of their course, from now on; 0 ends it. Results and gas
        are the same."""
        checked(_raw.lib.zvm_session_trace, self.handle, _values.unsigned(int(wanted), 32, "a trace"))

    def mark(self) -> int:
        """Sets a savepoint. It holds until a commit, a reset, or a return to an earlier one."""
        mark = ctypes.c_uint64()
        checked(_raw.lib.zvm_session_mark, self.handle, ctypes.byref(mark))
        return mark.value

    def rollback(self, mark: int) -> None:
        """Takes back everything since a savepoint, which can be returned to again."""
        checked(_raw.lib.zvm_session_rollback, self.handle, _values.unsigned(mark, 64, "a savepoint"))

    def changes(self) -> List[Change]:
        """The ordered, de-duplicated writes since the last commit."""
        first, count = ctypes.POINTER(_raw.zvm_change)(), ctypes.c_size_t()
        checked(_raw.lib.zvm_session_changes, self.handle, ctypes.byref(first), ctypes.byref(count))
        return results.changes(first, count.value)

    def commit(self) -> None:
        """Hands all changes to the host at once. After a failure nothing is forgotten, and it can be tried again."""
        checked(_raw.lib.zvm_session_commit, self.handle, bound=self._bound)

    def reset(self) -> None:
        """Drops every change and cached read."""
        checked(_raw.lib.zvm_session_reset, self.handle)
