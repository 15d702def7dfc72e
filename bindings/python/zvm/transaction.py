"""Signed transactions, as the library reads them."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Optional, Union

from . import _raw, _values, numbers
from ._values import Buffer
from .errors import checked
from .numbers import Algorithm


@dataclass(frozen=True)
class Transaction:
    """What a signed transaction says: `target` is called, or `code` deployed; the other is None."""

    algorithm: Union[Algorithm, int]
    nonce: int
    gas_limit: int
    chain_id: int
    gas_price: int
    value: int
    #: The account of the key.
    sender: bytes
    target: Optional[bytes]
    entry: str
    input: bytes
    code: Optional[bytes]
    engine: int
    #: With a salt the new contract's address follows CREATE2.
    salt: Optional[bytes]
    key: bytes
    signature: bytes
    #: What was signed.
    digest: bytes
    #: The transaction's name.
    hash: bytes

    @staticmethod
    def decode(transaction: Buffer) -> Transaction:
        """Reads a signed transaction, without looking at its signature."""
        transaction = _values.octets(transaction, "a transaction")
        view = _raw.sized(_raw.zvm_transaction_view)
        checked(_raw.lib.zvm_transaction_decode, _values.view(transaction), ctypes.byref(view))
        calls = view.kind == numbers.TRANSACTION_CALL
        return Transaction(
            algorithm=numbers.member(Algorithm, view.algorithm),
            nonce=view.nonce,
            gas_limit=view.gas_limit,
            chain_id=_values.number(view.chain_id),
            gas_price=_values.number(view.gas_price),
            value=_values.number(view.value),
            sender=bytes(view.sender),
            target=bytes(view.target) if calls else None,
            entry=_values.copied(view.entry).decode(),
            input=_values.copied(view.input),
            code=None if calls else _values.copied(view.code),
            engine=view.engine,
            salt=bytes(view.salt) if view.flags & numbers.TRANSACTION_SALT else None,
            key=_values.copied(view.key),
            signature=_values.copied(view.signature),
            digest=bytes(view.digest),
            hash=bytes(view.hash),
        )
