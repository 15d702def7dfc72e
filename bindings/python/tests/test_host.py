"""What a host in Python may answer, and what becomes of what it may not."""

import ctypes
import json
import sys
import unittest

import zvm
from support import COUNTER, GAS, ME, PROBE, Recorder, WithRuntime
from zvm import _raw


def written(key, value):
    """Input of the probe's `write`."""
    return bytes([len(key)]) + key + value


class Answers(WithRuntime):
    def test_a_contract_reads_what_the_host_has(self):
        host = Recorder()
        session, probe = self.probe(host)
        host.storage[probe] = {b"key": b"value"}
        self.assertEqual(self.call(session, probe, "read", b"key").data, b"value")

    def test_none_is_absent_and_not_empty(self):
        session, probe = self.probe(Recorder(get=lambda _, key: None if key == b"none" else b""))
        absent = self.call(session, probe, "read", b"none")
        self.assertEqual((absent.kind, absent.data), (zvm.Kind.REVERT, b"absent"))
        empty = self.call(session, probe, "read", b"empty")
        self.assertEqual((empty.kind, empty.data), (zvm.Kind.SUCCESS, b""))

    def test_n078_zero_length_both_ways(self):
        host = Recorder(get=lambda account, key: b"" if key == b"" else None, query=b"")
        host.__class__ = type("Asking", (Recorder,), {"query": lambda self, *question: self.answer("query", *question[1:])})
        session, probe = self.probe(host)
        for entry, input in [("read", b""), ("echo", b""), ("ask", b"\x07"), ("write", b"\x00"), ("call", b"")]:
            result = self.call(session, probe, entry, input)
            self.assertEqual((result.kind, result.data), (zvm.Kind.SUCCESS, b""), entry)
        self.assertIn(("get", probe, b""), host.asked)
        self.assertIn(("query", 7, b""), host.asked)

    def test_n078_an_empty_entry_is_committed_and_deleted(self):
        host = Recorder()
        session, probe = self.probe(host)
        self.call(session, probe, "write", written(b"", b""))
        self.assertIn(zvm.Change.set(probe, b"", b""), session.changes())
        session.commit()
        self.assertEqual(host.storage[probe], {b"": b""})
        self.call(session, probe, "remove", b"")
        self.assertEqual(session.changes(), [zvm.Change.delete(probe, b"")])
        session.prefetch(probe, [])
        session.prefetch(probe, [b""])

    def test_an_answer_may_be_longer_than_the_room_it_finds(self):
        for size in (255, 256, 257, 65536):
            session, probe = self.probe(Recorder(get=bytes([7]) * size))
            self.assertEqual(self.call(session, probe, "read", b"key").data, bytes([7]) * size)

    def test_n079_an_answer_over_the_limit_is_refused(self):
        session, probe = self.probe(Recorder(get=bytes(65537)))
        self.fails(zvm.Status.HOST_PROTOCOL, self.call, session, probe, "read", b"key")

    def test_buffers_are_bytes_too(self):
        for buffer in (bytearray(b"abc"), memoryview(b"abc")):
            session, probe = self.probe(Recorder(get=buffer))
            self.assertEqual(self.call(session, probe, "read", b"key").data, b"abc")

    def test_a_surcharge_is_paid(self):
        plain, probe = self.probe(Recorder(get=b"value"))
        charged, _ = self.probe(Recorder(get=zvm.Charged(b"value", 1234)))
        prices = [self.call(session, probe, "read", b"key").gas_used for session in (plain, charged)]
        self.assertEqual(prices[1] - prices[0], 1234)

    def test_keys_come_in_order_over_many_pages(self):
        host = Recorder()
        session, probe = self.probe(host)
        session.commit()
        keys = sorted(f"key {number}".encode() for number in range(1000))
        host.storage[probe] = dict.fromkeys(reversed(keys), b"x")
        with self.runtime.session(host) as again:
            listed = again.call(probe, "keys", caller=ME, gas_limit=10**9).data
        self.assertEqual(listed, b"".join(bytes([len(key)]) + key for key in keys))

    def test_without_scan_a_scan_fails(self):
        host = Recorder()
        host.__class__ = type("Unscannable", (Recorder,), {"scan": zvm.Host.scan})
        session, probe = self.probe(host)
        self.fails(zvm.Status.HOST_MISSING, self.call, session, probe, "keys")

    def test_several_entries_in_one_question(self):
        class Batching(Recorder):
            def get_many(self, slots):
                self.asked.append(("get_many", slots))
                return [None, zvm.Charged(b"two", 5), b""]

        host = Batching(get=AssertionError("asked for one"))
        session, probe = self.probe(host)
        session.prefetch(probe, [b"1", b"2", b"3"])
        self.assertEqual(host.asked, [("get_many", [(probe, b"1"), (probe, b"2"), (probe, b"3")])])
        self.assertEqual(self.call(session, probe, "read", b"1").data, b"absent")
        self.assertEqual(self.call(session, probe, "read", b"2").data, b"two")
        self.assertEqual(self.call(session, probe, "read", b"3").data, b"")

    def test_code_may_come_loaded(self):
        host = Recorder()
        session = self.open(host)
        counter = session.deploy(COUNTER, caller=ME, gas_limit=GAS).created
        session.commit()
        with self.runtime.load_code(COUNTER) as code:
            self.assertEqual(code.info().hash, host.accounts[counter].code_hash)
            host.answers["code"] = code
            # Another runtime: this one has it ready and does not ask.
            with zvm.Runtime() as runtime, runtime.session(host) as again:
                self.assertEqual(again.call(counter, caller=ME, gas_limit=GAS).data[-1], 1)
        self.assertEqual(host.asked[-1][0], "code")
        with zvm.Runtime() as runtime, runtime.session(host) as again:
            failure = self.fails(zvm.Status.HOST_UNWOUND, again.call, counter, caller=ME, gas_limit=GAS)
        self.assertIsInstance(failure.__cause__, ValueError)

    def test_hashes_of_earlier_blocks(self):
        host = Recorder()
        host.block_hashes[5] = bytes(range(32))
        session, probe = self.probe(host)
        self.assertEqual(self.call(session, probe, "block_hash", (5).to_bytes(8, "big")).data, bytes(range(32)))
        self.assertEqual(self.call(session, probe, "block_hash", (6).to_bytes(8, "big")).data, b"absent")


