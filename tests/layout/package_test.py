"""The checks of the package find the fault each is there for."""

import gzip
import hashlib
import os
import pathlib
import sys
import tarfile
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))

import package_archive
import package_bill
import package_check

SOUND_DYNAMIC = """
 0x0000000000000001 (NEEDED)             Shared library: [libm.so.6]
 0x0000000000000001 (NEEDED)             Shared library: [libgcc_s.so.1]
 0x0000000000000001 (NEEDED)             Shared library: [ld-linux-aarch64.so.1]
 0x000000000000000e (SONAME)             Library soname: [libpatron.so.0]
"""


class Library(unittest.TestCase):
    def test_glibc_and_libgcc_are_all_it_may_need(self):
        self.assertEqual(list(package_check.check_dynamic(SOUND_DYNAMIC)), [])
        for name in ("libstdc++.so.6", "libabsl_strings.so.20220623", "libpthread_x.so.0"):
            found = list(package_check.check_dynamic(
                SOUND_DYNAMIC + f" 0x1 (NEEDED)  Shared library: [{name}]\n"))
            self.assertEqual(len(found), 1)
            self.assertIn(name, found[0])

    def test_search_paths_and_a_missing_soname_are_found(self):
        found = list(package_check.check_dynamic(" 0x1d (RUNPATH)  Library runpath: [/opt/lib]\n"))
        self.assertEqual(len(found), 2)
        self.assertIn("SONAME", found[0])
        self.assertIn("/opt/lib", found[1])

    def test_a_newer_glibc_than_promised_is_found(self):
        text = "  0x10: Name: GLIBC_2.34  Flags: none\n  0x20: Name: GLIBC_2.2.5  Flags: none\n"
        self.assertEqual(list(package_check.check_versions(text)), [])
        found = list(package_check.check_versions(text + "  Name: GLIBC_2.35  Flags: none\n"))
        self.assertEqual(len(found), 1)
        self.assertIn("2.35", found[0])

    def test_libstdcxx_from_outside_is_found(self):
        found = list(package_check.check_versions("  Name: GLIBCXX_3.4.29  Flags: none\n"))
        self.assertIn("libstdc++ must be inside", found[0])

    def test_symbols_and_debug_information_are_found(self):
        heads = "  [ 5] .dynsym  DYNSYM\n  [30] .debug_info  PROGBITS\n  [31] .symtab  SYMTAB\n"
        self.assertEqual(len(list(package_check.check_sections(heads))), 2)

    def test_folders_of_this_machine_and_abseil_are_found(self):
        self.assertEqual(list(package_check.check_bytes(b"lib/base/money.cc", ["/srv/x"])), [])
        self.assertEqual(len(list(package_check.check_bytes(b"a/srv/x/lib", ["/srv/x"]))), 1)
        self.assertEqual(len(list(package_check.check_bytes(b"_ZN4absl8", ["/srv/x"]))), 1)


class Bill(unittest.TestCase):
    def test_every_source_of_code_has_a_maker(self):
        own = ["/srv/patron"]
        for path, name in {
            "/usr/include/rapidjson/reader.h": "RapidJSON",
            "/srv/deps/rapidjson/include/rapidjson/reader.h": "RapidJSON",
            "/usr/include/c++/12/vector": "GCC",
            "/usr/lib/gcc/x86_64-linux-gnu/12/libstdc++.a": "GCC",
            "/usr/lib/gcc-cross/aarch64-linux-gnu/12/crtendS.o": "GCC",
            "/usr/aarch64-linux-gnu/include/stdio.h": "glibc",
            "/usr/lib/x86_64-linux-gnu/libc_nonshared.a": "glibc",
            "/srv/patron/lib/base/money.cc": "patron",
            "lib/libpatron_core.a": "patron",
            "/usr/lib/x86_64-linux-gnu/libabsl_strings.a": None,
            "/opt/boost/math.hpp": None,
        }.items():
            self.assertEqual(package_bill.maker(path, own), name, path)

    def test_something_of_nobody_known_ends_the_program(self):
        with self.assertRaisesRegex(SystemExit, "libabsl_strings.a"):
            package_bill.makers(["/usr/lib/libabsl_strings.a"], ["/srv/patron"])

    def test_the_linkers_map_tells_what_was_loaded(self):
        text = "START GROUP\nLOAD /usr/lib/gcc/x/12/../../../libc.so\nLOAD lib/libpatron_core.a\n"
        self.assertEqual(package_bill.linked(text), ["/usr/lib/libc.so", "lib/libpatron_core.a"])

    def test_files_without_an_entry_or_with_other_bytes_are_found(self):
        with tempfile.TemporaryDirectory() as name:
            root = pathlib.Path(name)
            for file in ("a.h", "b.h", "libpatron.so.0.1.0"):
                (root / file).write_text(file, encoding="utf-8")
            document = package_bill.bill(root, "0.1.0", 0, [])
            self.assertEqual(list(package_check.check_bill(root, document)), [])
            (root / "a.h").write_text("changed", encoding="utf-8")
            (root / "b.h").rename(root / "c.h")
            found = list(package_check.check_bill(root, document))
            self.assertEqual([line.split(":")[0] for line in found], ["c.h", "b.h", "a.h"])

    def test_the_verification_code_is_that_of_the_standard(self):
        # SPDX 2.3, section 7.9: the SHA-1 of the files' SHA-1 sums, sorted and joined.
        with tempfile.TemporaryDirectory() as name:
            root = pathlib.Path(name)
            (root / "libpatron.so.0").write_bytes(b"")
            empty = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
            code = package_bill.bill(root, "1", 0, [])["packages"][0]["packageVerificationCode"]
            self.assertEqual(code["packageVerificationCodeValue"],
                             hashlib.sha1(empty.encode()).hexdigest())


class Archive(unittest.TestCase):
    def pack(self, root, mode, time, order):
        folder = root / "patron"
        folder.mkdir(parents=True)
        for name in order:
            (folder / name).write_text(name, encoding="utf-8")
            (folder / name).chmod(mode)
            os.utime(folder / name, (time, time))
        target = root / "made.tar.gz"
        package_archive.pack(folder, target, 1_000_000_000)
        return target.read_bytes()

    def test_times_modes_and_order_do_not_reach_the_archive(self):
        with tempfile.TemporaryDirectory() as name:
            first = self.pack(pathlib.Path(name) / "x", 0o600, 1, ["a", "b"])
            second = self.pack(pathlib.Path(name) / "y" / "z", 0o664, 2, ["b", "a"])
        self.assertEqual(first, second)

    def test_other_bytes_or_another_name_do(self):
        with tempfile.TemporaryDirectory() as name:
            first = self.pack(pathlib.Path(name) / "x", 0o600, 1, ["a", "b"])
            second = self.pack(pathlib.Path(name) / "y", 0o600, 1, ["a", "c"])
        self.assertNotEqual(gzip.decompress(first), gzip.decompress(second))

    def test_two_names_of_one_file_are_two_files(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name) / "patron"
            folder.mkdir()
            (folder / "a").write_text("text", encoding="utf-8")
            os.link(folder / "a", folder / "b")
            package_archive.pack(folder, pathlib.Path(name) / "t.tar.gz", 0)
            with tarfile.open(pathlib.Path(name) / "t.tar.gz") as archive:
                self.assertEqual([member.type for member in archive.getmembers()],
                                 [tarfile.DIRTYPE, tarfile.REGTYPE, tarfile.REGTYPE])


if __name__ == "__main__":
    unittest.main()
