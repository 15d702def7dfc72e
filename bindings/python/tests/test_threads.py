"""Threads: what runs at once, what is told to stop, and what waits for nobody."""

import signal
import sys
import threading
import time
import unittest

import zvm
from support import COUNTER, GAS, ME, Recorder, WithRuntime

SPIN = 10**14


class Threads(WithRuntime):
    def test_sessions_on_many_threads(self):
        def work(number):
            host = Recorder()
            with self.runtime.session(host) as session:
                counter = session.deploy(COUNTER, number.to_bytes(8, "big"), caller=ME, gas_limit=GAS).created
                for _ in range(50):
                    session.call(counter, caller=ME, gas_limit=GAS)
                session.commit()
            values[number] = int.from_bytes(host.storage[counter][b"count"], "big")

        values = {}
        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(values, {number: number + 50 for number in range(8)})

    def test_a_long_call_does_not_hold_the_interpreter(self):
        session, probe = self.probe()
        interrupt, ended = zvm.Interrupt(), []

        def spin():
            with self.assertRaises(zvm.ZvmError) as raised:
                self.call(session, probe, "spin", gas_limit=SPIN, interrupt=interrupt, time_limit=60)
            ended.append(raised.exception.status)

        with interrupt:
            thread = threading.Thread(target=spin)
            thread.start()
            steps, until = 0, time.monotonic() + 0.2
            while time.monotonic() < until:
                steps += 1
            # This thread went on while the other was in the library.
            self.assertEqual(ended, [])
            self.assertGreater(steps, 1000)
            self.fails(zvm.Status.BUSY, self.call, session, probe, "echo")
            interrupt.fire()
            thread.join()
            self.assertEqual(ended, [zvm.Status.CANCELLED])
            self.fails(zvm.Status.CANCELLED, self.call, session, probe, "echo", interrupt=interrupt)
            interrupt.reset()
            self.assertTrue(self.call(session, probe, "echo", interrupt=interrupt).success)

    def test_a_time_limit(self):
        session, probe = self.probe()
        start = time.monotonic()
        self.fails(zvm.Status.DEADLINE, self.call, session, probe, "spin", gas_limit=SPIN, time_limit=0.1)
        self.assertLess(time.monotonic() - start, 30)
        self.assertTrue(self.call(session, probe, "echo").success)

    def test_n081_a_session_closed_on_another_thread_ends_after_the_call(self):
        session, probe = self.probe()
        statuses = []

        def spin():
            try:
                self.call(session, probe, "spin", gas_limit=SPIN, time_limit=0.3)
            except zvm.ZvmError as failure:
                statuses.append(failure.status)

        thread = threading.Thread(target=spin)
        thread.start()
        time.sleep(0.1)
        session.close()
        thread.join()
        self.assertEqual(statuses, [zvm.Status.DEADLINE])

    def test_n091_traps_on_eight_threads(self):
        def trap():
            session, probe = probes.pop()
            for _ in range(50):
                for entry, halt in [("unreachable", zvm.Halt.UNREACHABLE), ("bounds", zvm.Halt.MEMORY_BOUNDS),
                                    ("divide", zvm.Halt.DIVIDE_BY_ZERO)]:
                    if self.call(session, probe, entry).halt != halt:
                        wrong.append(entry)

        wrong, probes = [], [self.probe() for _ in range(8)]
        threads = [threading.Thread(target=trap) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])


class Alarm(Exception):
    pass


class Signals(WithRuntime):
    """A signal handler that raises strikes anywhere in Python, before a callback's first line too."""

    def setUp(self):
        def ring(*_):
            raise Alarm

        self.addCleanup(signal.signal, signal.SIGALRM, signal.signal(signal.SIGALRM, ring))
        self.addCleanup(setattr, sys, "unraisablehook", sys.unraisablehook)
        self.ignored = []
        sys.unraisablehook = lambda problem: self.ignored.append(problem.exc_value)

    def interrupted(self, delay, function, *arguments):
        """Runs a function while the alarm rings, once; whether it was cut short."""
        try:
            signal.setitimer(signal.ITIMER_REAL, delay)
            try:
                function(*arguments)
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
            return False
        except Alarm:
            return True
        except zvm.ZvmError as failure:
            self.assertIn(failure.status, (zvm.Status.HOST, zvm.Status.HOST_UNWOUND))
            self.assertIsInstance(failure.__cause__ or self.ignored[-1], Alarm)
            return True

    def test_n082_an_interrupted_read_is_never_an_empty_value(self):
        keys = [number.to_bytes(2, "big") for number in range(500)]
        cut_short = 0
        for delay in range(100):
            session, probe = self.probe(Recorder(get=b"value"))
            cut_short += self.interrupted(1e-4 + delay * 2e-5, session.prefetch, probe, keys)
            for key in keys[::25]:
                self.assertEqual(self.call(session, probe, "read", key).data, b"value")
            session.close()
        self.assertGreater(cut_short, 0)


if __name__ == "__main__":
    unittest.main()
