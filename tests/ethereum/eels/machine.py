"""EELS, Ethereum's specification in Python, as a machine that takes a world and runs transactions in it.

Senders and authorities are given, as the library's are: what recovers them from signatures is replaced.
"""

import dataclasses
import importlib

from ethereum.crypto.hash import keccak256
from ethereum.exceptions import EthereumException, InvalidSignatureError
from ethereum_rlp import rlp
from ethereum_types.bytes import Bytes0, Bytes20, Bytes32
from ethereum_types.numeric import U8, U64, U256, Uint

NO_LOGS = keccak256(rlp.encode(()))


def unhex(text):
    return bytes.fromhex(text.removeprefix("0x"))


def number(text):
    return int(text, 16)


class Machine:
    """A world under one fork."""

    def __init__(self, fork, block, accounts):
        self._fork = importlib.import_module(f"ethereum.forks.{fork}.fork")
        self._vm = importlib.import_module(f"ethereum.forks.{fork}.vm")
        self._state = importlib.import_module(f"ethereum.forks.{fork}.state")
        self._types = importlib.import_module(f"ethereum.forks.{fork}.fork_types")
        self._transactions = importlib.import_module(f"ethereum.forks.{fork}.transactions")
        self._interpreter = importlib.import_module(f"ethereum.forks.{fork}.vm.interpreter")
        try:
            self._delegation = importlib.import_module(f"ethereum.forks.{fork}.vm.eoa_delegation")
        except ModuleNotFoundError:
            self._delegation = None
        self.state = self._state.State()
        for address, account in accounts.items():
            self._put(Bytes20(unhex(address)), account)
        self.block = self._block(block)

    def _put(self, address, account):
        record = self._types.Account(
            nonce=Uint(account["nonce"]), balance=U256(number(account["balance"])), code=unhex(account["code"])
        )
        self._state.set_account(self.state, address, record)
        for key, value in account["storage"].items():
            self._state.set_storage(self.state, address, Bytes32(unhex(key)), U256(number(value)))

    def _block(self, block):
        of_number = lambda n: keccak256(str(n).encode())
        fields = {
            "chain_id": U64(number(block["chain_id"])),
            "state": self.state,
            "block_gas_limit": Uint(block["gas_limit"]),
            "block_hashes": [of_number(n) for n in range(max(0, block["number"] - 256), block["number"])],
            "coinbase": Bytes20(unhex(block["proposer"])),
            "number": Uint(block["number"]),
            "base_fee_per_gas": Uint(number(block["base_fee"])),
            "time": U256(block["timestamp"]),
            "prev_randao": Bytes32(unhex(block["randomness"])),
            "difficulty": Uint(number(block["difficulty"])),
            "excess_blob_gas": U64(0),
            "parent_beacon_block_root": Bytes32(bytes(32)),
        }
        return self._made(self._vm.BlockEnvironment, fields)

    @staticmethod
    def _made(kind, fields):
        """Of the fields those that the fork's class has."""
        return kind(**{field.name: fields[field.name] for field in dataclasses.fields(kind) if field.name in fields})

    def transact(self, sent):
        """What came of a transaction: none where it is not valid."""
        try:
            transaction = self._transaction(sent)
            self._replace_recovery(sent)
            return self._run(transaction)
        except EthereumException:
            return None

    def _run(self, transaction):
        frames = self._capture_frames()
        # The sum of a block's gas is its host's business: each transaction begins a block of its own.
        output = self._vm.BlockOutput()
        self._fork.process_transaction(self.block, output, transaction, Uint(0))
        # A creation whose address was taken has no frame.
        frame = frames[-1] if frames else None
        error = frame.error if frame else True
        success, revert = error is None, type(error).__name__ == "Revert"
        return {
            "success": success,
            "revert": revert,
            "gas": int(output.block_gas_used),
            # What else ends has none. Some forks leave there what a creation would have returned.
            "output": bytes(frame.output).hex() if success or revert else "",
            "logs": keccak256(rlp.encode(output.block_logs)).hex(),
        }

    def _capture_frames(self):
        """Keeps the outermost frame of the transaction, which has its output."""
        frames = []
        run = getattr(self._interpreter, "unwatched", self._interpreter.process_message)
        self._interpreter.unwatched = run

        def watched(message, *rest):
            frame = run(message, *rest)
            if message.depth == 0:
                frames.append(frame)
            return frame

        self._interpreter.process_message = watched
        return frames

    def _replace_recovery(self, sent):
        def sender(chain_id, _):
            # Such a signature would be another's.
            if sent["chain_id"] is not None and number(sent["chain_id"]) != int(chain_id):
                raise InvalidSignatureError("for another chain")
            return Bytes20(unhex(sent["sender"]))

        def authority(authorization):
            of = sent["authorizations"][int(authorization.r)]["authority"]
            if of is None:
                raise InvalidSignatureError("nobody's")
            return Bytes20(unhex(of))

        self._fork.recover_sender = sender
        if self._delegation:
            self._delegation.recover_authority = authority

    def _transaction(self, sent):
        kinds = (
            "LegacyTransaction",
            "AccessListTransaction",
            "FeeMarketTransaction",
            "BlobTransaction",
            "SetCodeTransaction",
        )
        kind = getattr(self._transactions, kinds[sent["kind"]], None)
        if kind is None:
            kind = getattr(self._transactions, "Transaction") if sent["kind"] == 0 else None
        if kind is None:
            raise EthereumException("the fork does not know this kind")
        small = {4: U64}.get(sent["kind"], U256)
        price = Uint(number(sent["gas_price"]))
        fields = {
            "chain_id": U64(number(sent["chain_id"] or "0")),
            "nonce": small(sent["nonce"]),
            "gas_price": price,
            "max_fee_per_gas": price,
            "max_priority_fee_per_gas": Uint(number(sent["tip"])),
            "gas": Uint(sent["gas_limit"]),
            "to": Bytes20(unhex(sent["to"])) if sent["to"] else Bytes0(b""),
            "value": U256(number(sent["value"])),
            "data": unhex(sent["input"]),
            "access_list": tuple(self._access(access) for access in sent["access_list"]),
            "max_fee_per_blob_gas": U256(number(sent["blob_fee_cap"])),
            "blob_versioned_hashes": tuple(Bytes32(unhex(blob)) for blob in sent["blob_hashes"]),
            "authorizations": tuple(self._authorization(*item) for item in enumerate(sent["authorizations"])),
            "v": U256(27),
            "y_parity": U256(0),
            "r": U256(1),
            "s": U256(1),
        }
        return self._made(kind, fields)

    def _access(self, access):
        account, slots = Bytes20(unhex(access["address"])), tuple(Bytes32(unhex(slot)) for slot in access["slots"])
        kind = getattr(self._transactions, "Access", None)
        return kind(account=account, slots=slots) if kind else (account, slots)

    def _authorization(self, index, authorization):
        if not hasattr(self._types, "Authorization"):
            return None
        return self._types.Authorization(
            chain_id=U256(number(authorization["chain_id"])),
            address=Bytes20(unhex(authorization["address"])),
            nonce=U64(authorization["nonce"]),
            y_parity=U8(0),
            # Names the authorization, for whoever asks whose it is.
            r=U256(index),
            s=U256(1),
        )

    def nonce(self, address):
        return int(self._state.get_account(self.state, Bytes20(unhex(address))).nonce)

    def accounts(self):
        """Those that are not empty, with their slots that are not zero."""
        found = {}
        for address, account in sorted(self.state._main_trie._data.items()):
            if account is None or not (int(account.nonce) or int(account.balance) or account.code):
                continue
            trie = self.state._storage_tries.get(address)
            slots = sorted(trie._data.items()) if trie else ()
            found[bytes(address).hex()] = {
                "balance": int(account.balance).to_bytes(32, "big").hex(),
                "nonce": int(account.nonce),
                "code": bytes(account.code).hex(),
                "storage": {bytes(key).hex(): int(value).to_bytes(32, "big").hex() for key, value in slots if int(value)},
            }
        return found
