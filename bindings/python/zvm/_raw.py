"""zvm.h as ctypes has it: every struct, every callback type, every function. What they mean is in the header.

Handles are types of their own, so that one cannot be passed for another. Callbacks take two addresses, the
cheapest thing ctypes can receive; an op is then read through `from_address`.
"""

from __future__ import annotations

import ctypes
import os
import sys
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int32, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p

from . import numbers

CALLBACK = CFUNCTYPE(c_int32, c_void_p, c_void_p)
RELEASE = CFUNCTYPE(None, c_void_p)


def _handle(name: str) -> type:
    return type(name, (c_void_p,), {"__module__": __name__})


zvm_code = _handle("zvm_code")
zvm_error = _handle("zvm_error")
zvm_frame = _handle("zvm_frame")
zvm_interrupt = _handle("zvm_interrupt")
zvm_outcome = _handle("zvm_outcome")
zvm_runtime = _handle("zvm_runtime")
zvm_session = _handle("zvm_session")
zvm_store = _handle("zvm_store")


def _struct(name: str, *fields: tuple) -> type:
    return type(name, (Structure,), {"__module__": __name__, "_fields_": list(fields)})


zvm_address = _struct("zvm_address", ("bytes", c_uint8 * 20))
zvm_word = _struct("zvm_word", ("bytes", c_uint8 * 32))
zvm_point = _struct("zvm_point", ("bytes", c_uint8 * 64))
zvm_bytes = _struct("zvm_bytes", ("ptr", c_void_p), ("len", c_size_t))

