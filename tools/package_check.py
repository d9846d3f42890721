#!/usr/bin/env python3
"""What must hold of a package folder before it is packed.

    tools/package_check.py PACKAGE_FOLDER [GLIBC]  the folder of the .tar.gz; the newest glibc allowed
    tools/package_check.py --bill FILE             the bill of materials is valid SPDX 2.3 (needs spdx-tools)

The library needs nothing but glibc and libgcc_s, no newer glibc than is promised, has no search path of
its own, shows exactly the listed functions, holds no name of a folder of the machine it was built on and
nothing of Abseil; the bill names every file with its checksum.
"""

import hashlib
import json
import pathlib
import re
import subprocess
import sys

import repo

# The newest glibc symbols that a library built on Debian 12 may use: the tag of the wheel, and
# docs/packaging.md. tools/package.sh allows its own glibc elsewhere.
GLIBC = "2.34"
NEEDED = re.compile(r"^(libc\.so\.6|libm\.so\.6|libgcc_s\.so\.1|ld-linux-[\w-]+\.so\.\d)$")
BILL = "share/doc/patron/patron.spdx.json"
WANTED = ["include/patron/patron.h", "lib/libpatron.so", "lib/pkgconfig/patron.pc",
          "lib/cmake/patron/patronConfig.cmake", "share/doc/patron/LICENSE",
          "share/doc/patron/NOTICE", "share/doc/patron/docs/c-api.md", BILL]


def check_dynamic(text):
    """The dynamic section, as readelf -dW prints it."""
    for needed in re.findall(r"\(NEEDED\).*\[(.*)\]", text):
        if not NEEDED.match(needed):
            yield f"needs {needed}; only glibc and libgcc_s may be needed"
    if not re.search(r"\(SONAME\).*\[libpatron\.so\.\d+\]", text):
        yield "has no SONAME such as libpatron.so.0"
    for path in re.findall(r"\((?:RPATH|RUNPATH)\).*\[(.*)\]", text):
        yield f"looks for libraries in {path}; it must have no search path"
    if "(TEXTREL)" in text:
        yield "has relocations in its code; compile everything with -fPIC"


def numbers(version):
    return tuple(map(int, version.split(".")))


def check_versions(text, newest=GLIBC):
    """The symbol versions that the library asks for, as readelf -VW prints them."""
    for version in sorted(set(re.findall(r"Name: GLIBC_([\d.]+)", text)), key=numbers):
        if numbers(version) > numbers(newest):
            yield f"asks for glibc {version}, newer than the promised {newest}"
    for name in sorted(set(re.findall(r"Name: (GLIBCXX_[\d.]+|CXXABI_[\d.]+)", text))):
        yield f"asks for {name}; libstdc++ must be inside"


def check_bytes(data, places):
    """Names that must not stand in the library."""
    for place in places:
        if place.encode() in data:
            yield f"holds the path {place} of this machine; see -ffile-prefix-map"
    if re.search(rb"absl|Abseil", data):
        yield "holds something of Abseil, which must not be linked in"


def check_sections(text):
    """The section heads, as readelf -SW prints them."""
    for name in sorted(set(re.findall(r"\] (\.symtab|\.debug_\w+)", text))):
        yield f"has the section {name}; strip it"


def check_bill(root, document):
    """The bill names exactly the files that are there, with their checksums."""
    listed = {}
    for entry in document["files"]:
        sums = {made["algorithm"]: made["checksumValue"] for made in entry["checksums"]}
        listed[entry["fileName"].removeprefix("./")] = sums.get("SHA256")
    there = {path.relative_to(root).as_posix(): path for path in root.rglob("*")
             if path.is_file() and not path.is_symlink()}
    there.pop(BILL, None)
    for name in sorted(there.keys() - listed.keys()):
        yield f"{name}: not in the bill of materials"
    for name in sorted(listed.keys() - there.keys()):
        yield f"{name}: in the bill of materials, but not there"
    for name in sorted(listed.keys() & there.keys()):
        if hashlib.sha256(there[name].read_bytes()).hexdigest() != listed[name]:
            yield f"{name}: its bytes are not those of the bill of materials"


def readelf(option, path):
    done = subprocess.run(["readelf", option, str(path)], capture_output=True, text=True, check=True)
    return done.stdout


def check_library(path, glibc=GLIBC):
    """Everything about one libpatron.so; readelf reads those of other processors too."""
    findings = [*check_dynamic(readelf("-dW", path)), *check_versions(readelf("-VW", path), glibc),
                *check_sections(readelf("-SW", path)),
                *check_bytes(path.read_bytes(), [str(repo.ROOT)])]
    exports = subprocess.run([sys.executable, str(repo.ROOT / "tools/check_exports.py"), str(path)],
                             capture_output=True, text=True, check=False)
    if exports.returncode != 0:
        findings += (exports.stdout + exports.stderr).splitlines()
    return [f"{path.name}: {finding}" for finding in findings]


def check_folder(root, glibc=GLIBC):
    findings = [f"{name}: missing" for name in WANTED if not (root / name).is_file()]
    if findings:
        return findings
    for path in sorted(root.rglob("*")):
        if path.name == "__pycache__" or path.suffix in (".pyc", ".a", ".map"):
            findings.append(f"{path.relative_to(root)}: does not belong into the package")
    findings += check_library((root / "lib/libpatron.so").resolve(), glibc)
    document = json.loads((root / BILL).read_text(encoding="utf-8"))
    return findings + list(check_bill(root, document))


def validate(path):
    """What spdx-tools has to say about the bill."""
    from spdx_tools.spdx.parser.parse_anything import parse_file
    from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
    return [message.validation_message for message in validate_full_spdx_document(
        parse_file(str(path)), "SPDX-2.3")]


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--bill":
        repo.finish("bill of materials", validate(sys.argv[2]), "SPDX 2.3, by spdx-tools")
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    root = pathlib.Path(sys.argv[1]).resolve()
    count = sum(1 for path in root.rglob("*") if path.is_file())
    repo.finish("package", check_folder(root, *sys.argv[2:]), f"{count} files of {root.name}")


if __name__ == "__main__":
    main()
