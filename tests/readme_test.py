"""The programs of README.md, compiled and run out of the page itself.

The Rust one is a documentation test of the crate; here are the others. Each counts once and prints the count.
"""

import os
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "readme"
LIBRARY = ROOT / "target" / "debug"
COUNTER = ROOT / "build" / "contracts" / "c" / "counter.wasm"


def block(language):
    """The one block of the page in this language."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", (ROOT / "README.md").read_text(), re.M | re.S)
    assert len(found) == 1, f"{len(found)} blocks of {language}"
    return found[0]


def written(name, text):
    OUT.mkdir(parents=True, exist_ok=True)
    path = OUT / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def run(command, **environment):
    done = subprocess.run(
        [str(part) for part in command],
        cwd=environment.pop("cwd", ROOT),
        env={**os.environ, "LD_LIBRARY_PATH": str(LIBRARY), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}"
    return done.stdout


class Readme(unittest.TestCase):
    def tool(self, variable):
        """A tool the Makefile names, or a skipped test."""
        path = os.environ.get(variable, "")
        if not path or not os.access(path, os.X_OK):
            self.skipTest(f"no {variable.lower()}")
        return path

    def test_c(self):
        source, program = written("quickstart.c", block("c")), OUT / "quickstart"
        self.assertLessEqual(len(block("c").splitlines()), 40)
        run(["cc", "-std=c11", "-Wall", "-Wextra", source, "-Iinclude", f"-L{LIBRARY}", "-lzvm", "-o", program])
        self.assertIn("SUCCESS: count 1, gas ", run([program, COUNTER]))

    def test_python(self):
        source = written("quickstart.py", block("python"))
        path = str(ROOT / "bindings" / "python")
        printed = run([sys.executable, source, COUNTER], PYTHONPATH=path, ZVM_LIBRARY=str(LIBRARY / "libzvm.so"))
        self.assertIn("count 1", printed)

    def test_go(self):
        go = self.tool("GO")
        source = written("go/main.go", block("go"))
        binding = ROOT / "bindings" / "go"
        module = re.search(r"^module (\S+)", (binding / "go.mod").read_text(), re.M).group(1)
        written("go/go.mod", f"module quickstart\n\ngo 1.21\n\nrequire {module} v0.0.0\n\nreplace {module} => {binding}\n")
        flags = {"CGO_CFLAGS": f"-I{ROOT / 'include'}", "CGO_LDFLAGS": f"-L{LIBRARY} -lzvm"}
        self.assertIn("count 1", run([go, "run", ".", COUNTER], cwd=source.parent, **flags))

    def test_zig(self):
        zig = self.tool("ZIG")
        source, program = written("quickstart.zig", block("zig")), OUT / "quickstart-zig"
        command = [zig, "build-exe", "--dep", "zvm", f"-Mroot={source}", f"-I{ROOT / 'include'}"]
        command += [f"-Mzvm={ROOT / 'bindings/zig/src/zvm.zig'}", f"-L{LIBRARY}", "-lzvm", "-lc", f"-femit-bin={program}"]
        run(command)
        self.assertIn("count 1", run([program, COUNTER]))


if __name__ == "__main__":
    unittest.main(verbosity=2)
