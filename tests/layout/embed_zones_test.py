"""tools/embed_zones.py: the same zones give the same source, and what is wrong is said."""

import pathlib
import struct
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))

import embed_zones


def header(version, counts):
    return b"TZif" + version + b"\0" * 15 + struct.pack(">6l", *counts)


def zone(footer):
    """A TZif file (RFC 8536) of UTC; its 32-bit block has two transitions to be left out."""
    old = header(b"2", (0, 0, 0, 2, 1, 4)) + struct.pack(">2l", -5, 5) + b"\0\0" + b"\0" * 6 + b"UTC\0"
    return old + modern(footer)


def modern(footer):
    return header(b"2", (0, 0, 0, 0, 1, 4)) + b"\0" * 6 + b"UTC\0" + b"\n" + footer + b"\n"


class EmbedZones(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.write("tzdata.zi", b"# version 2026a\nR a b\nL Real/Zone Old/Name\nL Lost/Zone None\n")
        self.write("UTC", zone(b"UTC0"))
        self.write("Real/Zone", zone(b"XYZ-3"))
        for number in range(100):
            self.write(f"Etc/Many{number}", zone(b"UTC0"))

    def write(self, name, data):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def problem(self):
        with self.assertRaises(SystemExit) as caught:
            embed_zones.load(self.folder)
        return str(caught.exception)

    def test_only_the_64_bit_block_and_the_footer_are_kept(self):
        version, zones = embed_zones.load(self.folder)
        self.assertEqual(version, "2026a")
        self.assertEqual(zones["Real/Zone"], modern(b"XYZ-3"))

    def test_what_is_no_zone_of_its_own_is_left_out(self):
        for name in ("posix/UTC", "right/UTC", "localtime", "posixrules"):
            self.write(name, zone(b"UTC0"))
        self.write("zone.tab", b"# no zone\n")
        _, zones = embed_zones.load(self.folder)
        self.assertEqual(len(zones), 103)

    def test_a_link_that_is_no_file_is_put_back(self):
        _, zones = embed_zones.load(self.folder)
        self.assertEqual(zones["Old/Name"], zones["Real/Zone"])
        self.assertNotIn("None", zones)

    def test_names_come_in_byte_order(self):
        self.write("Zulu", zone(b"UTC0"))
        self.write("america", zone(b"UTC0"))
        names = list(embed_zones.load(self.folder)[1])
        self.assertEqual(names, sorted(names, key=str.encode))

    def test_the_source_depends_on_nothing_but_the_zones(self):
        first = embed_zones.render(*embed_zones.load(self.folder))
        self.assertEqual(embed_zones.render(*embed_zones.load(self.folder)), first)
        self.assertNotIn(str(self.folder), first)
        self.write("UTC", zone(b"UTC1"))
        self.assertNotEqual(embed_zones.render(*embed_zones.load(self.folder)), first)

    def test_equal_rules_are_written_once(self):
        text = embed_zones.render(*embed_zones.load(self.folder))
        self.assertEqual(text.count("constexpr char kRules"), 2)

    def test_a_literal_reads_back_as_its_bytes(self):
        data = bytes(range(256)) + b'"\\?0?'
        pieces = [line.strip()[1:-1] for line in embed_zones.literal(data).splitlines()]
        # C++ and Python agree on octal escapes of three digits.
        self.assertEqual("".join(pieces).encode().decode("unicode_escape").encode("latin-1"), data)

    def test_a_folder_without_zones_says_what_to_install(self):
        self.write("tzdata.zi", b"")
        self.assertIn("does not begin with its version", self.problem())
        (self.folder / "tzdata.zi").unlink()
        self.assertIn("install the package tzdata, or set PATRON_ZONEINFO_DIR", self.problem())
        self.write("tzdata.zi", b"# version 2026a\n")
        (self.folder / "UTC").unlink()
        self.assertIn("holds 101 zones; install the package tzdata", self.problem())

    def test_an_old_or_damaged_file_is_named(self):
        self.write("Real/Zone", header(b"\0", (0, 0, 0, 0, 1, 4)))
        self.assertIn("Real/Zone is a version 1 TZif file", self.problem())
        self.write("Real/Zone", zone(b"XYZ-3")[:60])
        self.assertIn("Real/Zone is damaged", self.problem())

    def test_a_stale_source_is_found(self):
        output = self.folder / "out" / "zone_data.cc"
        embed_zones.main([str(self.folder), str(output)])
        embed_zones.main([str(self.folder), str(output), "--check"])
        self.write("UTC", zone(b"UTC1"))
        with self.assertRaises(SystemExit):
            embed_zones.main([str(self.folder), str(output), "--check"])


if __name__ == "__main__":
    unittest.main()
