"""The README's quick start and the example do what they say."""

import os
import re
import subprocess
import sys
import unittest

from support import ROOT

CONTRACTS = ROOT / "build/contracts/c"
PACKAGE = ROOT / "bindings/python"


class Documents(unittest.TestCase):
    def printed(self, *arguments):
        environment = dict(os.environ, PYTHONPATH=str(PACKAGE))
        done = subprocess.run([sys.executable, *arguments], cwd=CONTRACTS, env=environment, capture_output=True,
                              text=True, timeout=120)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_the_quick_start(self):
        found = re.findall(r"<!-- quick start -->\n```python\n(.*?)```", (PACKAGE / "README.md").read_text(), re.DOTALL)
        self.assertEqual(len(found), 1)
        self.assertEqual(self.printed("-c", found[0]), "the counter says 1\n")

    def test_the_counter(self):
        printed = self.printed(PACKAGE / "examples/counter.py", "counter.wasm")
        self.assertRegex(printed, r"^the counter at [0-9a-f]{40} says 42, for \d+ gas\ncommitted:\n")
        self.assertIn("count 42\n", printed)


if __name__ == "__main__":
    unittest.main()
