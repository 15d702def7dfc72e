"""Python's values as the ABI's, and back. Addresses are `bytes` of 20, hashes of 32, amounts are `int`.

A view that is made here points into a Python object: whoever makes one keeps the object for as long as the
library may read the view.
"""

from __future__ import annotations

import ctypes
from typing import Optional, Union

from . import _raw

Buffer = Union[bytes, bytearray, memoryview]


def octets(data: Buffer, what: str) -> bytes:
    """The bytes of a buffer. Not `bytes(data)` for anything: that makes zeros of an int."""
    if isinstance(data, bytes):
        return data
    if isinstance(data, (bytearray, memoryview)):
        return bytes(data)
    raise TypeError(f"{what} must be bytes, not {type(data).__name__}")


def view(data: bytes) -> _raw.zvm_bytes:
    """A view of bytes that the caller keeps."""
    if not data:
        return _raw.zvm_bytes(None, 0)
    return _raw.zvm_bytes(ctypes.cast(data, ctypes.c_void_p).value, len(data))


def copied(seen: _raw.zvm_bytes) -> bytes:
    """A copy of what a view shows."""
    return ctypes.string_at(seen.ptr, seen.len) if seen.len else b""


def _fixed(data: Buffer, size: int, what: str) -> bytes:
    data = octets(data, what)
    if len(data) != size:
        raise ValueError(f"{what} has {len(data)} bytes instead of {size}")
    return data


def address(data: Buffer, what: str = "an address") -> _raw.zvm_address:
    return _raw.zvm_address.from_buffer_copy(_fixed(data, 20, what))


def word(data: Buffer, what: str = "a hash") -> _raw.zvm_word:
    return _raw.zvm_word.from_buffer_copy(_fixed(data, 32, what))


def amount(number: int, what: str = "an amount") -> _raw.zvm_word:
    return _raw.zvm_word.from_buffer_copy(amount_bytes(number, what))


def amount_bytes(number: int, what: str = "an amount") -> bytes:
    """32 bytes, big-endian."""
    if not 0 <= whole(number, what) < 1 << 256:
        raise ValueError(f"{what} is not within 0 and 2^256 - 1")
    return number.to_bytes(32, "big")


def unsigned(number: int, bits: int, what: str) -> int:
    """The number, if it fits: ctypes would cut it silently."""
    if not 0 <= whole(number, what) < 1 << bits:
        raise ValueError(f"{what} is not within 0 and 2^{bits} - 1")
    return number


def whole(number: int, what: str) -> int:
    if not isinstance(number, int) or isinstance(number, bool):
        raise TypeError(f"{what} must be an int, not {type(number).__name__}")
    return number


def nanoseconds(seconds: Optional[float]) -> int:
    """A time limit; 0 is none. A limit too short to say is the shortest."""
    if seconds is None:
        return 0
    if not seconds > 0:
        raise ValueError("a time limit must be more than 0 seconds")
    return min(max(int(seconds * 1e9), 1), (1 << 64) - 1)


def number(seen: _raw.zvm_word) -> int:
    return int.from_bytes(seen, "big")
