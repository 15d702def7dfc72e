"""How long things live: hosts, contexts, handles, and the interpreter."""

import ctypes
import gc
import os
import subprocess
import sys
import textwrap
import unittest
import weakref

import zvm
from support import GAS, ME, PROBE, ROOT, Recorder, WithRuntime
from zvm import _callbacks, _raw

START = """
    import faulthandler, os, signal, sys, threading
    import support, zvm
    from support import GAS, ME, PROBE, Recorder
"""


class Lifetimes(WithRuntime):
    def setUp(self):
        gc.collect()
        self.known = len(_callbacks._known)

    def assertForgotten(self, *hosts):
        self.assertEqual([host() for host in hosts], [None] * len(hosts))
        self.assertEqual(len(_callbacks._known), self.known)

    def test_a_closed_session_forgets_its_host(self):
        host = Recorder()
        seen = weakref.ref(host)
        with self.runtime.session(host) as session:
            session.deploy(PROBE, caller=ME, gas_limit=GAS)
        del session, host
        self.assertForgotten(seen)

    def test_a_forgotten_session_is_freed_at_once(self):
        # Without the collector: nothing here is a cycle.
        gc.disable()
        self.addCleanup(gc.enable)
        host = Recorder()
        seen = weakref.ref(host)
        session = self.runtime.session(host)
        probe = session.deploy(PROBE, caller=ME, gas_limit=GAS).created
        self.assertTrue(session.call(probe, "echo", caller=ME, gas_limit=GAS).success)
        del session, host
        self.assertForgotten(seen)

    def test_a_failed_call_leaves_nothing_behind(self):
        gc.disable()
        self.addCleanup(gc.enable)

        class Broken(Recorder):
            def get(self, account, key):
                raise LookupError("gone")

        host = Broken()
        seen = weakref.ref(host)
        session = self.runtime.session(host)
        probe = session.deploy(PROBE, caller=ME, gas_limit=GAS).created
        try:
            session.call(probe, "read", b"key", caller=ME, gas_limit=GAS)
        except zvm.ZvmError as failure:
            self.assertIsInstance(failure.__cause__, LookupError)
        del session, host
        self.assertForgotten(seen)

    def test_a_host_that_refers_to_its_session_is_collected(self):
        host = Recorder()
        host.session = self.runtime.session(host)
        seen = weakref.ref(host)
        del host
        gc.collect()
        self.assertForgotten(seen)

    def test_a_session_that_could_not_be_made_forgets_its_host(self):
        class Half(zvm.Host):
            pass

        host = Half()
        seen = weakref.ref(host)
        with self.assertRaises(zvm.ZvmError):
            self.runtime.session(host)
        del host
        self.assertForgotten(seen)

    def test_the_library_releases_each_context_once(self):
        released = []
        release = _raw.RELEASE(released.append)
        never = _raw.CALLBACK(lambda ctx, op: 0)

        def params(complete):
            storage, ledger, hooks = (_raw.sized(s) for s in (_raw.zvm_storage, _raw.zvm_ledger, _raw.zvm_hooks))
            storage.release, ledger.release, hooks.release = release, release, release
            ledger.account, ledger.code = never, never
            if complete:
                storage.get = never
            made = _raw.sized(_raw.zvm_session_params)
            made.storage, made.storage_ctx = ctypes.pointer(storage), 1
            made.ledger, made.ledger_ctx = ctypes.pointer(ledger), 2
            made.hooks, made.hooks_ctx = ctypes.pointer(hooks), 3
            return made

        session = _raw.zvm_session()
        runtime, new = self.runtime.handle, _raw.lib.zvm_session_new
        self.assertEqual(new(runtime, params(True), session, None), zvm.Status.OK)
        self.assertEqual(released, [])
        _raw.lib.zvm_session_free(session)
        self.assertEqual(sorted(released), [1, 2, 3])
        for handle, complete, status in [
            (runtime, False, zvm.Status.HOST_MISSING), (_raw.zvm_runtime(), True, zvm.Status.NULL)
        ]:
            released.clear()
            self.assertEqual(new(handle, params(complete), session, None), status)
            self.assertEqual(sorted(released), [1, 2, 3])

    def test_a_context_that_is_gone_fails_and_does_not_crash(self):
        op = _raw.zvm_get_op()
        self.assertEqual(_callbacks._get(2**40, ctypes.addressof(op)), zvm.numbers.Answer.FAIL)
        self.assertEqual(_callbacks._get(None, None), zvm.numbers.Answer.FAIL)


