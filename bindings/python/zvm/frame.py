"""The running call, as the query hook sees it."""

from __future__ import annotations

import ctypes
from typing import Optional

from . import _raw, _values, results
from .calls import raw_call
from .errors import checked


class Frame:
    """The running call. It ends with the hook that was given it, and belongs to that hook's thread."""

    def __init__(self, handle: _raw.zvm_frame, bound):
        # By value: the op it came with is the library's.
        self._handle: Optional[_raw.zvm_frame] = _raw.zvm_frame(handle.value)
        self._bound = bound

    def __enter__(self) -> Frame:
        return self

    def __exit__(self, *_) -> None:
        self._handle = None

    @property
    def handle(self) -> _raw.zvm_frame:
        if self._handle is None:
            raise ValueError("this frame has ended")
        return self._handle

    def _info(self) -> _raw.zvm_frame_view:
        seen = _raw.sized(_raw.zvm_frame_view)
        checked(_raw.lib.zvm_frame_info, self.handle, ctypes.byref(seen))
        return seen

    @property
    def contract(self) -> bytes:
        """The contract that asks."""
        return bytes(self._info().contract)

    @property
    def depth(self) -> int:
        """How deep calls between contracts are nested."""
        return self._info().depth

    @property
    def gas_left(self) -> int:
        return self._info().gas_left

    @property
    def cancelled(self) -> bool:
        """Whether the call's interrupt was fired; a passed deadline is not shown."""
        return bool(self._info().cancelled)

    def call(
        self,
        target: bytes,
        entry: str = "",
        input: bytes = b"",
        *,
        value: int = 0,
        gas_limit: Optional[int] = None,
        static: bool = False,
    ) -> results.Result:
        """Calls a contract in the same session, below the one that asks, which is its caller. It gets at most 63/64
        of the gas left, and no more than the limit. Its changes stand unless it fails or the contract that asks does."""
        most = self.gas_left if gas_limit is None else gas_limit
        call, kept = raw_call(target, entry, input, value=value, gas_limit=most, static=static)
        filled = _raw.sized(_raw.zvm_result)
        try:
            checked(
                _raw.lib.zvm_frame_call, self.handle, ctypes.byref(call), ctypes.byref(filled), bound=self._bound
            )
            return results.result(filled)
        finally:
            del kept
            _raw.lib.zvm_result_clear(ctypes.byref(filled))
