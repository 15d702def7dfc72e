"""Sessions, results, savepoints, what is refused before it reaches the library."""

import tempfile
import unittest
from pathlib import Path

import zvm
from support import COUNTER, GAS, ME, PROBE, Recorder, WithRuntime
from test_host import written


class Calls(WithRuntime):
    def test_a_contract_sees_the_terms_of_its_call(self):
        block = zvm.Block(number=7, timestamp=1234567, gas_limit=10**9, chain_id=99, base_fee=3,
                          randomness=bytes(range(32)), proposer=b"\x0a" * 20)
        session, probe = self.probe(block=block)
        seen = self.call(session, probe, "context", origin=b"\x0b" * 20, value=1000, gas_price=5).data
        words = (1000).to_bytes(32, "big") + (5).to_bytes(32, "big")
        numbers = (7).to_bytes(8, "big") + (1234567).to_bytes(8, "big") + (99).to_bytes(32, "big")
        self.assertEqual(seen, ME + b"\x0b" * 20 + words + numbers + b"\x0a" * 20 + bytes(range(32)))
        self.assertEqual(self.call(session, probe, "context").data[20:40], ME)

    def test_events(self):
        session, probe = self.probe()
        topics = (b"\x01" * 32, b"\x02" * 32)
        result = self.call(session, probe, "emit", b"\x02" + b"".join(topics) + b"data")
        self.assertEqual(result.logs, (zvm.Log(probe, topics, b"data"),))
        result = self.call(session, probe, "emit", b"\x00")
        self.assertEqual(result.logs, (zvm.Log(probe, (), b""),))

    def test_how_contracts_end(self):
        session, probe = self.probe()
        ends = {
            "unreachable": (zvm.Kind.TRAP, zvm.Halt.UNREACHABLE), "divide": (zvm.Kind.TRAP, zvm.Halt.DIVIDE_BY_ZERO),
            "bounds": (zvm.Kind.TRAP, zvm.Halt.MEMORY_BOUNDS), "recurse": (zvm.Kind.TRAP, zvm.Halt.STACK_OVERFLOW),
            "spin": (zvm.Kind.OUT_OF_GAS, zvm.Halt.OUT_OF_GAS), "fail": (zvm.Kind.REVERT, None),
            "nothing": (zvm.Kind.NO_ENTRY, zvm.Halt.NO_ENTRY),
        }  # fmt: skip
        for entry, end in ends.items():
            result = self.call(session, probe, entry)
            self.assertEqual((result.kind, result.halt), end, entry)
            self.assertEqual(result.gas_used + result.gas_left, GAS)
            self.assertFalse(result.success)

    def test_a_salt_decides_the_address(self):
        def deployed(**asked):
            return self.open().deploy(PROBE, caller=ME, gas_limit=GAS, **asked).created

        self.assertEqual(deployed(salt=b"\x05" * 32), deployed(salt=b"\x05" * 32))
        self.assertNotEqual(deployed(salt=b"\x05" * 32), deployed(salt=b"\x06" * 32))
        self.assertEqual(deployed(), zvm.create_address(ME, 0))
        # EIP-1014, its first example: initcode 00.
        initcode = bytes.fromhex("bc36789e7a1e281436464229828f817d6612f7b477d66591ff96a9e064bcc98a")
        wanted = bytes.fromhex("4d1a2e2bb4f88f0250f26ffff098b0b30b26bf38")
        self.assertEqual(zvm.create2_address(bytes(20), bytes(32), initcode), wanted)

    def test_static_calls_may_not_write(self):
        session, probe = self.probe()
        result = self.call(session, probe, "write", written(b"k", b"v"), static=True)
        self.assertEqual(result.kind, zvm.Kind.STATIC_WRITE)

    def test_queries_leave_nothing(self):
        session, probe = self.probe()
        before = session.changes()
        self.assertTrue(session.query(probe, "write", written(b"k", b"v"), caller=ME, gas_limit=GAS).success)
        self.assertEqual(session.changes(), before)

    def test_savepoints(self):
        session, probe = self.probe()
        mark = session.mark()
        before = session.changes()
        self.call(session, probe, "write", written(b"k", b"v"))
        self.assertIn(zvm.Change.set(probe, b"k", b"v"), session.changes())
        session.rollback(mark)
        self.assertEqual(session.changes(), before)
        session.reset()
        self.assertEqual(session.changes(), [])
        self.fails(zvm.Status.ARGUMENT, session.rollback, mark)

    def test_one_call_in_a_session_of_its_own(self):
        host = Recorder()
        session, probe = self.probe(host)
        session.commit()
        result = self.runtime.execute(host, probe, "write", written(b"k", b"v"), caller=ME, gas_limit=GAS)
        self.assertTrue(result.success)
        self.assertEqual(host.storage[probe], {b"k": b"v"})
        self.runtime.execute(host, probe, "fail", caller=ME, gas_limit=GAS)
        self.assertEqual(host.storage[probe], {b"k": b"v"})

    def test_a_read_only_session_does_not_commit(self):
        session, _ = self.probe(read_only=True)
        self.fails(zvm.Status.STATE, session.commit)

    def test_what_does_not_fit_is_refused_and_not_cut(self):
        session, probe = self.probe()
        for terms in (
            {"caller": b"short"}, {"gas_limit": -1}, {"gas_limit": 1 << 64}, {"value": -1}, {"value": 1 << 256},
            {"input": "text"}, {"input": 5}, {"value": 1.5}, {"gas_limit": True}, {"time_limit": 0}, {"entry": b"echo"},
        ):
            with self.subTest(**terms), self.assertRaises((TypeError, ValueError, AttributeError)):
                session.call(**{"target": probe, "caller": ME, "gas_limit": GAS, **terms})

    def test_what_is_closed_cannot_be_used(self):
        session, probe = self.probe()
        session.close()
        session.close()
        with self.assertRaises(ValueError):
            self.call(session, probe)
        with zvm.Runtime() as runtime:
            pass
        with self.assertRaises(ValueError):
            runtime.session(Recorder())

    def test_a_session_closed_by_its_own_callback_ends_after_the_call(self):
        host = Recorder(get=lambda *_: session.close())
        session, probe = self.probe(host)
        self.assertEqual(self.call(session, probe, "read", b"key").data, b"absent")
        with self.assertRaises(ValueError):
            session.changes()

    def test_a_session_outlives_its_runtime(self):
        with zvm.Runtime() as runtime:
            session = runtime.session(Recorder())
        with session:
            self.assertTrue(session.deploy(COUNTER, caller=ME, gas_limit=GAS).success)


