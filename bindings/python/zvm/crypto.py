"""Hashes and signatures, judged as contracts have them judged."""

from __future__ import annotations

import ctypes
from typing import Callable, NamedTuple, Optional, Sequence

from . import _raw, _values
from ._values import Buffer
from .errors import checked
from .numbers import Algorithm, Hash, Verdict


class Recovered(NamedTuple):
    """A key of secp256k1 as x and y, and its address."""

    key: bytes
    address: bytes


def hash(function: Hash, message: Buffer) -> bytes:
    """The hash of a message: 32 bytes, of RIPEMD-160 20."""
    message, out = _values.octets(message, "a message"), _raw.zvm_word()
    checked(_raw.lib.zvm_hash, int(function), _values.view(message), ctypes.byref(out))
    return bytes(out)[: 20 if function == Hash.RIPEMD160 else 32]


def verify(
    algorithm: Algorithm, message: Buffer, signature: Buffer, key: Buffer, context: Buffer = b""
) -> Verdict:
    """Judges a signature; compare with `Verdict.VALID`, as NO_KEY is true in Python. For ECDSA the message is a digest
    of 32 bytes; the context is ML-DSA's."""
    return _judged(_raw.lib.zvm_verify, int(algorithm), message, signature, key, context)


def verify_threshold(
    algorithm: Algorithm, need: int, message: Buffer, signatures: Sequence[Buffer], keys: Sequence[Buffer]
) -> Verdict:
    """Whether at least `need` distinct keys signed the message, the n-th signature under the n-th key."""
    need = _values.unsigned(need, 32, "a need")
    return _judged(_raw.lib.zvm_verify_threshold, int(algorithm), need, message, _joined(signatures), _joined(keys))


def verify_aggregate(messages: Sequence[Buffer], signature: Buffer, keys: Sequence[Buffer]) -> Verdict:
    """Whether a BLS signature is the aggregate of each key's signature of its own message of 32 bytes. Keys that
    strangers brought must have proved that their owners have them."""
    return _judged(
        _raw.lib.zvm_verify_aggregate, int(Algorithm.BLS), _joined(messages), signature, _joined(keys), 0
    )


def verify_same_message(message: Buffer, signature: Buffer, keys: Sequence[Buffer]) -> Verdict:
    """Whether a BLS signature is the aggregate of all keys' signatures of one message of 32 bytes."""
    return _judged(_raw.lib.zvm_verify_aggregate, int(Algorithm.BLS), message, signature, _joined(keys), 1)


def recover(digest: Buffer, signature: Buffer) -> Optional[Recovered]:
    """The key of secp256k1 that signed the digest, or None. The signature is r, s and the recovery identifier."""
    digest, signature = _values.word(digest, "a digest"), _values.octets(signature, "a signature")
    key, address, out = _raw.zvm_point(), _raw.zvm_address(), ctypes.c_int32()
    checked(
        _raw.lib.zvm_recover, ctypes.byref(digest), _values.view(signature), ctypes.byref(key), ctypes.byref(address),
        ctypes.byref(out),
    )
    return Recovered(bytes(key), bytes(address)) if out.value == Verdict.VALID else None


def key_address(algorithm: Algorithm, key: Buffer) -> bytes:
    """The account of a public key."""
    key, out = _values.octets(key, "a key"), _raw.zvm_address()
    checked(_raw.lib.zvm_address_of_key, int(algorithm), _values.view(key), ctypes.byref(out))
    return bytes(out)


def _joined(parts: Sequence[Buffer]) -> bytes:
    return b"".join(_values.octets(part, "an element") for part in parts)


def _judged(function: Callable, *arguments: object) -> Verdict:
    kept = [argument if isinstance(argument, int) else _values.octets(argument, "bytes") for argument in arguments]
    out = ctypes.c_int32()
    passed = [argument if isinstance(argument, int) else _values.view(argument) for argument in kept]
    checked(function, *passed, ctypes.byref(out))
    return Verdict(out.value)
