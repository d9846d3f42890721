"""What tools/abi_headers.py finds: released headers that changed, promises that are gone, functions of
no version."""

import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import abi_headers
from generator import model

HEADER = """\
#define PATRON_ABI_MAJOR 0
#define PATRON_ABI_MINOR 1
#define PATRON_E_ZONE        22 /* No such zone. */
#define PATRON_TYPE_UNSUPPORTED  (-1)
typedef struct patron_thing patron_thing;
struct patron_thing {
  unsigned struct_size;
  int bins;
};
PATRON_API int patron_thing_make(
    const patron_thing* thing) PATRON_NOEXCEPT;
PATRON_API const char* patron_version(void) PATRON_NOEXCEPT;
"""
PROGRAM = "patron_thing t; int x = patron_thing_make(&t); puts(patron_version());\n"


def variable(text, since=""):
    return model.variable(text, since=since)


def api(*fields, names=("patron_thing_make", "patron_version"), since="0.1", minor=1):
    thing = model.Struct("patron_thing", "in", [], [variable("uint32_t struct_size"), *fields])
    functions = [model.Function(name, "int32_t", [], ["x"], "pure", [], "constant", since, frozenset())
                 for name in names]
    return model.Api(0, minor, [thing, *functions])


class Kept(unittest.TestCase):
    def findings(self, new=HEADER, description=None, size=8, exported=None):
        exported = {"patron_thing_make", "patron_version"} if exported is None else exported
        return list(abi_headers.check_kept("0.1.0", HEADER, new, description or api(variable("int32_t bins")),
                                           {"patron_thing": size}, exported))

    def test_a_header_that_is_as_it_was_is_kept(self):
        self.assertEqual(self.findings(), [])

    def test_a_header_that_grew_is_kept(self):
        grown = HEADER + "#define PATRON_E_NEW 23\nPATRON_API int patron_more(void);\n"
        description = api(variable("int32_t bins"), variable("int64_t seats", "0.2"))
        self.assertEqual(self.findings(grown.replace("MINOR 1", "MINOR 2"), description), [])

    def test_a_function_that_went_is_found(self):
        gone = HEADER.replace("patron_version(", "patron_release(")
        self.assertIn("gone", self.findings(gone)[0])
        self.assertIn("does not export", self.findings(exported={"patron_version"})[0])

    def test_a_number_that_changed_is_found(self):
        self.assertIn("was 22", self.findings(HEADER.replace("ZONE        22", "ZONE 24"))[0])
        self.assertIn("was -1", self.findings(HEADER.replace("(-1)", "0"))[0])

    def test_a_size_that_nobody_remembers_is_found(self):
        forgotten = api(variable("int32_t bins"), variable("int64_t seats"))
        self.assertIn("had 8 bytes", self.findings(description=forgotten)[0])

    def test_headers_of_another_abi_are_not_held_against_this_one(self):
        description = api(variable("int32_t bins"))
        description.abi_major = 1
        self.assertEqual(self.findings("", description), [])


class New(unittest.TestCase):
    def test_a_new_function_needs_a_later_version(self):
        names = ("patron_thing_make", "patron_version", "patron_more")
        self.assertEqual(len(list(abi_headers.check_new("0.1.0", HEADER, api(names=names)))), 1)
        later = api(names=names, since="0.2")
        self.assertEqual(len(list(abi_headers.check_new("0.1.0", HEADER, later))), 3)
        later.abi_minor = 2
        self.assertEqual(list(abi_headers.check_new("0.1.0", HEADER, later)), [])


class Files(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.write("VERSION", "0.1.0\n")
        self.write(abi_headers.HEADER, HEADER)
        self.write(f"{abi_headers.PROGRAM}/main.c", PROGRAM)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def test_what_is_frozen_stays(self):
        self.assertIsNone(abi_headers.freeze(self.root))
        self.assertEqual(list(abi_headers.check_sums(self.root)), [])
        self.assertIn("stays as it is", abi_headers.freeze(self.root))
        header = f"{abi_headers.FROZEN}/0.1.0/patron/patron.h"
        self.write(header, HEADER + "\n")
        self.assertIn("has changed", next(abi_headers.check_sums(self.root)))
        (self.root / header).unlink()
        self.assertIn("is gone", next(abi_headers.check_sums(self.root)))
        self.write(f"{abi_headers.FROZEN}/0.2.0/patron/patron.h", HEADER)
        self.assertEqual(len(list(abi_headers.check_sums(self.root))), 2)

    def test_versions_are_frozen_one_after_the_other(self):
        for version in ("0.9.0", "0.10.0"):
            self.write("VERSION", version)
            self.assertIsNone(abi_headers.freeze(self.root))
        self.assertEqual(abi_headers.versions(self.root), ["0.9.0", "0.10.0"])
        self.assertEqual(list(abi_headers.check_sums(self.root)), [])

    def test_a_program_that_leaves_something_out_is_not_frozen(self):
        self.write(f"{abi_headers.PROGRAM}/main.c", "puts(patron_version());\n")
        said = abi_headers.freeze(self.root)
        self.assertIn("patron_thing_make: no file", said)
        self.assertIn("patron_thing: no file", said)

    def test_the_compiler_says_the_sizes(self):
        header = self.root / "patron.h"
        header.write_text("#define PATRON_API\n#define PATRON_NOEXCEPT\n" + HEADER, encoding="utf-8")
        self.assertEqual(abi_headers.struct_sizes(header), {"patron_thing": 8})


if __name__ == "__main__":
    unittest.main()
