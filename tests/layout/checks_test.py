"""Each check of tools/ finds the fault it is there for, and lets sound code pass."""

import contextlib
import io
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))

import check_banned_symbols
import check_exports
import check_headers
import check_hygiene
import check_layers
import count_junit
import coverage
import mutation
import style
import survivors


@contextlib.contextmanager
def tree(files):
    """A folder that holds those files."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        yield root


class Tidy(unittest.TestCase):
    def test_clang_gets_nothing_that_only_gcc_reads(self):
        command = ("ccache c++ -I. --param=ggc-min-heapsize=5 -fpch-preprocess -O1 -Winvalid-pch -include /b/tests/cmake_pch.hxx "
                   "-include lib/a.h -o a.o -c a.cc")
        self.assertEqual("ccache c++ -I. -O1 -include lib/a.h -o a.o -c a.cc", style.for_clang(command))


class Layers(unittest.TestCase):
    SOUND = {
        "lib/base/money.cc": '#include "patron/money.h"\n',
        "include/patron/money.h": "#include <cstdint>\n",
        "lib/models/rfm/cuts.cc": '#include "patron/money.h"\n#include "lib/base/json.h"\n',
        "lib/base/json.h": "",
        "capi/src/rfm_c.cc": '#include "lib/models/rfm/cuts.h"\n',
        "lib/models/rfm/cuts.h": "",
    }

    def findings(self, extra):
        with tree({**self.SOUND, **extra}) as root:
            return check_layers.check(root)[0]

    def test_includes_that_go_down_are_sound(self):
        self.assertEqual(self.findings({}), [])

    def test_an_include_that_goes_up_is_found(self):
        found = self.findings({"lib/base/x.cc": '#include "lib/models/rfm/cuts.h"\n'})
        self.assertEqual(len(found), 1)
        self.assertIn("lib/base/x.cc:1", found[0])

    def test_the_core_may_not_see_the_c_interface(self):
        found = self.findings({"lib/models/rfm/x.cc": '#include "patron/patron.h"\n'})
        self.assertIn("lies above", found[0])

    def test_a_public_header_may_not_see_private_ones(self):
        found = self.findings({"lib/base/y.cc": "",
                               "include/patron/y.h": '#include "lib/base/json.h"\n'})
        self.assertIn("not installed", found[0])

    def test_an_example_may_not_see_private_headers(self):
        found = self.findings({"examples/c/x.c": '#include "lib/base/json.h"\n'})
        self.assertIn("only patron/*.h", found[0])

    def test_the_sixth_user_of_json_is_one_too_many(self):
        users = {f"lib/base/j{k}.cc": "#include <rapidjson/reader.h>\n" for k in range(6)}
        self.assertIn("6 files", self.findings(users)[0])
        del users["lib/base/j0.cc"]
        self.assertEqual(self.findings(users), [])

    def test_abseil_stays_out_of_the_library(self):
        self.assertIn("Abseil", self.findings({"lib/base/x.cc": '#include "absl/a.h"\n'})[0])

    def test_libraries_that_nothing_needs_stay_out(self):
        for header, name in (("Eigen/Dense", "Eigen"), ("boost/math.hpp", "Boost")):
            self.assertIn(name, self.findings({"lib/base/x.cc": f"#include <{header}>\n"})[0])

    def test_a_folder_outside_the_house_is_found(self):
        self.assertIn("no module", self.findings({"lib/helpers/x.cc": ""})[0])


class Hygiene(unittest.TestCase):
    def findings(self, files):
        with tree(files) as root:
            return check_hygiene.check(root)[0]

    def test_a_source_without_its_test_is_found(self):
        self.assertEqual(len(self.findings({"lib/base/x.cc": ""})), 1)
        self.assertEqual(self.findings({"lib/base/x.cc": "", "tests/base/x_test.cc": ""}), [])

    def test_a_name_that_two_headers_define_is_found(self):
        for one, other in (("inline constexpr int64_t kRows = 1;\n", "inline constexpr int kRows = 2;\n"),
                           ("struct Run {\n};\n", "class Run final {\n};\n")):
            self.assertEqual(len(self.findings({"lib/base/x.h": one, "lib/models/y.h": other})), 1, one)
        for sound in ("struct Run;\n", "template <>\nstruct Run<int> {\n};\n", "  struct Run {\n  };\n"):
            self.assertEqual(self.findings({"lib/base/x.h": "struct Run {\n};\n", "lib/base/y.h": sound}),
                             [], sound)

    def test_a_source_that_is_named_and_not_there_is_found(self):
        for name, text in (("lib/base/a.h", "// As in gone.h.\n"), ("tests/base/a.h", "int a;  ///< lib/base/gone.cc\n"),
                           ("docs/a.md", "What `base/gone.h` does.\n"), ("docs/a.md", "`lib/base/here.py`\n")):
            self.assertEqual(len(self.findings({name: text, "lib/base/here.h": ""})), 1, text)
        for name, text in (("lib/base/a.h", "// As in here.h and base/here.h; every x.cc has its x_test.cc.\n"),
                           ("lib/base/a.h", '#include "gone.h"\n'), ("docs/a.md", "gone.h, `*_gone.h`, `here.h`\n")):
            self.assertEqual(self.findings({name: text, "lib/base/here.h": ""}), [], text)

    def test_a_find_package_that_asks_for_another_version_is_found(self):
        for asked, found in (("0.2", 1), ("0.3", 0), ("0.30", 1)):
            text = f"find_package(patron {asked} REQUIRED)\n"
            self.assertEqual(len(self.findings({"VERSION": "0.3.0\n", "docs/x.md": text})), found, asked)

    def test_a_prefetch_that_gcc_may_drop_is_found(self):
        text = "void f(const char* p) { __builtin_" + "prefetch(p); }\n"
        self.assertEqual(len(self.findings({"lib/base/x.h": text})), 1)
        self.assertEqual(self.findings({"lib/base/prefetch.h": text}), [])

    def test_links_are_found_be_there_something_behind_them_or_not(self):
        with tree({"docs/x.md": "text\n"}) as root:
            (root / "there").symlink_to(root / "docs")
            (root / "gone").symlink_to(root / "elsewhere")
            self.assertEqual([name.split(":")[0] for name in check_hygiene.check(root)[0]], ["gone", "there"])

    def test_paths_of_a_machine_are_found(self):
        for path in ("/ho" + "me/anna/x", "/wo" + "rk/x", "(/tm" + "p/x)"):
            self.assertEqual(len(self.findings({"docs/x.md": f"see {path}\n"})), 1, path)
        for sound in ("../tmp/x", "/usr/share/zoneinfo/x", "build/tmp/x", "$HOME/home/x"):
            self.assertEqual(self.findings({"docs/x.md": f"see {sound}\n"}), [], sound)

    def test_addresses_of_registries_are_found(self):
        self.assertEqual(len(self.findings({"x.toml": "url = 'https://py" + "pi.org/simple'\n"})), 1)

    def test_unfinished_words_are_found_in_code_only(self):
        self.assertEqual(len(self.findings({"include/x.h": "// TO" + "DO\n"})), 1)
        self.assertEqual(self.findings({"docs/x.md": "TO" + "DO\n"}), [])

    def test_long_and_large_files_are_found(self):
        self.assertEqual(len(self.findings({"include/x.h": "\n" * 801})), 1)
        self.assertEqual(len(self.findings({"docs/x.txt": "x" * 1_500_001})), 1)


class Exports(unittest.TestCase):
    def test_the_exact_list_is_sound(self):
        self.assertEqual(
            check_exports.compare({"patron_a"}, [("T", "patron_a"), ("A", "PATRON_0")]), [])

    def test_missing_foreign_and_unique_symbols_are_found(self):
        found = check_exports.compare({"patron_a", "patron_b"},
                                      [("T", "patron_a"), ("W", "_ZN6patronE"), ("u", "_ZGV")])
        self.assertEqual(len(found), 3)


    def test_symbols_of_other_libraries_and_loose_bindings_are_found(self):
        runtime = [("U", "malloc@GLIBC_2.2.5"), ("U", "_Znwm@GLIBCXX_3.4"), ("w", "__gmon_start__")]
        self.assertEqual(check_exports.compare_taken({"patron_a"}, runtime, ["malloc"]), [])
        found = check_exports.compare_taken(
            {"patron_a"}, [*runtime, ("U", "_ZN4absl3FooEv")], ["malloc", "patron_a"])
        self.assertEqual(len(found), 2)


class BannedSymbols(unittest.TestCase):
    def test_locale_clock_environment_and_exit_are_banned(self):
        for symbol in ("strtod", "getenv", "exit", "rand", "_ZNSt6localeC1Ev",
                       "_ZNSt6chrono3_V212system_clock3nowEv"):
            self.assertIsNotNone(check_banned_symbols.reason(symbol), symbol)

    def test_ordinary_symbols_are_not(self):
        for symbol in ("memcpy", "malloc", "_ZSt10from_charsPKcS0_RdSt12chars_format", "timer"):
            self.assertIsNone(check_banned_symbols.reason(symbol), symbol)


class Headers(unittest.TestCase):
    def test_a_header_that_needs_another_is_found(self):
        with tree({"bad.h": "inline int f(std::size_t n);\n", "good.h": "#pragma once\n"}) as root:
            extra = ["-I", str(root)]
            self.assertIsNone(check_headers.compile_alone("g++", "c++", "c++20", "good.h", extra))
            said = check_headers.compile_alone("g++", "c++", "c++20", "bad.h", extra)
            self.assertIn("bad.h", said)


class JUnit(unittest.TestCase):
    def test_both_shapes_of_report_are_counted(self):
        ctest = '<testsuite tests="5" failures="1" disabled="0" skipped="2"/>'
        pytest = '<testsuites><testsuite tests="4" failures="1" errors="1" skipped="0"/></testsuites>'
        with tree({"a.xml": ctest, "b.xml": pytest}) as root:
            self.assertEqual(count_junit.count(root / "a.xml"), (2, 1, 2))
            self.assertEqual(count_junit.count(root / "b.xml"), (2, 2, 0))


class Coverage(unittest.TestCase):
    def test_a_line_of_the_c_interface_that_did_not_run_is_found(self):
        lines = {"capi/src/x.cc": {1: 5, 2: 0}, "lib/base/y.cc": dict.fromkeys(range(100), 1)}
        found = coverage.shares(lines)
        self.assertEqual(found, {"capi": (1, 2), "lib": (100, 100)})
        self.assertEqual(coverage.below(found), ["capi: 50.00 % of the lines ran; want 100 %"])

    def test_the_library_may_miss_one_line_in_twenty(self):
        self.assertEqual(coverage.below({"capi": (7, 7), "lib": (95, 100)}), [])
        self.assertEqual(len(coverage.below({"capi": (7, 7), "lib": (94, 100)})), 1)


class Mutation(unittest.TestCase):
    def changes(self, source):
        return [(m.before, m.after) for m in mutation.mutants_of("lib/x.cc", source)]

    def test_operators_and_constants_are_flipped(self):
        self.assertEqual(self.changes("if (a < b && !c) return x + 10;"),
                         [("<", "<="), ("&&", "||"), ("!", ""), ("+", "-"), ("10", "11")])
        self.assertEqual(self.changes("for (i = 0; i < 7u; ++i) s += true;"),
                         [("0", "1"), ("<", "<="), ("7u", "8u"), ("++", "--"), ("+=", "-="), ("true", "false")])
        self.assertEqual(self.changes("x = 0x1F | 1.5;"), [("0x1F", "0x20"), ("|", "&"), ("1.5", "(1.5 + 1)")])

    def test_templates_pointers_texts_and_comments_are_left(self):
        self.assertEqual(self.changes("std::vector<int>& a(T* b, T&& c);  // 1 < 2\n#if A > 1\n/* 3 */"), [])
        self.assertEqual(self.changes('f("a < 1" + b + "2", \'3\'); static_assert(4 < 5);'), [])

    def test_the_tests_of_a_file_are_those_of_its_name(self):
        self.assertEqual(mutation.mirror("lib/models/rfm/x.h"), "tests/models/rfm/x_test.cc")
        with tree({"x_test.cc": "TEST(One, A) {}\nTEST_F(Two, B) {}\n"}) as root:
            self.assertEqual(mutation.suites_of(root / "x_test.cc"), {"One", "Two"})


class Survivors(unittest.TestCase):
    SOURCE = "f(a < b);\ng(1);\n\nf(a < b);\n"

    def setUp(self):
        self.mutants = mutation.mutants_of("lib/models/rfm/x.cc", self.SOURCE)
        self.assertEqual([m.before for m in self.mutants], ["<", "1", "<"])

    def entry(self, **changes):
        entry = {"file": "lib/models/rfm/x.cc", "line": "g(1);", "column": 2, "before": "1", "after": "0", "reason": "Because."}
        return {**entry, **changes}

    def wrong(self, *entries):
        return survivors.match(entries, self.mutants)[1]

    def test_an_entry_has_one_mutant(self):
        known, wrong = survivors.match([self.entry()], self.mutants)
        self.assertEqual((list(known), wrong), ([self.mutants[1]], []))
        self.assertIn("stale", self.wrong(self.entry(line="g(2);"))[0])
        self.assertIn("stale", self.wrong(self.entry(column=3))[0])
        self.assertIn("stale", self.wrong(self.entry(file="lib/models/rfm/gone.cc"))[0])
        self.assertIn("twice", self.wrong(self.entry(), self.entry(reason="Also."))[0])
        self.assertIn("no more", self.wrong(self.entry(reason=""))[0])
        self.assertIn("no more", self.wrong(self.entry(equivalnt=True))[0])

    def test_a_line_that_stands_twice_is_named_by_the_one_above(self):
        twice = {"line": "f(a < b);", "column": 4, "before": "<", "after": "<="}
        self.assertIn("lines 1, 4", self.wrong(self.entry(**twice))[0])
        known, wrong = survivors.match([self.entry(**twice, above="g(1);")], self.mutants)
        self.assertEqual((list(known), wrong), ([self.mutants[2]], []))

    def test_the_output_of_a_run_is_read_again(self):
        text = f"killed   {self.mutants[0]}\nsurvived {self.mutants[2]}\nkilled   lib/gone.cc:1:0: 0 -> 1   x(0);\nall 2\n"
        results, gone = survivors.said(text, self.mutants)
        self.assertEqual(results, [(self.mutants[0], "killed"), (self.mutants[2], "survived")])
        self.assertEqual(gone, ["killed   lib/gone.cc:1:0: 0 -> 1   x(0);"])

    def reported(self, *verdicts, known=()):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            enough = survivors.report(list(zip(self.mutants, verdicts)), dict(known))
        return enough, out.getvalue()

    def test_the_score_leaves_out_what_is_equivalent_and_nothing_else(self):
        enough, text = self.reported("killed", "survived", "equal")
        self.assertFalse(enough)
        self.assertRegex(text, r"lib/models/rfm/x.cc +1 +1 +0 +50.0 % +50.0 % +1\n")
        self.assertIn(f"NO REASON {self.mutants[1]}", text)
        enough, text = self.reported("killed", "survived", "equal", known={self.mutants[1]: self.entry()}.items())
        self.assertFalse(enough)
        self.assertNotIn("NO REASON", text)
        enough, text = self.reported("killed", "survived", "equal",
                                     known={self.mutants[1]: self.entry(equivalent=True)}.items())
        self.assertTrue(enough)
        self.assertRegex(text, r"lib/models/rfm, lib/base/money\* +1 +1 +1 +50.0 % +100.0 % +1\n")
        self.assertIn("equivalent: Because.", text)

    def test_nothing_killed_is_not_enough(self):
        self.assertFalse(self.reported("survived", known={self.mutants[0]: self.entry(equivalent=True)}.items())[0])

    def test_what_is_said_to_be_equivalent_and_is_killed_is_found(self):
        results = [(self.mutants[1], "killed"), (self.mutants[2], "survived")]
        for known, said in [({}, 0), ({self.mutants[1]: self.entry(equivalent=True)}, 1),
                            ({self.mutants[1]: self.entry()}, 0), ({self.mutants[2]: self.entry(equivalent=True)}, 0)]:
            self.assertEqual(len(survivors.killed(results, known, equivalent=True)), said)
        self.assertEqual(survivors.killed(results, {self.mutants[1]: self.entry()}, equivalent=False), [self.mutants[1]])


if __name__ == "__main__":
    unittest.main()
