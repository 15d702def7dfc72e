"""Loaded code, and the token that stops a call."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Tuple, Union

from . import _raw, _values
from ._owned import Owned
from .errors import checked
from .numbers import Engine, member


@dataclass(frozen=True)
class CodeInfo:
    """What can be said of loaded code."""

    engine: Union[Engine, int]
    #: keccak256 of the code.
    hash: bytes
    code: bytes
    #: Bytes the compiled form takes, about.
    compiled_bytes: int
    #: Memory pages of 64 KiB.
    initial_pages: int
    max_pages: int
    #: What a call may name.
    entries: Tuple[str, ...]
    #: The host functions it imports.
    imports: Tuple[str, ...]
    #: The ABI metadata it carries; empty where it has none.
    abi: bytes


class Code(Owned):
    """Checked and compiled code (`Runtime.load_code`). While it is open, its runtime keeps it ready."""

    def __init__(self, handle: _raw.zvm_code):
        super().__init__(handle, _raw.lib.zvm_code_free)

    def info(self) -> CodeInfo:
        seen = _raw.sized(_raw.zvm_code_view)
        checked(_raw.lib.zvm_code_info, self.handle, ctypes.byref(seen))

        def names(first, count):
            return tuple(_values.copied(first[at]).decode() for at in range(count))

        return CodeInfo(
            engine=member(Engine, seen.engine),
            hash=bytes(seen.hash),
            code=_values.copied(seen.code),
            compiled_bytes=seen.compiled_bytes,
            initial_pages=seen.initial_pages,
            max_pages=seen.max_pages,
            entries=names(seen.entries, seen.entry_count),
            imports=names(seen.imports, seen.import_count),
            abi=_values.copied(seen.abi),
        )

    def serialize(self) -> bytes:
        """The compiled form, for `Runtime.deserialize_code`. It is machine code under a keyed checksum: set an
        artefact key, and keep the bytes where nobody else can write."""
        out = _raw.zvm_bytes()
        checked(_raw.lib.zvm_code_serialize, self.handle, ctypes.byref(out))
        return _values.copied(out)


class Interrupt(Owned):
    """A cancel token: put it into calls, fire it from any thread. It stays fired until it is reset.

    Python runs no signal handler of its own while a call is in the library. A program that wants Ctrl-C to stop
    calls makes them on a thread other than the main one, and fires a token from its handler.
    """

    def __init__(self) -> None:
        handle = _raw.zvm_interrupt()
        checked(_raw.lib.zvm_interrupt_new, ctypes.byref(handle))
        super().__init__(handle, _raw.lib.zvm_interrupt_free)

    def fire(self) -> None:
        _raw.lib.zvm_interrupt_fire(self.handle)

    def reset(self) -> None:
        _raw.lib.zvm_interrupt_reset(self.handle)
