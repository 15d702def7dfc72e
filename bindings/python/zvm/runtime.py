"""Runtimes, and what the library says of itself."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Mapping, Optional, Union

from . import _raw, _values, numbers, results
from ._owned import Owned
from .calls import raw_call
from .code import Code, Interrupt
from .errors import checked
from .host import Hooks, Host
from .numbers import Admission, Compiler, Feature, Revision, Selftest, Signals
from .session import Block, Params, Session
from .store import Store


@dataclass(frozen=True)
class Stats:
    """What a runtime did and holds."""

    #: Calls and queries from outside.
    calls: int
    #: Deploys from outside.
    deploys: int
    #: Of both, how many raised.
    failures: int
    #: Codes kept ready, and the bytes they take, about.
    codes: int
    code_bytes: int
    #: Codes compiled since the runtime was made; of them, how many again because they are run often.
    compilations: int
    recompilations: int


class Runtime(Owned):
    """Engines, rules and compiled code, shared by any number of sessions on any threads.

    `options` are parameters by name, `limit.NAME` or `gas.NAME`. They, `deny_floats`, `admission`, `least_score`
    and `revision` are protocol parameters: equal on every node. `artefact_key`, 32 bytes, seals serialised code; each machine has
    its own. `Compiler.TIERED` needs a compile thread, and compiles again after `hot_runs` runs of a code, 0 for 500.
    """

    def __init__(
        self,
        *,
        options: Optional[Mapping[str, int]] = None,
        deny_floats: bool = False,
        allow_kem: bool = False,
        evm_host_functions: bool = False,
        admission: Admission = Admission.OFF,
        least_score: int = 0,
        cache_bytes: int = 0,
        artefact_key: bytes = bytes(32),
        compiler: Compiler = Compiler.DEFAULT,
        compile_threads: int = 0,
        hot_runs: int = 0,
        signals: Signals = Signals.AUTO,
        revision: Revision = Revision.DEFAULT,
    ):
        config = _raw.sized(_raw.zvm_config)
        config.abi = numbers.ABI
        config.flags = numbers.CONFIG_DENY_FLOATS if deny_floats else 0
        config.flags |= numbers.CONFIG_ALLOW_KEM if allow_kem else 0
        config.flags |= numbers.CONFIG_EVM_HOST_FUNCTIONS if evm_host_functions else 0
        config.admission = _values.unsigned(admission, 32, "an admission")
        config.least_score = _values.unsigned(least_score, 32, "a score")
        config.cache_bytes = _values.unsigned(cache_bytes, 64, "a size")
        config.artefact_key = _values.word(artefact_key, "an artefact key")
        config.compiler = _values.unsigned(compiler, 32, "a compiler")
        config.compile_threads = _values.unsigned(compile_threads, 32, "a number of threads")
        config.hot_runs = _values.unsigned(hot_runs, 32, "a number of runs")
        config.signals = _values.unsigned(signals, 32, "a signal policy")
        config.revision = _values.unsigned(revision, 32, "a revision")
        named = [(name.encode(), _values.unsigned(value, 64, name)) for name, value in (options or {}).items()]
        array = (_raw.zvm_option * len(named))(
            *(_raw.zvm_option(_values.view(name), value) for name, value in named)
        )
        config.options, config.option_count = array, len(named)
        handle = _raw.zvm_runtime()
        checked(_raw.lib.zvm_runtime_new, ctypes.byref(config), ctypes.byref(handle))
        super().__init__(handle, _raw.lib.zvm_runtime_free)

    def session(
        self,
        ledger: Union[Host, Store],
        *,
        hooks: Optional[Hooks] = None,
        block: Optional[Block] = None,
        read_only: bool = False,
    ) -> Session:
        """Opens a session. A host's own hooks count where no others are given."""
        return Session(self.handle, Params(ledger, hooks, block, read_only))

    def execute(
        self,
        ledger: Union[Host, Store],
        target: bytes,
        entry: str = "",
        input: bytes = b"",
        *,
        hooks: Optional[Hooks] = None,
        block: Optional[Block] = None,
        **terms,
    ) -> results.Result:
        """One call in a session of its own, committed if the contract succeeded. The terms are those of
        `Session.call`."""
        call, kept = raw_call(target, entry, input, **terms)
        filled, handle = _raw.sized(_raw.zvm_result), self.handle
        params = Params(ledger, hooks, block, False)
        try:
            checked(
                _raw.lib.zvm_execute, handle, ctypes.byref(params.raw), ctypes.byref(call), ctypes.byref(filled),
                bound=params.bound,
            )
            return results.result(filled)
        finally:
            del kept
            _raw.lib.zvm_result_clear(ctypes.byref(filled))

    def load_code(
        self,
        code: bytes,
        *,
        engine: int = 0,
        expected_hash: Optional[bytes] = None,
        interrupt: Optional[Interrupt] = None,
    ) -> Code:
        """Checks and compiles code. Engine 0 lets its first bytes decide."""
        code = _values.octets(code, "the code")
        params = _raw.sized(_raw.zvm_code_params)
        params.engine, params.code = _values.unsigned(engine, 32, "an engine"), _values.view(code)
        if expected_hash is not None:
            params.flags, params.expected_hash = numbers.CODE_EXPECT_HASH, _values.word(expected_hash)
        if interrupt is not None:
            params.interrupt = interrupt.handle
        handle = _raw.zvm_code()
        checked(_raw.lib.zvm_code_load, self.handle, ctypes.byref(params), ctypes.byref(handle))
        return Code(handle)

    def deserialize_code(self, artefact: bytes) -> Code:
        """Takes back what `Code.serialize` gave in a runtime of the same build, configuration and key."""
        artefact, handle = _values.octets(artefact, "an artefact"), _raw.zvm_code()
        checked(_raw.lib.zvm_code_deserialize, self.handle, _values.view(artefact), ctypes.byref(handle))
        return Code(handle)

    def stats(self) -> Stats:
        seen = _raw.sized(_raw.zvm_stats)
        checked(_raw.lib.zvm_runtime_stats, self.handle, ctypes.byref(seen))
        return Stats(
            seen.calls, seen.deploys, seen.failures, seen.codes, seen.code_bytes,
            seen.compilations, seen.recompilations,
        )  # fmt: skip

    def trim(self) -> None:
        """Drops compiled code that nobody holds."""
        checked(_raw.lib.zvm_runtime_trim, self.handle)

    def ensure_signals(self) -> None:
        """Puts the handlers of contracts' traps back where others, such as faulthandler's, were installed over them."""
        checked(_raw.lib.zvm_signals_ensure, self.handle)

    def fingerprint(self) -> bytes:
        """Everything a result depends on besides code, input and state, as one hash: two nodes with the same
        fingerprint compute the same."""
        out = _raw.zvm_word()
        checked(_raw.lib.zvm_runtime_fingerprint, self.handle, ctypes.byref(out))
        return bytes(out)


