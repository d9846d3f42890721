"""tools/abi.sh refuses every change of a small library that breaks programs, and lets it grow."""

import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADER = """\
#include <stdint.h>
typedef struct patron_str patron_str;
struct patron_str {
  const char* data;
  uint64_t size;
};
typedef struct patron_error patron_error;
struct patron_error {
  uint32_t struct_size;
  int32_t code;
};
typedef struct patron_options patron_options;
struct patron_options {
  uint32_t struct_size;
  int32_t bins;
  patron_str name;
};
int32_t patron_thing_make(const patron_options* options, int64_t seats, patron_error* error);
int64_t patron_thing_size(void);
"""
SOURCE = """\
#include "patron/patron.h"
int32_t patron_thing_make(const patron_options* options, int64_t seats, patron_error* error) {
  return options->bins + (int32_t)seats + (int32_t)options->name.size + error->code;
}
int64_t patron_thing_size(void) { return 1; }
"""


class Abi(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.root = pathlib.Path(cls.folder.name)
        for name in ("tools/abi.sh", "tools/abi_members.py", "tools/repo.py", "capi/abi/growth.abignore"):
            (cls.root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, cls.root / name)
        (cls.root / "VERSION").write_text("0.1.0\n", encoding="utf-8")
        cls.build(HEADER, SOURCE)
        done = cls.abi("renew")
        assert done.returncode == 0, done.stdout + done.stderr

    @classmethod
    def build(cls, header, source):
        folder = cls.root / "capi/include/patron"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "patron.h").write_text(header, encoding="utf-8")
        (cls.root / "thing.c").write_text(source, encoding="utf-8")
        subprocess.run(["cc", "-g", "-shared", "-fPIC", "-I", "capi/include", "thing.c", "-o", "libthing.so"],
                       cwd=cls.root, check=True)

    @classmethod
    def abi(cls, mode):
        return subprocess.run(["sh", "tools/abi.sh", mode, "libthing.so"], cwd=cls.root,
                              capture_output=True, text=True, check=False)

    def check(self, *changes):
        """The answer to a library where each (old, new) is replaced in header and source."""
        header, source = HEADER, SOURCE
        for old, new in changes:
            self.assertIn(old, header + source)
            header, source = header.replace(old, new), source.replace(old, new)
        self.build(header, source)
        return self.abi("check")

    def refused(self, says, *changes):
        done = self.check(*changes)
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertIn(says, done.stdout)

    def passes(self, *changes):
        done = self.check(*changes)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_what_is_as_it_was_passes(self):
        self.passes()

    def test_a_function_that_went_is_refused(self):
        self.refused("1 Removed", ("patron_thing_size", "patron_thing_length"))

    def test_a_parameter_that_changed_is_refused(self):
        self.refused("int64_t", ("int64_t seats", "int32_t seats"))
        self.refused("parameter", (", int64_t seats", ", int64_t seats, int32_t more"))

    def test_a_result_that_changed_is_refused(self):
        self.refused("return type changed", ("int64_t patron_thing_size", "int32_t patron_thing_size"))

    def test_a_field_that_changed_is_refused(self):
        self.refused("bins", ("int32_t bins;", "uint32_t bins;"))
        self.refused("bins", ("  int32_t bins;", "  int32_t seats;\n  int32_t bins;"))
        self.refused("size changed", ("  patron_str name;\n};", "};"), ("options->name.size", "1"))

    def test_the_structs_without_growth_are_refused_when_they_grow(self):
        self.refused("patron_error", ("  int32_t code;", "  int32_t code;\n  int64_t row;"))
        self.refused("patron_str", ("  uint64_t size;", "  uint64_t size;\n  uint64_t capacity;"))

    def test_growth_passes(self):
        self.passes(("  patron_str name;\n};", "  patron_str name;\n  int64_t seats;\n};"))
        more = "int64_t patron_thing_size(void)"
        self.passes((more + ";", more + ";\nint32_t patron_thing_more(const patron_options* options);"),
                    (more + " {", "int32_t patron_thing_more(const patron_options* options) "
                                  "{ return options->bins; }\n" + more + " {"))


if __name__ == "__main__":
    unittest.main()