class Processes(unittest.TestCase):
    """What needs an interpreter of its own."""

    def run_script(self, script, *flags, library=None):
        environment = dict(os.environ, PYTHONPATH=os.pathsep.join([str(ROOT / "bindings/python"),
                                                                   str(ROOT / "bindings/python/tests")]))
        if library is not None:
            environment["ZVM_LIBRARY"] = library
        script = textwrap.dedent(START if library is None else "") + textwrap.dedent(script)
        return subprocess.run([sys.executable, *flags, "-c", script], env=environment, capture_output=True, text=True,
                              timeout=120)

    def quiet(self, script, *flags):
        done = self.run_script(script, *flags)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done)
        return done.stdout

    def test_everything_may_be_left_open(self):
        self.quiet("""
            runtime = zvm.Runtime()
            host = Recorder()
            host.session = runtime.session(host)
            host.session.deploy(PROBE, caller=ME, gas_limit=GAS)
            store, code, interrupt = zvm.Store(), runtime.load_code(PROBE), zvm.Interrupt()
            session = runtime.session(store)
            # What outlives its module meets names that are None.
            sys.kept = (runtime, host, store, code, interrupt, session)
        """)

    def test_an_exit_from_inside_a_host(self):
        done = self.run_script("""
            runtime = zvm.Runtime()
            host = Recorder(get=SystemExit(7))
            session = runtime.session(host)
            probe = session.deploy(PROBE, caller=ME, gas_limit=GAS).created
            session.call(probe, "read", caller=ME, gas_limit=GAS)
        """)
        self.assertEqual((done.returncode, done.stderr), (7, ""))

    def test_an_exit_while_a_daemon_is_in_a_call(self):
        self.quiet("""
            import time
            runtime = zvm.Runtime()
            session = runtime.session(Recorder())
            probe = session.deploy(PROBE, caller=ME, gas_limit=GAS).created
            terms = {"caller": ME, "gas_limit": 10**14, "time_limit": 60}
            threading.Thread(target=session.call, args=(probe, "spin"), kwargs=terms, daemon=True).start()
            time.sleep(0.2)
        """)

    def test_an_exit_while_a_daemon_is_in_a_callback(self):
        self.quiet("""
            import time
            threading.excepthook = lambda problem: None
            session = zvm.Runtime().session(Recorder())

            def read():
                while True:
                    session.prefetch(ME, [number.to_bytes(4, "big") for number in range(1 << 20)])

            threading.Thread(target=read, daemon=True).start()
            time.sleep(1)
        """)

    TRAPS = """
        with zvm.Runtime() as runtime, runtime.session(Recorder()) as session:
            probe = session.deploy(PROBE, caller=ME, gas_limit=GAS).created
            for entry in ("unreachable", "bounds", "divide", "recurse"):
                print(entry, session.call(probe, entry, caller=ME, gas_limit=GAS).halt.name)
    """
    TRAPPED = "unreachable UNREACHABLE\nbounds MEMORY_BOUNDS\ndivide DIVIDE_BY_ZERO\nrecurse STACK_OVERFLOW\n"

    def test_n091_traps_under_faulthandler_enabled_before(self):
        self.assertEqual(self.quiet(self.TRAPS, "-X", "faulthandler"), self.TRAPPED)

    def test_n091_faulthandler_enabled_after_the_first_trap_is_noticed(self):
        self.quiet("""
            import faulthandler, time

            def trap(session):
                return session.call(probe, "unreachable", caller=ME, gas_limit=GAS).halt

            with zvm.Runtime() as runtime, runtime.session(Recorder()) as session:
                probe = session.deploy(PROBE, caller=ME, gas_limit=GAS).created
                assert trap(session) == zvm.Halt.UNREACHABLE
                faulthandler.enable()
                time.sleep(0.05)
                try:
                    trap(session)
                except zvm.ZvmError as error:
                    assert error.status == zvm.Status.STATE, error
                else:
                    assert False, "not noticed"
                runtime.ensure_signals()
                assert trap(session) == zvm.Halt.UNREACHABLE
        """)

    def test_n091_traps_under_signal_handlers_of_python(self):
        handlers = "for number in (signal.SIGSEGV, signal.SIGILL, signal.SIGFPE):\n    signal.signal(number, print)\n"
        self.assertEqual(self.quiet(textwrap.dedent(START) + handlers + textwrap.dedent(self.TRAPS)), self.TRAPPED)

    def test_n091_traps_under_a_trace_function(self):
        self.assertEqual(self.quiet("sys.settrace(lambda *_: None)\n" + textwrap.dedent(self.TRAPS)), self.TRAPPED)

    def test_n094_a_forked_child_may_close_what_it_inherited(self):
        self.quiet("""
            runtime = zvm.Runtime()
            session = runtime.session(Recorder())
            probe = session.deploy(PROBE, caller=ME, gas_limit=GAS).created
            child = os.fork()
            if child == 0:
                session.close()
                runtime.close()
                os._exit(0)
            _, status = os.waitpid(child, 0)
            assert status == 0, status
            assert session.call(probe, "echo", caller=ME, gas_limit=GAS).success
        """)

    def test_without_a_library_the_import_says_what_to_do(self):
        done = self.run_script("import zvm", library="/nowhere/libzvm.so")
        self.assertEqual(done.returncode, 1)
        self.assertIn("ImportError", done.stderr)
        self.assertIn("ZVM_LIBRARY", done.stderr)


if __name__ == "__main__":
    unittest.main()
