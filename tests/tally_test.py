"""The tally reads every suite's words, and nothing passes by silence."""

import importlib.machinery
import importlib.util
import io
import sys
import tempfile
import unittest
from contextlib import redirect_stdout
from pathlib import Path

sys.dont_write_bytecode = True
LOADER = importlib.machinery.SourceFileLoader("tally", str(Path(__file__).with_name("tally")))
tally = importlib.util.module_from_spec(importlib.util.spec_from_loader("tally", LOADER))
LOADER.exec_module(tally)

GO = """\
=== RUN   TestA
--- PASS: TestA (0.00s)
    --- PASS: TestA/x (0.00s)
    --- SKIP: TestA/y (0.00s)
--- FAIL: TestB (0.00s)
    --- FAIL: TestB/z (0.00s)
--- FAIL: TestC (0.00s)
    --- PASS: TestC/fine (0.00s)
FAIL\texample.com/x\t0.003s
ok  \texample.com/y\t0.003s
"""


class Words(unittest.TestCase):
    def test_cargo_adds_its_binaries(self):
        text = (
            "test a ... ok\ntest result: ok. 4 passed; 0 failed; 1 ignored; 0 measured; 9 filtered out\n"
            "test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out\n"
        )
        self.assertEqual(tally.cargo(text), (6, 3, 1))

    def test_a_cargo_test_that_skips_itself_has_not_passed(self):
        text = "SKIPPED: no vectors\ntest result: ok. 4 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n"
        self.assertEqual(tally.cargo(text), (3, 0, 1))

    def test_go_counts_subtests_and_parents_that_fail_by_themselves(self):
        self.assertEqual(tally.go(GO), (2, 2, 1))

    def test_go_as_json(self):
        lines = ('{"Action":"%s","Package":"p","Test":"%s"}' % pair for pair in
                 (("run", "A"), ("pass", "A/x"), ("pass", "A"), ("fail", "B"), ("skip", "C")))
        self.assertEqual(tally.go("\n".join(lines) + '\n{"Action":"fail","Package":"p"}\n'), (1, 1, 1))

    def test_unittest(self):
        verdict = "FAILED (failures=1, errors=1, skipped=1, expected failures=1, unexpected successes=1)"
        self.assertEqual(tally.python(f"Ran 6 tests in 0.1s\n\n{verdict}\n"), (2, 3, 1))
        self.assertEqual(tally.python("Ran 1 test in 0.1s\n\nOK\n"), (1, 0, 0))

    def test_pytest(self):
        self.assertEqual(tally.python("==== 1 failed, 3 passed, 2 skipped, 1 error in 0.12s ====\n"), (3, 2, 2))
        self.assertEqual(tally.python("3 passed in 0.01s\n"), (3, 0, 0))

    def test_zig(self):
        self.assertEqual(tally.zig("1/2 a...OK\nAll 2 tests passed.\n"), (2, 0, 0))
        self.assertEqual(tally.zig("4 passed; 1 skipped; 2 failed.\n"), (4, 2, 1))
        summary = "Build Summary: 1/3 steps succeeded (1 failed); 1/3 tests passed (1 skipped, 1 failed)\n"
        self.assertEqual(tally.zig(summary), (1, 1, 1))

    def test_tap(self):
        self.assertEqual(tally.tap("ok a\nnot ok b: why\nok c # SKIP no disk\nokay\nok  \tgo/package\n"), (1, 1, 1))


class Runs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(setattr, tally, "TALLY", tally.TALLY)
        tally.TALLY = Path(folder.name)

    def said(self, *words):
        with redirect_stdout(io.TextIOWrapper(io.BytesIO())) as out:
            status = tally.main(*words)
            out.flush()
        return status, out.buffer.getvalue().decode().splitlines()

    def suite(self, script):
        return self.said("run", "s", "tap", "--", "sh", "-c", script)[0]

    def last(self, *suites):
        status, lines = self.said("report", *suites)
        return status, lines[-1]

    def test_runs_of_a_suite_add_up(self):
        self.assertEqual(self.suite("echo ok a"), 0)
        self.assertEqual(self.suite("echo ok b; echo 'ok c # SKIP why'"), 0)
        self.assertEqual(self.last("s"), (0, "2 passed, 0 failed, 1 skipped"))

    def test_a_failed_test_fails_the_report(self):
        self.assertEqual(self.suite("echo ok a; echo not ok b"), 1)
        self.assertEqual(self.last("s"), (1, "1 passed, 1 failed"))

    def test_a_crash_is_a_failure(self):
        self.assertNotEqual(self.suite("echo ok a; kill -SEGV $$"), 0)
        self.assertEqual(self.last("s"), (1, "1 passed, 1 failed"))

    def test_silence_is_a_failure(self):
        self.assertEqual(self.suite("echo nothing here"), 1)
        self.assertEqual(self.last("s"), (1, "0 passed, 1 failed"))

    def test_a_command_that_does_not_exist_is_a_failure(self):
        self.assertNotEqual(self.said("run", "s", "tap", "--", "/no/such/command")[0], 0)
        self.assertEqual(self.last("s"), (1, "0 passed, 1 failed"))

    def test_a_suite_that_did_not_run_is_a_failure(self):
        self.suite("echo ok a")
        self.assertEqual(self.last("s", "other"), (1, "1 passed, 1 failed"))

    def test_a_missing_tool_is_a_skip_with_its_reason(self):
        status, lines = self.said("run", "s", "tap", "--needs", "/no/such/tool", "--", "false")
        self.assertEqual((status, lines), (0, ["SKIPPED: s: there is no tool on this machine"]))
        status, lines = self.said("report", "s")
        self.assertIn("SKIPPED: s: there is no tool on this machine", lines)
        self.assertEqual((status, lines[-1]), (0, "0 passed, 0 failed, 1 skipped"))


if __name__ == "__main__":
    unittest.main()
