"""A counter on storage of the program's own: three dictionaries, and every write they get is printed.

    counter.py counter.wasm
"""

import sys
from dataclasses import replace

import zvm

ALICE = bytes.fromhex("a11ce00000000000000000000000000000000001")


class Ledger(zvm.Host):
    """Accounts, codes and storage in dictionaries."""

    def __init__(self):
        self.accounts = {ALICE: zvm.Account(balance=1_000_000)}
        self.codes = {}
        self.storage = {}

    def account(self, address):
        return self.accounts.get(address)

    def code(self, code_hash):
        return self.codes.get(code_hash)

    def get(self, account, key):
        return self.storage.get((account, key))

    def commit(self, commit):
        # On copies, which replace the originals at the end: whole or not at all.
        accounts, codes, storage = dict(self.accounts), dict(self.codes), dict(self.storage)
        for change in commit.changes:
            account = accounts.get(change.account, zvm.Account())
            if change.kind == zvm.ChangeKind.BALANCE:
                accounts[change.account] = replace(account, balance=int.from_bytes(change.value, "big"))
            elif change.kind == zvm.ChangeKind.NONCE:
                accounts[change.account] = replace(account, nonce=int.from_bytes(change.value, "big"))
            elif change.kind == zvm.ChangeKind.CODE:
                codes[change.key] = change.value
                accounts[change.account] = replace(account, code_hash=change.key, engine=change.flags)
            elif change.kind == zvm.ChangeKind.SET:
                storage[change.account, change.key] = change.value
            elif change.kind == zvm.ChangeKind.DELETE:
                storage.pop((change.account, change.key), None)
            else:
                raise ValueError(f"this ledger does not know changes of kind {change.kind}")
            print(f"  {change.kind.name.lower():8}{change.account.hex()} {described(change)}")
        self.accounts, self.codes, self.storage = accounts, codes, storage


def described(change):
    if change.kind == zvm.ChangeKind.CODE:
        return f"{len(change.value)} bytes"
    return f"{change.key.decode()} {int.from_bytes(change.value, 'big')}".strip()


def main(path):
    with open(path, "rb") as file:
        code = file.read()
    with zvm.Runtime() as runtime, runtime.session(Ledger()) as session:
        terms = {"caller": ALICE, "gas_limit": 10_000_000}
        counter = session.deploy(code, (41).to_bytes(8, "big"), **terms).created
        result = session.call(counter, **terms)
        print(f"the counter at {counter.hex()} says {int.from_bytes(result.data, 'big')}, for {result.gas_used} gas")
        print("committed:")
        session.commit()


if __name__ == "__main__":
    main(*sys.argv[1:])
