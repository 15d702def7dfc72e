"""Objects that own a handle of the library."""

from __future__ import annotations

import weakref


class Owned:
    """Frees its handle when it is closed, when it is forgotten, or before the interpreter ends, whichever is first.

    The finalizer refers to the handle alone: it needs neither the object nor what of its module is left by then.
    """

    def __init__(self, handle, free) -> None:
        self._handle = handle
        self._free = weakref.finalize(self, free, handle)

    @property
    def handle(self):
        """The handle, while the object is open."""
        if not self._free.alive:
            raise ValueError(f"this {type(self).__name__} is closed")
        return self._handle

    def close(self) -> None:
        """Frees the handle. Once more is harmless."""
        self._free()

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        self.close()
