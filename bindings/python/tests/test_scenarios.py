"""Runs tests/vectors, the scenarios that every binding runs. The format is tests/vectors/README.md."""

import json
import unittest

import zvm
from support import ROOT

VECTORS = sorted((ROOT / "tests/vectors").glob("*.json"))


class Fields:
    """A JSON object that knows which of its fields were read."""

    def __init__(self, fields):
        self._fields, self._read = fields, set()

    def __getitem__(self, name):
        self._read.add(name)
        return self._fields[name]

    def __contains__(self, name):
        return name in self._fields

    def get(self, name, default=None):
        return self[name] if name in self._fields else default

    def bytes(self, name, default=b""):
        return hexed(self[name]) if name in self._fields else default

    def number(self, name):
        """A word as a number."""
        return int.from_bytes(self.bytes(name), "big")

    def end(self):
        """Unknown fields are an error."""
        unread = set(self._fields) - self._read
        if unread:
            raise ValueError(f"unknown fields {sorted(unread)}")
        return self


def hexed(text):
    if not text.startswith("0x"):
        raise ValueError(f"{text!r} is not hex")
    return bytes.fromhex(text[2:])


class VectorHost(zvm.MemoryHost):
    """The scenario's ledger; keeps the last commit."""

    def __init__(self, ledger, codes):
        super().__init__()
        self.commits = []
        for address, account in ledger.get("accounts", {}).items():
            self._add(hexed(address), Fields(account), codes)
        for number, block_hash in ledger.get("block_hashes", {}).items():
            self.block_hashes[int(number)] = hexed(block_hash)
        ledger.end()

    def _add(self, address, account, codes):
        code_hash = account.bytes("code_hash")
        if "code" in account:
            self.codes[code_hash] = codes[account["code"]]
        self.accounts[address] = zvm.Account(
            account.number("balance"), account.get("nonce", 0), code_hash, account.get("engine", 0)
        )
        self.storage[address] = {hexed(key): hexed(value) for key, value in account.get("storage", {}).items()}
        account.end()

    def commit(self, commit):
        self.commits.append(commit)
        super().commit(commit)


def block(fields):
    made = zvm.Block(
        number=fields.get("number", 0),
        timestamp=fields.get("timestamp", 0),
        gas_limit=fields.get("gas_limit", 0),
        chain_id=fields.number("chain_id"),
        base_fee=fields.number("base_fee"),
        randomness=fields.bytes("randomness", None),
        proposer=fields.bytes("proposer", bytes(20)),
    )
    fields.end()
    return made


def logs(listed):
    def log(fields):
        made = zvm.Log(fields.bytes("account"), tuple(map(hexed, fields.get("topics", []))), fields.bytes("data"))
        fields.end()
        return made

    return [log(Fields(one)) for one in listed]


def changes(listed):
    def change(fields):
        made = zvm.Change(
            zvm.ChangeKind(fields["kind"]), fields.bytes("account"), fields.bytes("key"), fields.bytes("value"), fields.get("flags", 0),
        )
        fields.end()
        return made

    return [change(Fields(one)) for one in listed]


class Scenario:
    """One file as it runs."""

    def __init__(self, test, path):
        self.test = test
        self.fields = Fields(json.loads(path.read_text()))
        self.codes = {name: hexed(code) for name, code in self.fields.get("codes", {}).items()}
        self.marks = {}

    def run(self):
        fields = self.fields
        options, deny_floats = fields.get("options", {}), fields.get("deny_floats", False)
        in_block = block(Fields(fields.get("block", {})))
        host = VectorHost(Fields(fields.get("ledger", {})), self.codes)
        steps, expected = fields["steps"], (changes(fields.get("changes", [])), logs(fields.get("logs", [])))
        fields.get("about")
        fields.end()
        with zvm.Runtime(options=options, deny_floats=deny_floats) as runtime:
            with runtime.session(host, block=in_block) as session:
                for at, step in enumerate(steps):
                    with self.test.subTest(step=at):
                        self.step(session, Fields(step))
                self.test.assertEqual(session.changes(), expected[0])
                host.commits.clear()
                session.commit()
            self.test.assertEqual([(commit.changes, commit.logs) for commit in host.commits], [expected])
            with runtime.session(host, block=in_block) as again:
                self.test.assertEqual(again.changes(), [])

    def step(self, session, step):
        do = step["do"]
        if do == "commit":
            session.commit()
        elif do == "mark":
            self.marks[step["name"]] = session.mark()
        elif do == "rollback":
            session.rollback(self.marks[step["name"]])
        elif do in ("deploy", "call", "query"):
            terms = {
                "caller": step.bytes("caller", bytes(20)), "origin": step.bytes("origin", None),
                "value": step.number("value"), "gas_price": step.number("gas_price"),
                "gas_limit": step.get("gas_limit", 0), "input": step.bytes("input"),
            }
            if do == "deploy":
                terms.update(
                    code=self.codes[step["code"]], engine=step.get("engine", 0), salt=step.bytes("salt", None)
                )
            else:
                terms.update(
                    target=step.bytes("target", bytes(20)), entry=step.get("entry", ""), static=step.get("static", False)
                )
            self.outcome(getattr(session, do), terms, Fields(step["expect"]))
        else:
            raise ValueError(f"nobody can {do}")
        step.end()

    def outcome(self, run, terms, expect):
        if "status" in expect:
            with self.test.assertRaises(zvm.ZvmError) as raised:
                run(**terms)
            self.test.assertEqual(zvm.Status(raised.exception.status).name, expect["status"])
        else:
            result = run(**terms)
            seen = (
                zvm.Kind(result.kind).name, result.halt and zvm.Halt(result.halt).name, result.gas_used,
                result.gas_left, result.gas_refund, result.data, result.created, list(result.logs),
            )
            wanted = (
                expect["kind"], expect.get("halt"), expect.get("gas_used", 0), expect.get("gas_left", 0),
                expect.get("gas_refund", 0), expect.bytes("data"), expect.bytes("created", None),
                logs(expect.get("logs", [])),
            )
            self.test.assertEqual(seen, wanted)
        expect.end()


class Scenarios(unittest.TestCase):
    """One test for each file."""

    def test_there_are_scenarios(self):
        self.assertTrue(VECTORS)


def scenario(path):
    def test(self):
        Scenario(self, path).run()

    return test


for vector in VECTORS:
    setattr(Scenarios, f"test_{vector.stem}", scenario(vector))


if __name__ == "__main__":
    unittest.main()