class Codes(WithRuntime):
    def test_what_is_said_of_code(self):
        with self.runtime.load_code(COUNTER, engine=zvm.Engine.WASM) as code:
            info = code.info()
            with self.runtime.load_code(COUNTER, expected_hash=info.hash) as same:
                self.assertEqual(same.info(), info)
        self.assertEqual((info.engine, info.code, set(info.entries)), (zvm.Engine.WASM, COUNTER, {"init", "call", "get"}))
        self.assertIn("storage_read", info.imports)
        self.assertIn(b'"counter"', info.abi)
        self.fails(zvm.Status.CODE_INVALID, self.runtime.load_code, COUNTER, expected_hash=bytes(32))
        self.fails(zvm.Status.CODE_FORMAT, self.runtime.load_code, b"")

    def test_serialised_code_comes_back_with_the_key_it_left_with(self):
        with zvm.Runtime(artefact_key=b"\x01" * 32) as runtime:
            with runtime.load_code(COUNTER) as code:
                artefact, info = code.serialize(), code.info()
            with runtime.deserialize_code(artefact) as code:
                self.assertEqual(code.info().hash, info.hash)
        self.fails(zvm.Status.ARTEFACT, self.runtime.deserialize_code, artefact)
        self.fails(zvm.Status.ARTEFACT, self.runtime.deserialize_code, b"")

    def test_parameters_are_in_the_fingerprint(self):
        with zvm.Runtime(options={"limit.value_bytes": 10}) as runtime:
            self.assertNotEqual(runtime.fingerprint(), self.runtime.fingerprint())
            with runtime.session(Recorder()) as session:
                probe = session.deploy(PROBE, caller=ME, gas_limit=GAS).created
                result = session.call(probe, "write", written(b"k", bytes(11)), caller=ME, gas_limit=GAS)
                self.assertEqual(result.halt, zvm.Halt.TOO_LONG)
        self.fails(zvm.Status.ARGUMENT, zvm.Runtime, options={"limit.nonsense": 1})

    def test_counts(self):
        with zvm.Runtime() as runtime:
            with runtime.session(Recorder()) as session:
                session.deploy(COUNTER, caller=ME, gas_limit=GAS)
                self.fails(zvm.Status.CODE_FORMAT, session.deploy, b"\xefnonsense", caller=ME, gas_limit=GAS)
            stats = runtime.stats()
            self.assertEqual((stats.deploys, stats.failures, stats.codes), (2, 1, 1))
            runtime.trim()
            self.assertEqual(runtime.stats().codes, 0)

    def test_compilers_differ_in_nothing_that_is_seen(self):
        both = [zvm.Compiler.SINGLEPASS, zvm.Compiler.CRANELIFT]
        built = [compiler for compiler in both if zvm.feature(zvm.Feature[compiler.name])]
        tiered = [zvm.Compiler.TIERED] if built == both else []
        for compiler in [*built, *tiered]:
            with zvm.Runtime(compiler=compiler, compile_threads=1, hot_runs=1) as runtime:
                self.assertEqual(runtime.fingerprint(), self.runtime.fingerprint())
                with runtime.session(Recorder()) as session:
                    self.assertTrue(session.deploy(COUNTER, caller=ME, gas_limit=GAS).success)
                self.assertEqual(runtime.stats().compilations, 1)
                runtime.ensure_signals()
        self.fails(zvm.Status.ARGUMENT, zvm.Runtime, compiler=4)
        self.fails(zvm.Status.ARGUMENT, zvm.Runtime, signals=2)

    def test_the_library_tests_itself(self):
        zvm.selftest()
        self.fails(zvm.Status.PANIC, zvm.selftest, zvm.Selftest.PANIC)
        self.assertTrue(zvm.feature(zvm.Feature.WASM))
        self.assertIn("zvm", zvm.version())