class Hooked(WithRuntime):
    def test_a_query_may_call_contracts(self):
        class Asked(Recorder):
            def query(self, frame, kind, request):
                seen.append((kind, request, frame.contract, frame.depth, frame.cancelled, frame.gas_left > 0, frame))
                return frame.call(request, "read", b"key").data

        seen = []
        session, probe = self.probe(Asked(get=b"value"))
        self.assertEqual(self.call(session, probe, "ask", b"\x09" + probe).data, b"value")
        *said, frame = seen[0]
        self.assertEqual(said, [9, probe, probe, 1, False, True])
        with self.assertRaises(ValueError):
            frame.gas_left

    def test_a_failure_in_a_nested_call_comes_through_whole(self):
        class Asked(Recorder):
            def query(self, frame, kind, request):
                return frame.call(request, "read", b"key").data

        session, probe = self.probe(Asked(get=LookupError("the disk is gone")))
        failure = self.fails(zvm.Status.HOST_UNWOUND, self.call, session, probe, "ask", b"\x09" + probe)
        inner = failure.__cause__
        self.assertIsInstance(inner, zvm.ZvmError)
        self.assertIsInstance(inner.__cause__, LookupError)

    def test_other_callbacks_may_not_call_contracts(self):
        def read(account, key):
            session.call(account, caller=ME, gas_limit=GAS)

        session, probe = self.probe(Recorder(get=read))
        failure = self.fails(zvm.Status.HOST_UNWOUND, self.call, session, probe, "read", b"key")
        self.assertEqual(failure.__cause__.status, zvm.Status.BUSY)

    def test_admission(self):
        class Admitting(Recorder):
            def admit(self, candidate):
                return self.answer("admit", candidate)

        with zvm.Runtime(admission=zvm.Admission.REQUIRED, least_score=50) as runtime:
            host = Admitting(admit=50)
            with runtime.session(host) as session:
                result = session.deploy(PROBE, caller=ME, gas_limit=GAS)
                self.assertEqual(result.score, 50)
                candidate = host.asked[0][1]
                self.assertEqual((candidate.code, candidate.creator, candidate.contract, candidate.engine),
                                 (PROBE, ME, result.created, zvm.Engine.WASM))
            for answer in (49, zvm.Refused()):
                with runtime.session(Admitting(admit=answer)) as session:
                    self.fails(zvm.Status.CODE_REFUSED, session.deploy, PROBE, caller=ME, gas_limit=GAS)
            for answer in (None, -1, 1 << 32, True):
                with runtime.session(Admitting(admit=answer)) as session:
                    self.fails(zvm.Status.HOST_UNWOUND, session.deploy, PROBE, caller=ME, gas_limit=GAS)

    def test_hooks_beside_another_ledger(self):
        class Listening(zvm.Hooks):
            def log(self, level, target, message):
                lines.append((level, target, message))

        lines = []
        with zvm.Store() as store:
            session, probe = self.probe(store, hooks=Listening())
            self.call(session, probe, "say", "grüß\n".encode())
        self.assertEqual(lines, [(1, "0x" + probe.hex(), "grüß\\n")])


    def test_traces(self):
        class Tracing(zvm.Hooks):
            def trace(self, lines):
                told.extend(lines.splitlines())

        told = []
        with zvm.Store() as store:
            session, probe = self.probe(store, hooks=Tracing())
            session.trace(zvm.Trace.CALLS | zvm.Trace.STEPS)
            self.call(session, probe, "say", b"1")
            enter, leave, whole = map(json.loads, told)
            self.assertEqual((enter["enter"], enter["depth"], enter["to"]), ("call", 1, "0x" + probe.hex()))
            self.assertEqual((enter["entry"], enter["input"]), ("say", "0x31"))
            self.assertEqual((leave["leave"], leave["engine"], whole["pass"]), ("SUCCESS", "wasm", True))
            session.trace(0)
            told.clear()
            self.call(session, probe, "say", b"1")
            self.assertEqual(told, [])
            self.fails(zvm.Status.FLAGS, session.trace, 4)