zvm_transaction_view = _struct(
    "zvm_transaction_view",
    ("struct_size", c_uint32), ("kind", c_uint32), ("flags", c_uint32), ("algorithm", c_uint32), ("nonce", c_uint64),
    ("gas_limit", c_uint64), ("chain_id", zvm_word), ("gas_price", zvm_word), ("value", zvm_word), ("salt", zvm_word),
    ("digest", zvm_word), ("hash", zvm_word), ("sender", zvm_address), ("target", zvm_address), ("engine", c_uint32),
    ("reserved", c_uint32), ("entry", zvm_bytes), ("input", zvm_bytes), ("code", zvm_bytes), ("key", zvm_bytes),
    ("signature", zvm_bytes),
)
zvm_run = _struct(
    "zvm_run",
    ("struct_size", c_uint32), ("flags", c_uint32), ("transaction", zvm_bytes), ("time_limit_ns", c_uint64),
    ("interrupt", zvm_interrupt),
)
zvm_error_view = _struct(
    "zvm_error_view",
    ("struct_size", c_uint32), ("status", c_int32), ("host_code", c_int32), ("depth", c_uint32),
    ("contract", zvm_address), ("reason", c_uint32), ("message", zvm_bytes),
)
zvm_option = _struct("zvm_option", ("name", zvm_bytes), ("value", c_uint64))
zvm_config = _struct(
    "zvm_config",
    ("struct_size", c_uint32), ("abi", c_uint32), ("flags", c_uint32), ("admission", c_uint32),
    ("least_score", c_uint32), ("compile_threads", c_uint32), ("cache_bytes", c_uint64), ("artefact_key", zvm_word),
    ("options", POINTER(zvm_option)), ("option_count", c_size_t), ("compiler", c_uint32), ("signals", c_uint32),
    ("hot_runs", c_uint32), ("revision", c_uint32),
)
zvm_stats = _struct(
    "zvm_stats",
    ("struct_size", c_uint32), ("reserved", c_uint32), ("calls", c_uint64), ("deploys", c_uint64),
    ("failures", c_uint64), ("codes", c_uint64), ("code_bytes", c_uint64), ("compilations", c_uint64),
    ("recompilations", c_uint64),
)
zvm_code_params = _struct(
    "zvm_code_params",
    ("struct_size", c_uint32), ("flags", c_uint32), ("engine", c_uint32), ("reserved", c_uint32), ("code", zvm_bytes),
    ("expected_hash", zvm_word), ("interrupt", zvm_interrupt),
)
zvm_code_view = _struct(
    "zvm_code_view",
    ("struct_size", c_uint32), ("engine", c_uint32), ("hash", zvm_word), ("code", zvm_bytes),
    ("compiled_bytes", c_uint64), ("initial_pages", c_uint32), ("max_pages", c_uint32),
    ("entries", POINTER(zvm_bytes)), ("entry_count", c_size_t), ("imports", POINTER(zvm_bytes)),
    ("import_count", c_size_t), ("abi", zvm_bytes),
)
zvm_frame_view = _struct(
    "zvm_frame_view",
    ("struct_size", c_uint32), ("depth", c_uint32), ("contract", zvm_address), ("cancelled", c_uint32),
    ("gas_left", c_uint64),
)
zvm_call = _struct(
    "zvm_call",
    ("struct_size", c_uint32), ("flags", c_uint32), ("caller", zvm_address), ("target", zvm_address),
    ("origin", zvm_address), ("reserved", c_uint32), ("value", zvm_word), ("gas_price", zvm_word),
    ("entry", zvm_bytes), ("input", zvm_bytes), ("gas_limit", c_uint64), ("time_limit_ns", c_uint64),
    ("interrupt", zvm_interrupt),
)
zvm_deploy = _struct(
    "zvm_deploy",
    ("struct_size", c_uint32), ("flags", c_uint32), ("caller", zvm_address), ("origin", zvm_address),
    ("engine", c_uint32), ("reserved", c_uint32), ("value", zvm_word), ("gas_price", zvm_word), ("salt", zvm_word),
    ("code", zvm_bytes), ("input", zvm_bytes), ("gas_limit", c_uint64), ("time_limit_ns", c_uint64),
    ("interrupt", zvm_interrupt),
)
zvm_access = _struct(
    "zvm_access",
    ("address", zvm_address), ("reserved", c_uint32), ("slots", POINTER(zvm_word)), ("slot_count", c_size_t),
)
zvm_authorization = _struct(
    "zvm_authorization",
    ("chain_id", zvm_word), ("address", zvm_address), ("y_parity", c_uint32), ("nonce", c_uint64), ("r", zvm_word),
    ("s", zvm_word),
)
zvm_ethereum_transaction = _struct(
    "zvm_ethereum_transaction",
    ("struct_size", c_uint32), ("flags", c_uint32), ("kind", c_uint32), ("reserved", c_uint32), ("chain_id", zvm_word),
    ("sender", zvm_address), ("to", zvm_address), ("nonce", c_uint64), ("gas_limit", c_uint64), ("gas_price", zvm_word),
    ("tip", zvm_word), ("value", zvm_word), ("input", zvm_bytes), ("access_list", POINTER(zvm_access)),
    ("access_count", c_size_t), ("blob_hashes", POINTER(zvm_word)), ("blob_count", c_size_t), ("blob_fee_cap", zvm_word),
    ("authorizations", POINTER(zvm_authorization)), ("authorization_count", c_size_t), ("time_limit_ns", c_uint64),
    ("interrupt", zvm_interrupt),
)
zvm_log = _struct(
    "zvm_log",
    ("account", zvm_address), ("topic_count", c_uint32), ("topics", POINTER(zvm_word)), ("data", zvm_bytes),
)
zvm_result = _struct(
    "zvm_result",
    ("struct_size", c_uint32), ("kind", c_uint32), ("halt", c_uint32), ("has_created", c_uint32),
    ("gas_used", c_uint64), ("gas_left", c_uint64), ("gas_refund", c_uint64), ("data", zvm_bytes),
    ("logs", POINTER(zvm_log)), ("log_count", c_size_t), ("created", zvm_address), ("score", c_uint32),
    ("reads", c_uint64), ("writes", c_uint64), ("depth", c_uint32), ("pages", c_uint32), ("owner", zvm_outcome),
)
zvm_reply = _struct(
    "zvm_reply", ("buf", c_void_p), ("cap", c_size_t), ("len", c_size_t), ("lent", c_void_p), ("owner", c_void_p)
)
zvm_op = _struct(
    "zvm_op",
    ("struct_size", c_uint32), ("depth", c_uint32), ("frame", zvm_frame), ("gas_left", c_uint64),
    ("gas_charge", c_uint64), ("host_code", c_int32), ("answer", c_int32),
)
zvm_get_op = _struct(
    "zvm_get_op",
    ("op", zvm_op), ("account", zvm_address), ("reserved", c_uint32), ("key", zvm_bytes), ("value", zvm_reply),
)
zvm_slot = _struct(
    "zvm_slot",
    ("account", zvm_address), ("found", c_uint32), ("key", zvm_bytes), ("value", zvm_reply), ("gas_charge", c_uint64),
)
zvm_get_many_op = _struct("zvm_get_many_op", ("op", zvm_op), ("slots", POINTER(zvm_slot)), ("count", c_size_t))
zvm_row = _struct(
    "zvm_row", ("key_off", c_uint32), ("key_len", c_uint32), ("val_off", c_uint32), ("val_len", c_uint32)
)
zvm_scan_op = _struct(
    "zvm_scan_op",
    ("op", zvm_op), ("account", zvm_address), ("reverse", c_uint32), ("start", zvm_bytes), ("end", zvm_bytes),
    ("bounded", c_uint32), ("keys_only", c_uint32), ("rows", POINTER(zvm_row)), ("rows_cap", c_size_t),
    ("rows_len", c_size_t), ("data", zvm_reply), ("hint", c_uint64), ("done", c_uint32), ("reserved", c_uint32),
)
zvm_change = _struct(
    "zvm_change",
    ("kind", c_uint32), ("flags", c_uint32), ("account", zvm_address), ("reserved", c_uint32), ("key", zvm_bytes),
    ("value", zvm_bytes),
)
zvm_commit_op = _struct(
    "zvm_commit_op",
    ("op", zvm_op), ("changes", POINTER(zvm_change)), ("count", c_size_t), ("logs", POINTER(zvm_log)),
    ("log_count", c_size_t), ("session_id", c_uint64), ("serial", c_uint64),
)
zvm_storage = _struct(
    "zvm_storage",
    ("struct_size", c_uint32), ("flags", c_uint32), ("get", CALLBACK), ("get_many", CALLBACK), ("scan", CALLBACK),
    ("commit", CALLBACK), ("release", RELEASE),
)
zvm_account_op = _struct(
    "zvm_account_op",
    ("op", zvm_op), ("address", zvm_address), ("engine", c_uint32), ("nonce", c_uint64), ("balance", zvm_word),
    ("code_hash", zvm_word),
)
zvm_code_op = _struct("zvm_code_op", ("op", zvm_op), ("hash", zvm_word), ("code", zvm_reply), ("ready", zvm_code))
zvm_block_hash_op = _struct("zvm_block_hash_op", ("op", zvm_op), ("number", c_uint64), ("hash", zvm_word))
zvm_ledger = _struct(
    "zvm_ledger",
    ("struct_size", c_uint32), ("flags", c_uint32), ("account", CALLBACK), ("code", CALLBACK),
    ("block_hash", CALLBACK), ("release", RELEASE),
)
zvm_admit_op = _struct(
    "zvm_admit_op",
    ("op", zvm_op), ("code", zvm_bytes), ("hash", zvm_word), ("creator", zvm_address), ("contract", zvm_address),
    ("engine", c_uint32), ("score", c_uint32),
)
zvm_query_op = _struct(
    "zvm_query_op",
    ("op", zvm_op), ("kind", c_uint32), ("reserved", c_uint32), ("request", zvm_bytes), ("answer", zvm_reply),
)
zvm_log_op = _struct(
    "zvm_log_op",
    ("op", zvm_op), ("level", c_uint32), ("reserved", c_uint32), ("target", zvm_bytes), ("message", zvm_bytes),
)
zvm_trace_op = _struct("zvm_trace_op", ("op", zvm_op), ("lines", zvm_bytes))
zvm_hooks = _struct(
    "zvm_hooks",
    ("struct_size", c_uint32), ("flags", c_uint32), ("admit", CALLBACK), ("query", CALLBACK), ("log", CALLBACK),
    ("trace", CALLBACK), ("release", RELEASE),
)
zvm_block = _struct(
    "zvm_block",
    ("struct_size", c_uint32), ("flags", c_uint32), ("number", c_uint64), ("timestamp", c_uint64),
    ("gas_limit", c_uint64), ("chain_id", zvm_word), ("base_fee", zvm_word), ("randomness", zvm_word),
    ("proposer", zvm_address), ("reserved", c_uint32), ("blob_base_fee", zvm_word), ("difficulty", zvm_word),
)
zvm_session_params = _struct(
    "zvm_session_params",
    ("struct_size", c_uint32), ("flags", c_uint32), ("storage", POINTER(zvm_storage)), ("storage_ctx", c_void_p),
    ("ledger", POINTER(zvm_ledger)), ("ledger_ctx", c_void_p), ("hooks", POINTER(zvm_hooks)), ("hooks_ctx", c_void_p),
    ("block", POINTER(zvm_block)),
)

