"""What EELS makes of OpenZeppelin's ERC-20: `erc20.py TOKEN.EVM VECTOR [--bless]` deploys and drives it and compares
gas, outcome, output, logs and the storage in the end with the vector; --bless writes the vector."""

import json
import sys

from coincurve import PrivateKey
from ethereum.crypto.hash import keccak256
from ethereum_rlp import rlp

from machine import Machine

ABOUT = {
    "contract": "contracts/solidity/token.sol, compiled by solc 0.8.37 with OpenZeppelin Contracts 5.7.0,"
    " which are under the MIT licence, copyright Zeppelin Group Ltd",
    "figures": "ethereum-execution 2.20.0; make test-eels derives them again",
}
FORK = "osaka"
SUPPLY = 1_000_000
ALICE, BOB, CAROL = (bytes([letter] * 20).hex() for letter in b"abc")
# Signs a permit instead of paying for an approval.
KEY = PrivateKey(bytes([7] * 32))
DORA = bytes(keccak256(KEY.public_key.format(compressed=False)[1:]))[12:].hex()
BLOCK = {
    "number": 1000,
    "timestamp": 1_700_000_000,
    "chain_id": "01",
    "proposer": "c0" * 20,
    "gas_limit": 30_000_000,
    "base_fee": "07",
    "randomness": "05".zfill(64),
    "difficulty": "00",
}
DEADLINE = BLOCK["timestamp"] + 60


def word(value):
    return value.rjust(64, "0") if isinstance(value, str) else value.to_bytes(32, "big").hex()


def call(signature, *arguments):
    return bytes(keccak256(signature.encode()))[:4].hex() + "".join(map(word, arguments))


def permit(token, spender, value):
    """EIP-2612: the owner's signature over what it permits."""
    hashed = lambda *words: bytes(keccak256(bytes.fromhex("".join(map(word, words))))).hex()
    of = lambda text: bytes(keccak256(text.encode())).hex()
    domain = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    kind = "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    separator = hashed(of(domain), of("Token"), of("1"), 1, token)
    digest = bytes(keccak256(bytes.fromhex("1901" + separator + hashed(of(kind), DORA, spender, value, 0, DEADLINE))))
    signature = KEY.sign_recoverable(digest, hasher=None)
    r, s, v = signature[:32].hex(), signature[32:64].hex(), 27 + signature[64]
    form = "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)"
    return call(form, DORA, spender, value, DEADLINE, v, r, s)


def steps(initcode, token):
    transfer, approve = "transfer(address,uint256)", "approve(address,uint256)"
    transfer_from = "transferFrom(address,address,uint256)"
    return [
        ("deploy", ALICE, None, initcode + word(SUPPLY)),
        ("transfer to a holder of none", ALICE, token, call(transfer, BOB, 300)),
        ("transfer to a holder", ALICE, token, call(transfer, BOB, 1)),
        ("transfer of more than there is", BOB, token, call(transfer, CAROL, 302)),
        ("approve", ALICE, token, call(approve, CAROL, 500)),
        ("transferFrom", CAROL, token, call(transfer_from, ALICE, BOB, 200)),
        ("transferFrom of more than was approved", CAROL, token, call(transfer_from, ALICE, BOB, 301)),
        ("transferFrom of the rest that was approved", CAROL, token, call(transfer_from, ALICE, DORA, 300)),
        ("permit", BOB, token, permit(token, CAROL, 250)),
        ("permit again", BOB, token, permit(token, CAROL, 250)),
        ("transferFrom as permitted", CAROL, token, call(transfer_from, DORA, CAROL, 250)),
        ("transfer of everything", BOB, token, call(transfer, CAROL, 501)),
        ("balanceOf", BOB, token, call("balanceOf(address)", CAROL)),
        ("an unknown function", BOB, token, "00000000"),
    ]


def derive(initcode):
    rich = {"balance": word(10**18), "nonce": 0, "code": "", "storage": {}}
    machine = Machine(FORK, BLOCK, {address: rich for address in (ALICE, BOB, CAROL)})
    token = bytes(keccak256(rlp.encode((bytes.fromhex(ALICE), b""))))[12:].hex()
    found = []
    for name, sender, to, data in steps(initcode, token):
        sent = {
            "kind": 0, "sender": sender, "chain_id": "01", "nonce": machine.nonce(sender), "gas_limit": 2_000_000,
            "gas_price": "0a", "tip": "00", "to": to, "value": "00", "input": data, "access_list": [],
            "blob_hashes": [], "blob_fee_cap": "00", "authorizations": [],
        }
        done = machine.transact(sent)
        found.append({"name": name, "sender": sender, "to": to, "input": data, **done})
    accounts = machine.accounts()
    return {
        **ABOUT, "fork": FORK, "token": token, "block": BLOCK, "steps": found, "storage": accounts[token]["storage"],
        "balances": {address: account["balance"] for address, account in accounts.items()},
    }


def main(code, path, *bless):
    with open(code, "rb") as file:
        derived = json.dumps(derive(file.read().hex()), indent=1) + "\n"
    if bless:
        with open(path, "w") as vector:
            vector.write(derived)
    with open(path) as vector:
        same = vector.read() == derived
    print(f"eels: the vector of the ERC-20 {'is what EELS says' if same else 'differs from what EELS says'}")
    return not same


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