class Failures(WithRuntime):
    def test_n082_a_raising_host(self):
        raised = LookupError("the disk is gone")
        session, probe = self.probe(Recorder(get=raised))
        failure = self.fails(zvm.Status.HOST_UNWOUND, self.call, session, probe, "read", b"key")
        self.assertIs(failure.__cause__, raised)
        self.assertEqual((failure.message, failure.contract, failure.depth), ("LookupError: the disk is gone", probe, 1))
        # Nothing of the call remains, and the session goes on.
        self.assertTrue(self.call(session, probe, "echo").success)

    def test_n082_every_callback_may_raise(self):
        reach = {
            "get": ("read", b"key"), "scan": ("keys", b""), "block_hash": ("block_hash", bytes(8)),
            "account": ("reach", b"\x05" * 20),
        }
        for name, (entry, input) in reach.items():
            with self.subTest(name):
                host = Recorder()
                session, probe = self.probe(host)
                session.commit()
                host.answers[name] = RuntimeError(name)
                failure = self.fails(zvm.Status.HOST_UNWOUND, self.call, session, probe, entry, input)
                self.assertEqual(str(failure.__cause__), name)

    def test_a_host_gives_its_own_number(self):
        raised = zvm.HostError(-77, "out of paper")
        session, probe = self.probe(Recorder(get=raised))
        failure = self.fails(zvm.Status.HOST, self.call, session, probe, "read", b"key")
        self.assertEqual((failure.host_code, failure.message), (-77, "out of paper"))
        self.assertIs(failure.__cause__, raised)

    def test_what_ends_the_program_is_raised_as_itself(self):
        for raised in (KeyboardInterrupt(), SystemExit(3)):
            session, probe = self.probe(Recorder(get=raised))
            with self.assertRaises(type(raised)) as seen:
                self.call(session, probe, "read", b"key")
            self.assertIs(seen.exception, raised)

    def test_n082_answers_of_the_wrong_type(self):
        wrong = {
            "get": ["text", 5, [1, 2], True, zvm.Charged(b"", -1), zvm.Charged(b"", 1.5)],
            "account": [b"", 5, {}, zvm.Account(balance=-1), zvm.Account(balance=1 << 256), zvm.Account(balance=1.5),
                        zvm.Account(nonce=1 << 64), zvm.Account(code_hash=b"short")],
            "scan": [None, 5, [b"key"], [(b"key", 5)], [("key", b"value")]],
            "block_hash": ["text", b"short", 7],
        }  # fmt: skip
        entries = {"get": "read", "account": "reach", "scan": "keys", "block_hash": "block_hash"}
        for name, answers in wrong.items():
            for answer in answers:
                with self.subTest(name, answer=answer):
                    host = Recorder()
                    session, probe = self.probe(host)
                    session.commit()
                    host.answers[name] = answer
                    if name == "scan" and answer == [(b"key", 5)]:
                        # Values of a scan are not looked at where only keys are wanted.
                        continue
                    failure = self.fails(
                        zvm.Status.HOST_UNWOUND, self.call, session, probe, entries[name], b"\x05" * 20
                    )
                    self.assertIsInstance(failure.__cause__, (TypeError, ValueError))

    def test_n082_code_that_is_not_the_code(self):
        host = Recorder()
        session, probe = self.probe(host)
        session.commit()
        for code, status in [
            (None, zvm.Status.HOST_PROTOCOL), (b"other", zvm.Status.HOST_PROTOCOL), ("text", zvm.Status.HOST_UNWOUND)
        ]:
            host.answers["code"] = code
            # Another runtime: this one has the code ready and does not ask.
            with self.subTest(code=code), zvm.Runtime() as runtime, runtime.session(host) as again:
                self.fails(status, again.call, probe, caller=ME, gas_limit=GAS)

    def test_n085_a_commit_that_says_anything_but_none(self):
        for answer in (False, True, 0, b""):
            host = Recorder(commit=answer)
            session, _ = self.probe(host)
            self.fails(zvm.Status.HOST_UNWOUND, session.commit)

    def test_a_failed_commit_can_be_tried_again(self):
        host = Recorder(commit=OSError("no space"))
        session, probe = self.probe(host)
        before = session.changes()
        self.fails(zvm.Status.HOST_UNWOUND, session.commit)
        self.assertEqual(session.changes(), before)
        failed = host.asked[-1][1]
        del host.answers["commit"]
        session.commit()
        self.assertIn(probe, host.accounts)
        host.answers["commit"] = None
        session.commit()
        self.assertEqual((host.asked[-1][1].serial, host.asked[-1][1].session_id),
                         (failed.serial + 1, failed.session_id))

    def test_without_commit_changes_can_be_taken(self):
        host = Recorder()
        host.__class__ = type("Taking", (Recorder,), {"commit": zvm.Host.commit})
        session, probe = self.probe(host)
        self.fails(zvm.Status.HOST_MISSING, session.commit)
        self.assertIn(probe, [change.account for change in session.changes()])

    def test_a_host_without_what_is_required(self):
        class Half(zvm.Host):
            def get(self, account, key):
                return None

        with self.assertRaises(zvm.ZvmError) as raised:
            self.runtime.session(Half())
        self.assertEqual(raised.exception.status, zvm.Status.HOST_MISSING)
        with self.assertRaises(TypeError):
            self.runtime.session(object())

    def test_an_exception_whose_text_raises(self):
        class Mute(Exception):
            def __str__(self):
                raise RuntimeError

        session, probe = self.probe(Recorder(get=Mute()))
        failure = self.fails(zvm.Status.HOST_UNWOUND, self.call, session, probe, "read", b"key")
        self.assertEqual(failure.message, "Mute")

    def test_a_failing_log_fails_nothing_and_is_not_hidden(self):
        class Mumbling(Recorder):
            def log(self, level, target, message):
                raise OSError("no paper")

        seen = []
        hook, sys.unraisablehook = sys.unraisablehook, lambda problem: seen.append(problem.exc_value)
        try:
            session, probe = self.probe(Mumbling())
            self.assertTrue(self.call(session, probe, "say", b"hello").success)
        finally:
            sys.unraisablehook = hook
        self.assertEqual([str(problem) for problem in seen], ["no paper"])


