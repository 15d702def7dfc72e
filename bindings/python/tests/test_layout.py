"""The raw layer against the header: its numbers, its structs as a C compiler lays them out, its functions."""

import ctypes
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import HEADER
from zvm import _raw, numbers

TEXT = re.sub(r"/\*.*?\*/", "", HEADER.read_text(), flags=re.DOTALL)
STRUCTS = dict(re.findall(r"typedef struct \w+ \{(.*?)\} (\w+);", TEXT, re.DOTALL))
STRUCTS = {name: body for body, name in STRUCTS.items()}
HANDLES = re.findall(r"typedef struct (\w+) \1;", TEXT)
FUNCTIONS = re.findall(r"^ZVM_API\s+([\w\s*]*?)(\bzvm_\w+)\((.*?)\);", TEXT, re.DOTALL | re.MULTILINE)
DEFINES = {name: int(value) for name, value in re.findall(r"^#define (ZVM_\w+) (-?\d+)", TEXT, re.MULTILINE)}

GROUPS = {
    "ZVM_E_": numbers.Status, "ZVM_KIND_": numbers.Kind, "ZVM_HALT_": numbers.Halt, "ZVM_FEATURE_": numbers.Feature,
    "ZVM_SELFTEST_": numbers.Selftest, "ZVM_ADMISSION_": numbers.Admission, "ZVM_CB_": numbers.Answer,
    "ZVM_CHANGE_": numbers.ChangeKind, "ZVM_ENGINE_": numbers.Engine, "ZVM_COMPILER_": numbers.Compiler,
    "ZVM_SIGNALS_": numbers.Signals, "ZVM_REJECTION_": numbers.Rejection, "ZVM_REVISION_": numbers.Revision,
    "ZVM_SIGNALS_": numbers.Signals, "ZVM_HASH_": numbers.Hash, "ZVM_ALGORITHM_": numbers.Algorithm,
    "ZVM_VERDICT_": numbers.Verdict, "ZVM_TRACE_": numbers.Trace,
}  # fmt: skip

SCALARS = {
    "int32_t": ctypes.c_int32, "uint32_t": ctypes.c_uint32, "uint64_t": ctypes.c_uint64, "size_t": ctypes.c_size_t,
}  # fmt: skip
POINTERS = {"void": ctypes.c_void_p, "uint8_t": ctypes.c_void_p, "char": ctypes.c_char_p}


def declared(text):
    """The name and the ctypes type of a C declaration."""
    if function := re.match(r"(\w+) \(\*(\w+)\)\(", text):
        return function[2], _raw.RELEASE if function[1] == "void" else _raw.CALLBACK
    if array := re.match(r"uint8_t (\w+)\[(\d+)\]$", text):
        return array[1], ctypes.c_uint8 * int(array[2])
    base, stars, name = re.match(r"(?:const )?(?:struct )?(\w+)\s*(\**)\s*(\w*)$", text).groups()
    depth = len(stars)
    if base in HANDLES or (base in POINTERS and depth):
        made, depth = getattr(_raw, base) if base in HANDLES else POINTERS[base], depth - 1
    elif base == "void":
        made = None
    else:
        made = SCALARS.get(base) or getattr(_raw, base)
    for _ in range(depth):
        made = ctypes.POINTER(made)
    return name, made


class Layout(unittest.TestCase):
    def test_every_number_of_the_header(self):
        ours = {f"ZVM_{name}": value for name, value in vars(numbers).items() if name.isupper()}
        for prefix, group in GROUPS.items():
            ours.update({prefix + member.name: int(member) for member in group})
        ours["ZVM_OK"] = ours.pop("ZVM_E_OK")
        self.assertEqual(ours, DEFINES)

    def test_every_struct_has_the_fields_of_the_header(self):
        made = {name for name, value in vars(_raw).items()
                if isinstance(value, type) and issubclass(value, ctypes.Structure) and name.startswith("zvm_")}
        self.assertEqual(made, set(STRUCTS))
        for name, body in STRUCTS.items():
            fields = [declared(" ".join(field.split())) for field in body.split(";") if field.strip()]
            self.assertEqual(getattr(_raw, name)._fields_, fields, name)

    def test_every_struct_lies_as_a_c_compiler_lays_it(self):
        compiler = shutil.which(os.environ.get("CC", "cc")) or shutil.which("gcc")
        if compiler is None:
            self.skipTest("there is no C compiler")
        lines, ours = [], {}
        for name in STRUCTS:
            struct = getattr(_raw, name)
            lines.append(f'printf("{name} %zu\\n", sizeof({name}));')
            ours[name] = ctypes.sizeof(struct)
            for field, _ in struct._fields_:
                lines.append(f'printf("{name}.{field} %zu\\n", offsetof({name}, {field}));')
                ours[f"{name}.{field}"] = getattr(struct, field).offset
        source = "#include <stdio.h>\n#include <zvm.h>\nint main(void) {" + "\n".join(lines) + " return 0; }\n"
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder, "layout")
            Path(folder, "layout.c").write_text(source)
            subprocess.run([compiler, f"-I{HEADER.parent}", "-o", program, f"{program}.c"], check=True)
            printed = subprocess.run([program], check=True, capture_output=True, text=True).stdout
        theirs = {name: int(figure) for name, figure in (line.split() for line in printed.splitlines())}
        self.assertEqual(ours, theirs)

    def test_every_function_of_the_header(self):
        self.assertEqual(len(FUNCTIONS), HEADER.read_text().count("\nZVM_API"))
        theirs = {}
        for result, name, parameters in FUNCTIONS:
            types = [] if parameters == "void" else [declared(" ".join(p.split()))[1] for p in parameters.split(",")]
            theirs[name] = (declared(result.strip())[1], tuple(types))
        self.assertEqual(_raw.FUNCTIONS, theirs)
        for name, (result, arguments) in theirs.items():
            function = getattr(_raw.lib, name)
            self.assertEqual((function.restype, tuple(function.argtypes)), (result, arguments), name)

    def test_every_entry_of_a_table_has_its_callback(self):
        from zvm import _callbacks

        for table, callbacks in [
            ("zvm_storage", _callbacks.STORAGE), ("zvm_ledger", _callbacks.LEDGER), ("zvm_hooks", _callbacks.HOOKS)
        ]:
            entries = [name for name, _ in getattr(_raw, table)._fields_ if name not in ("struct_size", "flags", "release")]
            self.assertEqual(entries, list(callbacks))

    def test_one_handle_is_not_taken_for_another(self):
        with self.assertRaises(ctypes.ArgumentError):
            _raw.lib.zvm_runtime_free(_raw.zvm_session())


if __name__ == "__main__":
    unittest.main()