def version() -> str:
    """Version and engines of the library."""
    return _raw.lib.zvm_version_string().decode()


def feature(feature: Feature) -> int:
    """The version of a feature, 0 where the library does not have it."""
    return _raw.lib.zvm_feature(int(feature))


def selftest(what: Selftest = Selftest.ALL) -> None:
    """Tests a part of this very build. PANIC panics on purpose: an error of status PANIC is its success."""
    checked(_raw.lib.zvm_selftest, int(what))


def create_address(sender: bytes, nonce: int) -> bytes:
    """The address of a contract that the sender creates with this nonce."""
    sender, out = _values.address(sender), _raw.zvm_address()
    checked(_raw.lib.zvm_address_create, ctypes.byref(sender), _values.unsigned(nonce, 64, "a nonce"), ctypes.byref(out))
    return bytes(out)


def create2_address(sender: bytes, salt: bytes, initcode_hash: bytes) -> bytes:
    """The address of a contract that the sender creates with this salt. The hash is keccak256 of the initcode; for WASM
    and ZVM keccak256 of keccak256(code) followed by keccak256(input)."""
    sender, out = _values.address(sender), _raw.zvm_address()
    salt, initcode_hash = _values.word(salt, "a salt"), _values.word(initcode_hash)
    checked(
        _raw.lib.zvm_address_create2, ctypes.byref(sender), ctypes.byref(salt), ctypes.byref(initcode_hash),
        ctypes.byref(out),
    )
    return bytes(out)