class Raw(WithRuntime):
    """Without the layer that catches exceptions and checks types."""

    def test_n082_a_raw_callback_that_answers_nonsense_fails_closed(self):
        def nothing(ctx, op):
            return None

        def text(ctx, op):
            return "done"

        def raising(ctx, op):
            raise RuntimeError

        def done(ctx, op):
            # Not where these tables take their answers from.
            return zvm.numbers.Answer.DONE

        self.addCleanup(setattr, sys, "unraisablehook", sys.unraisablehook)
        sys.unraisablehook = lambda _: None
        for callback in (nothing, text, raising, done):
            with self.subTest(callback.__name__):
                entry = _raw.CALLBACK(callback)
                storage, ledger = _raw.sized(_raw.zvm_storage), _raw.sized(_raw.zvm_ledger)
                storage.flags = ledger.flags = zvm.numbers.TABLE_ANSWER_IN_OP
                storage.get, ledger.account, ledger.code = entry, entry, entry
                params = _raw.sized(_raw.zvm_session_params)
                params.storage, params.ledger = ctypes.pointer(storage), ctypes.pointer(ledger)
                session, result = _raw.zvm_session(), _raw.sized(_raw.zvm_result)
                call = _raw.sized(_raw.zvm_call)
                _raw.lib.zvm_session_new(self.runtime.handle, ctypes.byref(params), ctypes.byref(session), None)
                status = _raw.lib.zvm_session_call(session, ctypes.byref(call), ctypes.byref(result), None)
                _raw.lib.zvm_session_free(session)
                self.assertEqual(status, zvm.Status.HOST)


if __name__ == "__main__":
    unittest.main()
