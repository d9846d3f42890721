"""The table of fuzzers misses nothing: each way in which it could be incomplete is found."""

import contextlib
import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))

import fuzz_table

FUNCTION = {"name": "patron_a", "returns": "int32_t", "thread": "pure", "params": ["int32_t x"], "doc": "A."}


@contextlib.contextmanager
def project(files):
    """A folder with one C function, one parser, and a fuzzer for both, but for what `files` change."""
    sound = {
        "capi/api.json": json.dumps({"abi": {"major": 0, "minor": 1}, "sections": ["a"]}),
        "capi/api/a.json": json.dumps({"name": "A", "doc": "A.", "functions": [FUNCTION]}),
        "include/patron/time.h": "Result<Micros> parse_time(std::string_view text);\n",
        "tests/fuzz/targets.json": json.dumps({"a_fuzz": {"parsers": ["parse_time"]}}),
        "tests/fuzz/a_fuzz.cc": "SAY(play, patron_a, 1); parse_time(text);\n",
        "tests/fuzz/corpus/a_fuzz/seed": "x",
    }
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in {**sound, **files}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is not None:
                path.write_text(text, encoding="utf-8")
        yield root


class FuzzTable(unittest.TestCase):
    def findings(self, files):
        with project(files) as root:
            return list(fuzz_table.Table(root).findings())

    def test_a_complete_table_is_sound(self):
        self.assertEqual(self.findings({}), [])

    def test_a_function_that_no_fuzzer_calls_is_found(self):
        found = self.findings({"tests/fuzz/a_fuzz.cc": "parse_time(text);\n"})
        self.assertEqual(len(found), 1)
        self.assertIn("patron_a: no fuzzer calls it", found[0])

    def test_a_parser_that_no_fuzzer_names_is_found(self):
        header = "struct Zone {\n  static Result<Zone> load(std::string_view name);\n};\n"
        found = self.findings({"lib/base/zone.h": header})
        self.assertEqual(len(found), 1)
        self.assertIn("Zone::load: no fuzzer names", found[0])

    def test_a_name_that_the_fuzzer_does_not_call_is_found(self):
        found = self.findings({"tests/fuzz/a_fuzz.cc": "SAY(play, patron_a, 1);\n"})
        self.assertIn("does not call parse_time", found[0])

    def test_a_fuzzer_without_seeds_or_without_an_entry_is_found(self):
        self.assertIn("needs seeds", self.findings({"tests/fuzz/corpus/a_fuzz/seed": None})[0])
        self.assertIn("b_fuzz is missing", self.findings({"tests/fuzz/b_fuzz.cc": ""})[0])

    def test_a_call_of_what_is_no_function_is_found(self):
        source = "SAY(play, patron_a, 1); SAY(play, patron_b, 1); parse_time(text);\n"
        self.assertIn("patron_b is no function", self.findings({"tests/fuzz/a_fuzz.cc": source})[0])

    def test_the_executions_of_a_soak_are_taken_over(self):
        with project({"logs/a_fuzz.log": "#8 DONE\nDone 1234 runs in 90 second(s)\n"}) as root:
            fuzz_table.record(root, root / "logs")
            text = fuzz_table.Table(root).text()
        self.assertIn("| a_fuzz | 1 | 1,234 | 1.5 |", text)
        self.assertIn("| patron_a | a_fuzz | 1 | 1,234 |", text)
        self.assertIn("| parse_time | a_fuzz | 1 | 1,234 |", text)


if __name__ == "__main__":
    unittest.main()