class Stores(WithRuntime):
    def test_a_ledger_in_a_file_stays(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "ledger.zvm")
            with zvm.Store(path) as store:
                store.apply([zvm.Change.balance(ME, 5000), zvm.Change.nonce(ME, 3)])
                with self.runtime.session(store) as session:
                    counter = session.deploy(COUNTER, caller=ME, gas_limit=GAS, value=0).created
                    self.call(session, counter)
                    session.commit()
            self.assertEqual(counter, zvm.create_address(ME, 3))
            with zvm.Store(path) as store, self.runtime.session(store) as session:
                self.assertEqual(self.call(session, counter, "get").data[-1], 1)

    def test_changes_of_ones_own(self):
        session, probe = self.probe()
        self.call(session, probe, "write", written(b"k", b"v"))
        with zvm.Store() as store:
            # What one ledger was to get, another can.
            store.apply(session.changes())
            store.apply([zvm.Change.set(probe, b"own", b""), zvm.Change.delete(probe, b"k")])
            listed = self.runtime.execute(store, probe, "keys", caller=ME, gas_limit=GAS)
            self.assertEqual(listed.data, b"\x03own")
            self.fails(zvm.Status.ARGUMENT, store.apply, [zvm.Change(zvm.ChangeKind.NONCE, ME, value=b"short")])
            self.fails(zvm.Status.UNSUPPORTED, store.apply, [zvm.Change(99, ME)])

    def test_a_path_that_is_none(self):
        self.fails(zvm.Status.ARGUMENT, zvm.Store, "")
        self.fails(zvm.Status.HOST, zvm.Store, "/nowhere/at/all")


if __name__ == "__main__":
    unittest.main()
