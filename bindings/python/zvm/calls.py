"""Calls and deploys as the library reads them."""

from __future__ import annotations

from typing import Optional, Tuple

from . import _raw, _values, numbers
from .code import Interrupt

NOBODY = bytes(20)


def raw_call(
    target: bytes,
    entry: str,
    input: bytes,
    *,
    caller: bytes = NOBODY,
    gas_limit: int,
    value: int = 0,
    origin: Optional[bytes] = None,
    gas_price: int = 0,
    static: bool = False,
    time_limit: Optional[float] = None,
    interrupt: Optional[Interrupt] = None,
) -> Tuple[_raw.zvm_call, tuple]:
    """A call, and the objects it points into."""
    entry_bytes, input = entry.encode(), _values.octets(input, "the input")
    call = _raw.sized(_raw.zvm_call)
    call.flags = numbers.CALL_STATIC if static else 0
    call.target = _values.address(target, "the target")
    call.entry, call.input = _values.view(entry_bytes), _values.view(input)
    _terms(call, caller, origin, value, gas_price, gas_limit, time_limit, interrupt)
    return call, (entry_bytes, input, interrupt)


def raw_deploy(
    code: bytes,
    input: bytes,
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
) -> Tuple[_raw.zvm_deploy, tuple]:
    """A deploy, and the objects it points into."""
    code, input = _values.octets(code, "the code"), _values.octets(input, "the input")
    deploy = _raw.sized(_raw.zvm_deploy)
    deploy.engine = _values.unsigned(engine, 32, "an engine")
    deploy.code, deploy.input = _values.view(code), _values.view(input)
    if salt is not None:
        deploy.flags, deploy.salt = numbers.DEPLOY_SALT, _values.word(salt, "a salt")
    _terms(deploy, caller, origin, value, gas_price, gas_limit, time_limit, interrupt)
    return deploy, (code, input, interrupt)


def _terms(raw, caller, origin, value, gas_price, gas_limit, time_limit, interrupt) -> None:
    """What calls and deploys have in common."""
    raw.caller = _values.address(caller, "the caller")
    if origin is not None:
        raw.origin = _values.address(origin, "the origin")
    raw.value, raw.gas_price = _values.amount(value, "the value"), _values.amount(gas_price, "the gas price")
    raw.gas_limit = _values.unsigned(gas_limit, 64, "the gas limit")
    raw.time_limit_ns = _values.nanoseconds(time_limit)
    if interrupt is not None:
        raw.interrupt = interrupt.handle
