"""The embedded ledger."""

from __future__ import annotations

import ctypes
import os
from typing import Iterable, Union

from . import _raw, _values
from ._owned import Owned
from .errors import checked
from .results import Change, raw_changes


class Store(Owned):
    """A ledger in a file, made if it is not there; in memory without a path. Sessions over it keep it open."""

    def __init__(self, path: Union[None, str, os.PathLike] = None):
        handle = _raw.zvm_store()
        if path is None:
            checked(_raw.lib.zvm_store_memory, ctypes.byref(handle))
        else:
            name = os.fspath(path).encode()
            checked(_raw.lib.zvm_store_open, _values.view(name), ctypes.byref(handle))
        super().__init__(handle, _raw.lib.zvm_store_free)

    def apply(self, changes: Iterable[Change]) -> None:
        """Applies changes of the program's own, such as first balances, as one durable commit."""
        changes = list(changes)
        array, kept = raw_changes(changes)
        checked(_raw.lib.zvm_store_apply, self.handle, array, len(changes))
        del kept
