"""What the tests have in common. The contracts are compiled by make; the probe is bindings/testdata/probe.c."""

import unittest
from pathlib import Path

import zvm

ROOT = Path(__file__).resolve().parents[3]
HEADER = ROOT / "include" / "zvm.h"
COUNTER = (ROOT / "build/contracts/c/counter.wasm").read_bytes()
PROBE = (ROOT / "build/contracts/probe.wasm").read_bytes()

ME = b"\x01" * 20
GAS = 10_000_000


class Recorder(zvm.MemoryHost):
    """A ledger in memory that notes what it is asked, and gives what a test tells it to."""

    def __init__(self, **answers):
        super().__init__()
        self.accounts[ME] = zvm.Account(balance=10**18)
        self.asked = []
        self.answers = answers

    def answer(self, name, *arguments):
        """What the test says: a value, an exception to raise, or a function of the arguments."""
        self.asked.append((name, *arguments))
        told = self.answers[name]
        if isinstance(told, BaseException):
            raise told
        return told(*arguments) if callable(told) else told

    def get(self, account, key):
        return self.answer("get", account, key) if "get" in self.answers else super().get(account, key)

    def account(self, address):
        return self.answer("account", address) if "account" in self.answers else super().account(address)

    def code(self, code_hash):
        return self.answer("code", code_hash) if "code" in self.answers else super().code(code_hash)

    def scan(self, account, within):
        return self.answer("scan", account, within) if "scan" in self.answers else super().scan(account, within)

    def commit(self, commit):
        return self.answer("commit", commit) if "commit" in self.answers else super().commit(commit)

    def block_hash(self, number):
        return self.answer("block_hash", number) if "block_hash" in self.answers else super().block_hash(number)


class WithRuntime(unittest.TestCase):
    """One runtime for a class of tests: code is compiled once."""

    @classmethod
    def setUpClass(cls):
        cls.runtime = zvm.Runtime()
        cls.addClassCleanup(cls.runtime.close)

    def open(self, host=None, **options):
        """A session that is closed after the test."""
        session = self.runtime.session(host if host is not None else Recorder(), **options)
        self.addCleanup(session.close)
        return session

    def probe(self, host=None, **options):
        """A session and the probe in it."""
        session = self.open(host, **options)
        return session, session.deploy(PROBE, caller=ME, gas_limit=GAS).created

    def call(self, session, contract, entry="", input=b"", **terms):
        return session.call(contract, entry, input, **{"caller": ME, "gas_limit": GAS, **terms})

    def fails(self, status, function, *arguments, **named):
        """Calls what must raise a ZvmError of this status, and returns the error."""
        with self.assertRaises(zvm.ZvmError) as raised:
            function(*arguments, **named)
        self.assertEqual(raised.exception.status, status, raised.exception)
        return raised.exception