_ERR = POINTER(zvm_error)

# Name: (result, arguments).
FUNCTIONS = {
    "zvm_abi_version": (c_uint32, ()),
    "zvm_version_string": (c_char_p, ()),
    "zvm_feature": (c_uint32, (c_uint32,)),
    "zvm_status_name": (c_char_p, (c_int32,)),
    "zvm_kind_name": (c_char_p, (c_uint32,)),
    "zvm_halt_name": (c_char_p, (c_uint32,)),
    "zvm_selftest": (c_int32, (c_uint32, _ERR)),
    "zvm_error_info": (c_int32, (zvm_error, POINTER(zvm_error_view))),
    "zvm_error_free": (None, (zvm_error,)),
    "zvm_runtime_new": (c_int32, (POINTER(zvm_config), POINTER(zvm_runtime), _ERR)),
    "zvm_runtime_clone": (zvm_runtime, (zvm_runtime,)),
    "zvm_runtime_free": (None, (zvm_runtime,)),
    "zvm_runtime_stats": (c_int32, (zvm_runtime, POINTER(zvm_stats), _ERR)),
    "zvm_runtime_trim": (c_int32, (zvm_runtime, _ERR)),
    "zvm_signals_ensure": (c_int32, (zvm_runtime, _ERR)),
    "zvm_runtime_fingerprint": (c_int32, (zvm_runtime, POINTER(zvm_word), _ERR)),
    "zvm_code_load": (c_int32, (zvm_runtime, POINTER(zvm_code_params), POINTER(zvm_code), _ERR)),
    "zvm_code_clone": (zvm_code, (zvm_code,)),
    "zvm_code_free": (None, (zvm_code,)),
    "zvm_code_info": (c_int32, (zvm_code, POINTER(zvm_code_view), _ERR)),
    "zvm_code_serialize": (c_int32, (zvm_code, POINTER(zvm_bytes), _ERR)),
    "zvm_code_deserialize": (c_int32, (zvm_runtime, zvm_bytes, POINTER(zvm_code), _ERR)),
    "zvm_frame_info": (c_int32, (zvm_frame, POINTER(zvm_frame_view), _ERR)),
    "zvm_frame_fail": (c_int32, (zvm_frame, c_int32, zvm_bytes, _ERR)),
    "zvm_frame_call": (c_int32, (zvm_frame, POINTER(zvm_call), POINTER(zvm_result), _ERR)),
    "zvm_reply_reserve": (c_void_p, (POINTER(zvm_reply), c_size_t)),
    "zvm_result_clear": (None, (POINTER(zvm_result),)),
    "zvm_session_new": (c_int32, (zvm_runtime, POINTER(zvm_session_params), POINTER(zvm_session), _ERR)),
    "zvm_session_free": (None, (zvm_session,)),
    "zvm_session_deploy": (c_int32, (zvm_session, POINTER(zvm_deploy), POINTER(zvm_result), _ERR)),
    "zvm_session_call": (c_int32, (zvm_session, POINTER(zvm_call), POINTER(zvm_result), _ERR)),
    "zvm_session_query": (c_int32, (zvm_session, POINTER(zvm_call), POINTER(zvm_result), _ERR)),
    "zvm_session_run_ethereum": (c_int32, (zvm_session, POINTER(zvm_ethereum_transaction), POINTER(zvm_result), _ERR)),
    "zvm_session_trace": (c_int32, (zvm_session, c_uint32, _ERR)),
    "zvm_session_prefetch": (c_int32, (zvm_session, POINTER(zvm_address), POINTER(zvm_bytes), c_size_t, _ERR)),
    "zvm_session_mark": (c_int32, (zvm_session, POINTER(c_uint64), _ERR)),
    "zvm_session_rollback": (c_int32, (zvm_session, c_uint64, _ERR)),
    "zvm_session_changes": (c_int32, (zvm_session, POINTER(POINTER(zvm_change)), POINTER(c_size_t), _ERR)),
    "zvm_session_commit": (c_int32, (zvm_session, _ERR)),
    "zvm_session_reset": (c_int32, (zvm_session, _ERR)),
    "zvm_execute": (
        c_int32, (zvm_runtime, POINTER(zvm_session_params), POINTER(zvm_call), POINTER(zvm_result), _ERR)
    ),
    "zvm_store_open": (c_int32, (zvm_bytes, POINTER(zvm_store), _ERR)),
    "zvm_store_memory": (c_int32, (POINTER(zvm_store), _ERR)),
    "zvm_store_attach": (c_int32, (zvm_store, POINTER(zvm_session_params), _ERR)),
    "zvm_store_apply": (c_int32, (zvm_store, POINTER(zvm_change), c_size_t, _ERR)),
    "zvm_store_free": (None, (zvm_store,)),
    "zvm_interrupt_new": (c_int32, (POINTER(zvm_interrupt), _ERR)),
    "zvm_interrupt_clone": (zvm_interrupt, (zvm_interrupt,)),
    "zvm_interrupt_fire": (None, (zvm_interrupt,)),
    "zvm_interrupt_reset": (None, (zvm_interrupt,)),
    "zvm_interrupt_free": (None, (zvm_interrupt,)),
    "zvm_address_create": (c_int32, (POINTER(zvm_address), c_uint64, POINTER(zvm_address), _ERR)),
    "zvm_address_create2": (
        c_int32, (POINTER(zvm_address), POINTER(zvm_word), POINTER(zvm_word), POINTER(zvm_address), _ERR)
    ),
    "zvm_hash": (c_int32, (c_uint32, zvm_bytes, POINTER(zvm_word), _ERR)),
    "zvm_verify": (c_int32, (c_uint32, zvm_bytes, zvm_bytes, zvm_bytes, zvm_bytes, POINTER(c_int32), _ERR)),
    "zvm_verify_threshold": (
        c_int32, (c_uint32, c_uint32, zvm_bytes, zvm_bytes, zvm_bytes, POINTER(c_int32), _ERR)
    ),
    "zvm_verify_aggregate": (
        c_int32, (c_uint32, zvm_bytes, zvm_bytes, zvm_bytes, c_uint32, POINTER(c_int32), _ERR)
    ),
    "zvm_recover": (
        c_int32, (POINTER(zvm_word), zvm_bytes, POINTER(zvm_point), POINTER(zvm_address), POINTER(c_int32), _ERR)
    ),
    "zvm_transaction_decode": (c_int32, (zvm_bytes, POINTER(zvm_transaction_view), _ERR)),
    "zvm_session_check": (c_int32, (zvm_session, zvm_bytes, _ERR)),
    "zvm_session_run": (c_int32, (zvm_session, POINTER(zvm_run), POINTER(zvm_result), _ERR)),
    "zvm_address_of_key": (c_int32, (c_uint32, zvm_bytes, POINTER(zvm_address), _ERR)),
}


def _load() -> ctypes.CDLL:
    """The library that ZVM_LIBRARY names, or else the one that the system's loader finds."""
    named = os.environ.get("ZVM_LIBRARY")
    system = {"darwin": ["libzvm.0.dylib", "libzvm.dylib"], "win32": ["zvm.dll"]}
    names = [named] if named else system.get(sys.platform, ["libzvm.so.0", "libzvm.so"])
    problems = []
    for name in names:
        try:
            library = ctypes.CDLL(name)
            break
        except OSError as problem:
            problems.append(str(problem))
    else:
        raise ImportError("there is no zvm library; set ZVM_LIBRARY to its path: " + "; ".join(problems))
    for name, (result, arguments) in FUNCTIONS.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    abi = library.zvm_abi_version()
    if abi >> 16 != numbers.ABI_MAJOR or abi < numbers.ABI:
        raise ImportError(f"this package needs ABI {numbers.ABI:#x} of the zvm library, it has {abi:#x}")
    return library


lib = _load()


def sized(struct: type) -> Structure:
    """A zeroed struct that says its size."""
    made = struct()
    made.struct_size = ctypes.sizeof(struct)
    return made
