"""The tables that stand between the library and a `Host`.

The library knows a host by a number, never by the address of a Python object: an answer to a number that is gone is
"failed", where a stale address would be a crash. The numbers are held weakly. The session that made one keeps it,
and so a host that refers to its own session is an ordinary cycle that the collector can see.

A callback lets no exception out. It keeps it, says that it unwound, and `checked` raises it as the cause of what
comes back from the library. One exception cannot be kept in: a signal handler's, before the callback's first line.
ctypes then returns whatever lay on the stack, so the tables take the answer from the op, where it is written last.

A thread that Python ends while it enters a callback would be unwound through the library, which ends the process.
That happens to daemon threads when the interpreter exits. So there every host is made to fail first, and the calls
that are under way get a moment to return.
"""

from __future__ import annotations

import atexit
import ctypes
import itertools
import time
from typing import Callable, Optional, Set, Tuple
from weakref import WeakValueDictionary

from . import _raw, _values, numbers
from .code import Code
from .errors import HostError, Refused
from .frame import Frame
from .host import Account, Candidate, Charged, Commit, Hooks, Host, Range, offers
from .numbers import Answer, Engine, Status, member
from .results import changes, logs


class Bound:
    """A host and hooks as one session knows them."""

    def __init__(self, host: Optional[Host], hooks: Optional[Hooks]):
        self.host = host
        self.hooks = hooks
        self.number = next(_numbers)
        self.calls = 0
        #: What was returned last and must outlive its callback.
        self.lent = None
        self._failure: Optional[BaseException] = None
        _known[self.number] = self

    def __enter__(self) -> None:
        """A call of the library begins that may ask the host. They nest only inside a query."""
        self.calls += 1
        _running.add(self)

    def __exit__(self, *_) -> None:
        self.calls -= 1
        if not self.calls:
            _running.discard(self)

    def failed(self, op: _raw.zvm_op, failure: BaseException) -> Answer:
        """Keeps an exception, and tells the library of it in words."""
        self._failure = failure
        code = failure.code if isinstance(failure, HostError) else 0
        try:
            text = str(failure) if isinstance(failure, HostError) else f"{type(failure).__name__}: {failure}"
        except Exception:
            text = type(failure).__name__
        text = text.encode("utf-8", "replace")
        _raw.lib.zvm_frame_fail(op.frame, code, _values.view(text), None)
        return Answer.FAIL if isinstance(failure, HostError) else Answer.UNWOUND

    def take_failure(self, status: int) -> Optional[BaseException]:
        """The exception behind a status. None for those of a caller's mistake: such a call never came to a host,
        and another thread may be in one."""
        if status < Status.HOST:
            return None
        failure, self._failure = self._failure, None
        return failure


_known: WeakValueDictionary = WeakValueDictionary()
_numbers = itertools.count(1)
_running: Set[Bound] = set()


@atexit.register
def _drain() -> None:
    _known.clear()
    until = time.monotonic() + 0.5
    while _running and time.monotonic() < until:
        time.sleep(0.001)


def tables(bound: Bound) -> Tuple[Optional[_raw.zvm_storage], Optional[_raw.zvm_ledger], Optional[_raw.zvm_hooks]]:
    """The tables that offer what the host and the hooks override. The library copies them."""

    def table(struct, owner, entries):
        if owner is None:
            return None
        made = _raw.sized(struct)
        made.flags = numbers.TABLE_ANSWER_IN_OP
        for name, callback in entries.items():
            if offers(owner, name):
                setattr(made, name, callback)
        return made

    return (
        table(_raw.zvm_storage, bound.host, STORAGE),
        table(_raw.zvm_ledger, bound.host, LEDGER),
        table(_raw.zvm_hooks, bound.hooks, HOOKS),
    )


def _callback(struct: type) -> Callable:
    """Makes an entry of a table from a function that answers an op."""

    def made(respond):
        @_raw.CALLBACK
        def called(number, address):
            bound = _known.get(number)
            if bound is None:
                return Answer.FAIL
            op = struct.from_address(address)
            try:
                answer = respond(bound, op)
            except BaseException as failure:
                answer = bound.failed(op.op, failure)
            op.op.answer = answer
            return answer

        return called

    return made


def _charge(answer) -> Tuple[object, int]:
    """A bare answer and the gas asked for it."""
    if isinstance(answer, Charged):
        return answer.answer, _values.unsigned(answer.gas, 64, "a surcharge")
    return answer, 0


def _put(reply: _raw.zvm_reply, data, what: str) -> Answer:
    """Gives bytes, or None, to the library."""
    if data is None:
        return Answer.ABSENT
    data = _values.octets(data, what)
    to = reply.buf
    if len(data) > reply.cap:
        to = _raw.lib.zvm_reply_reserve(ctypes.byref(reply), len(data))
    # Without room the length alone is over the limit, and the library says so.
    if to:
        ctypes.memmove(to, data, len(data))
    reply.len = len(data)
    return Answer.DONE


