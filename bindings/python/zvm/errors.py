"""Failures of the machine. What a contract did, its failures included, is in a `Result` and raises nothing."""

from __future__ import annotations

import ctypes
from typing import Optional, Union

from . import _raw, _values
from .numbers import Status, member


class ZvmError(Exception):
    """The library could not do what it was asked. No outcome exists, and nothing was committed.

    `__cause__` is the exception a host raised, where one did.
    """

    def __init__(self, status: Union[Status, int], message: str, host_code: int = 0,
                 contract: Optional[bytes] = None, depth: int = 0, reason: int = 0):
        self.status = status
        self.message = message
        #: The number that a failing host gave, else 0.
        self.host_code = host_code
        #: The contract that was running, where one was.
        self.contract = contract
        #: How deep calls between contracts were nested.
        self.depth = depth
        #: Where a transaction was rejected, a number of `Rejection`, else 0.
        self.reason = reason
        super().__init__(status, message, host_code, contract, depth, reason)

    def __str__(self) -> str:
        name = _raw.lib.zvm_status_name(int(self.status)).decode()
        return f"{name}: {self.message}"


class HostError(Exception):
    """Raised by a host that cannot answer and has a number for it, which becomes the error's `host_code`.

    The error's status is then HOST. For any other exception a host raises it is HOST_UNWOUND.
    """

    def __init__(self, code: int, message: str = ""):
        if not -(1 << 31) <= _values.whole(code, "a host's code") < 1 << 31:
            raise ValueError("a host's code does not fit in 32 bits")
        self.code = code
        super().__init__(code, message)

    def __str__(self) -> str:
        return str(self.args[1])


class Refused(Exception):
    """Raised by a host's `admit`: this code does not become a contract."""


def take(status: int, error: _raw.zvm_error) -> ZvmError:
    """The exception of a failed call; frees the library's error."""
    try:
        seen = _raw.sized(_raw.zvm_error_view)
        if not error or _raw.lib.zvm_error_info(error, ctypes.byref(seen)) != Status.OK:
            return ZvmError(member(Status, status), "")
        contract = bytes(seen.contract)
        message = _values.copied(seen.message).decode("utf-8", "replace")
        contract = contract if any(contract) else None
        return ZvmError(member(Status, status), message, seen.host_code, contract, seen.depth, seen.reason)
    finally:
        _raw.lib.zvm_error_free(error)


def checked(function, *arguments, bound=None) -> None:
    """Calls a fallible function. Where it failed by an exception of a host, that is the cause.

    An exception that is to end the program, such as KeyboardInterrupt, is raised as itself.
    """
    error = _raw.zvm_error()
    if bound is None:
        status = function(*arguments, ctypes.byref(error))
    else:
        with bound:
            status = function(*arguments, ctypes.byref(error))
    if status == Status.OK:
        return
    failure = take(status, error)
    cause = bound.take_failure(status) if bound is not None else None
    try:
        if cause is not None and not isinstance(cause, Exception):
            raise cause from failure
        raise failure from cause
    finally:
        # The tracebacks hold this frame.
        del failure, cause
