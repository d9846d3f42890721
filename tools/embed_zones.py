#!/usr/bin/env python3
"""Write the C++ source that holds the IANA time zones inside patron.

    embed_zones.py ZONEINFO_DIR OUTPUT.cc
    embed_zones.py ZONEINFO_DIR OUTPUT.cc --check    # is OUTPUT.cc what would be written?

Of each TZif file (RFC 8536) the 64-bit block and the footer are kept; zones with equal rules share
one copy. The same zone data gives the same bytes: names are sorted, nothing else enters the output.
"""

import hashlib
import os
import struct
import sys

# Not zones: the machine's own choice, and an obsolete default for POSIX strings.
NOT_ZONES = {"localtime", "posixrules"}
# Copies of the whole tree: without leap seconds (the same again) and with them (not civil time).
COPIES = {"posix", "right"}


def fail(message):
    sys.exit(f"embed_zones.py: {message}")


def header_counts(data, at):
    """isutcnt, isstdcnt, leapcnt, timecnt, typecnt, charcnt of the header at that offset."""
    return struct.unpack(">6l", data[at + 20 : at + 44])


def modern_block(path, data):
    """The file from its second header on: 64-bit data and footer."""
    if data[4:5] < b"2":
        fail(f"{path} is a version 1 TZif file, which has no 64-bit data; install a current tzdata")
    isut, isstd, leap, times, types, chars = header_counts(data, 0)
    block = data[44 + times * 5 + types * 6 + chars + leap * 8 + isstd + isut :]
    if block[:4] != b"TZif":
        fail(f"{path} is damaged: no second TZif header")
    return block


def read_zones(folder):
    """Every zone of the folder: name to bytes."""
    zones = {}
    for root, folders, files in os.walk(folder):
        relative = os.path.relpath(root, folder)
        if relative == ".":
            folders[:] = [name for name in folders if name not in COPIES]
            files = [name for name in files if name not in NOT_ZONES]
        for file in files:
            path = os.path.join(root, file)
            with open(path, "rb") as stream:
                data = stream.read()
            if data[:4] == b"TZif":
                name = os.path.relpath(path, folder).replace(os.sep, "/")
                zones[name] = modern_block(path, data)
    return zones


def read_source(folder):
    """Version, and link name to target, from tzdata.zi."""
    path = os.path.join(folder, "tzdata.zi")
    try:
        with open(path, encoding="ascii") as stream:
            lines = stream.read().splitlines()
    except OSError:
        fail(
            f"no tzdata.zi in {folder}; install the package tzdata, or set PATRON_ZONEINFO_DIR to "
            "a compiled zone tree that has one"
        )
    if not lines or not lines[0].startswith("# version "):
        fail(f"{path} does not begin with its version")
    links = {}
    for line in lines:
        if line.startswith("L "):
            _, target, name = line.split()
            links[name] = target
    return lines[0].removeprefix("# version ").strip(), links


def load(folder):
    """Version and zones; link names that a distribution left out are put back."""
    version, links = read_source(folder)
    zones = read_zones(folder)
    for name, target in links.items():
        if name not in zones and target in zones:
            zones[name] = zones[target]
    if "UTC" not in zones or len(zones) < 100:
        fail(f"{folder} holds {len(zones)} zones; install the package tzdata")
    return version, dict(sorted(zones.items(), key=lambda item: item[0].encode()))


def canonical_hash(zones):
    """SHA-256 over each name, a zero byte, the length (4 bytes, little endian) and the bytes."""
    digest = hashlib.sha256()
    for name, data in zones.items():
        digest.update(name.encode() + b"\0" + struct.pack("<I", len(data)) + data)
    return digest.hexdigest()


def literal(data, width=96):
    """A C++ string literal of the bytes; three octal digits each, so no escape runs on."""
    pieces = []
    line = ""
    for byte in data:
        text = chr(byte) if 32 <= byte < 127 and byte not in b'"\\?' else f"\\{byte:03o}"
        if len(line) + len(text) > width:
            pieces.append(f'    "{line}"')
            line = ""
        line += text
    pieces.append(f'    "{line}"')
    return "\n".join(pieces)


def render(version, zones):
    blobs = {}
    for data in zones.values():
        blobs.setdefault(data, len(blobs))
    out = [
        "// Written by tools/embed_zones.py from the IANA time zone database, which is in the public",
        "// domain. Not to be edited.",
        '#include "lib/base/zone_data.h"',
        "",
        "namespace patron::internal {",
        "namespace {",
        "",
    ]
    for data, number in blobs.items():
        out += [f"constexpr char kRules{number}[] =", literal(data) + ";"]
    out += ["", f"constexpr std::string_view kNames[{len(zones)}] = {{"]
    out += [f'    "{name}",' for name in zones]
    out += ["};", "", f"constexpr std::string_view kRules[{len(zones)}] = {{"]
    out += [f"    {{kRules{blobs[data]}, {len(data)}}}," for data in zones.values()]
    out += [
        "};",
        "",
        "}  // namespace",
        "",
        f'constinit const ZoneData kZoneData = {{"{version}",',
        f'                            "{canonical_hash(zones)}",',
        "                            kNames, kRules};",
        "",
        "}  // namespace patron::internal",
        "",
    ]
    return "\n".join(out)


def main(arguments):
    check = arguments[-1:] == ["--check"]
    if check:
        arguments = arguments[:-1]
    if len(arguments) != 2:
        fail("usage: embed_zones.py ZONEINFO_DIR OUTPUT.cc [--check]")
    folder, output = arguments
    text = render(*load(folder))
    if check:
        with open(output, encoding="ascii", newline="") as stream:
            if stream.read() != text:
                fail(f"{output} is not what {folder} gives now")
        return
    os.makedirs(os.path.dirname(os.path.abspath(output)), exist_ok=True)
    with open(output, "w", encoding="ascii", newline="\n") as stream:
        stream.write(text)


if __name__ == "__main__":
    main(sys.argv[1:])