@_callback(_raw.zvm_get_op)
def _get(bound: Bound, op) -> Answer:
    value, op.op.gas_charge = _charge(bound.host.get(bytes(op.account), _values.copied(op.key)))
    return _put(op.value, value, "what get returns")


@_callback(_raw.zvm_get_many_op)
def _get_many(bound: Bound, op) -> Answer:
    slots = [op.slots[at] for at in range(op.count)]
    values = bound.host.get_many([(bytes(slot.account), _values.copied(slot.key)) for slot in slots])
    if len(values) != len(slots):
        raise ValueError(f"get_many returned {len(values)} values for {len(slots)} slots")
    for slot, value in zip(slots, values):
        value, slot.gas_charge = _charge(value)
        slot.found = _put(slot.value, value, "what get_many returns") == Answer.DONE
    return Answer.DONE


@_callback(_raw.zvm_scan_op)
def _scan(bound: Bound, op) -> Answer:
    end = _values.copied(op.end) if op.bounded else None
    within = Range(_values.copied(op.start), end, bool(op.reverse), bool(op.keys_only))
    data, count = bytearray(), 0
    for key, value in bound.host.scan(bytes(op.account), within):
        if count == op.rows_cap:
            break
        key = _values.octets(key, "a key of a scan")
        value = b"" if within.keys_only else _values.octets(value, "a value of a scan")
        row = op.rows[count]
        row.key_off, row.key_len, row.val_off, row.val_len = len(data), len(key), len(data) + len(key), len(value)
        data += key + value
        count += 1
    else:
        op.done = 1
    op.rows_len = count
    return _put(op.data, data, "a page")


@_callback(_raw.zvm_commit_op)
def _commit(bound: Bound, op) -> Answer:
    commit = Commit(changes(op.changes, op.count), logs(op.logs, op.log_count), op.session_id, op.serial)
    if bound.host.commit(commit) is not None:
        raise TypeError("commit must return None; a host that cannot commit raises")
    return Answer.DONE


@_callback(_raw.zvm_account_op)
def _account(bound: Bound, op) -> Answer:
    account, op.op.gas_charge = _charge(bound.host.account(bytes(op.address)))
    if account is None:
        return Answer.ABSENT
    if not isinstance(account, Account):
        raise TypeError(f"account must return an Account, not {type(account).__name__}")
    op.balance = _values.amount(account.balance, "a balance")
    op.nonce = _values.unsigned(account.nonce, 64, "a nonce")
    op.engine = _values.unsigned(account.engine, 32, "an engine")
    if account.code_hash:
        op.code_hash = _values.word(account.code_hash, "a code hash")
    return Answer.DONE


@_callback(_raw.zvm_code_op)
def _code(bound: Bound, op) -> Answer:
    code = bound.host.code(bytes(op.hash))
    if isinstance(code, Code):
        # The library reads it after this callback has returned.
        bound.lent = code
        op.ready = code.handle
        return Answer.DONE
    return _put(op.code, code, "what code returns")


@_callback(_raw.zvm_block_hash_op)
def _block_hash(bound: Bound, op) -> Answer:
    found = bound.host.block_hash(op.number)
    if found is None:
        return Answer.ABSENT
    op.hash = _values.word(found, "a block hash")
    return Answer.DONE


@_callback(_raw.zvm_admit_op)
def _admit(bound: Bound, op) -> Answer:
    candidate = Candidate(
        code=_values.copied(op.code),
        code_hash=bytes(op.hash),
        creator=bytes(op.creator),
        contract=bytes(op.contract),
        engine=member(Engine, op.engine),
    )
    try:
        op.score = _values.unsigned(bound.hooks.admit(candidate), 32, "a score")
    except Refused:
        return Answer.REFUSED
    return Answer.DONE


@_callback(_raw.zvm_query_op)
def _query(bound: Bound, op) -> Answer:
    with Frame(op.op.frame, bound) as frame:
        answer, op.op.gas_charge = _charge(bound.hooks.query(frame, op.kind, _values.copied(op.request)))
    return _put(op.answer, answer, "what query returns")


@_raw.CALLBACK
def _log(number, address):
    # Nobody waits for this answer: ctypes hands an exception to sys.unraisablehook.
    bound = _known.get(number)
    if bound is not None:
        op = _raw.zvm_log_op.from_address(address)
        target, message = (_values.copied(text).decode("utf-8", "replace") for text in (op.target, op.message))
        bound.hooks.log(op.level, target, message)
    return Answer.DONE


@_raw.CALLBACK
def _trace(number, address):
    # As for a line of the log.
    bound = _known.get(number)
    if bound is not None:
        op = _raw.zvm_trace_op.from_address(address)
        bound.hooks.trace(_values.copied(op.lines).decode())
    return Answer.DONE


STORAGE = {"get": _get, "get_many": _get_many, "scan": _scan, "commit": _commit}
LEDGER = {"account": _account, "code": _code, "block_hash": _block_hash}
HOOKS = {"admit": _admit, "query": _query, "log": _log, "trace": _trace}
