#!/usr/bin/env python3
"""libpatron.so exports exactly the functions that capi/api.json and capi/api/ describe.

    tools/check_exports.py LIBRARY [API_JSON]

A missing function breaks a binding, a foreign one collides with the host's own libraries, and a
unique symbol (`u`) keeps the library mapped after dlclose. What it takes from others comes from the C
and C++ runtime alone, and its own functions are bound inside: a second copy of patron in the process,
or a library of the same name, does not get between.
"""

import pathlib
import re
import subprocess
import sys

import repo

sys.path.insert(0, str(repo.ROOT / "capi"))
from generator import model  # noqa: E402


def listed(api_path):
    """The names of the functions in the description."""
    return {function.name for function in model.load(pathlib.Path(api_path)).functions}


def exported(library):
    """(type letter, name) of every dynamic symbol that the library defines."""
    done = subprocess.run(["nm", "-D", "--defined-only", str(library)],
                          capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        fields = line.split()
        yield fields[-2], fields[-1].split("@")[0]


def compare(wanted, symbols):
    findings = [f"{name}: a unique symbol (u); hide it" for kind, name in symbols if kind == "u"]
    # The version node of the linker's version script is an absolute symbol.
    names = {name for kind, name in symbols if kind not in ("A", "u")}
    findings += [f"{name}: exported, but not in the description" for name in sorted(names - wanted)]
    findings += [f"{name}: in the description, but not exported" for name in sorted(wanted - names)]
    return findings


def taken(library):
    """(type letter, name with version) of every dynamic symbol that others define."""
    done = subprocess.run(["nm", "-D", "--undefined-only", str(library)],
                          capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        yield tuple(line.split()[-2:])


def relocated(library):
    """The symbols that the dynamic linker looks up for the library's own calls and pointers."""
    done = subprocess.run(["readelf", "-rW", str(library)], capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        fields = line.split()
        if len(fields) >= 5 and fields[2].startswith("R_"):
            yield fields[4].split("@")[0]


def compare_taken(wanted, undefined, relocations):
    findings = [f"{name}: comes from another library than the C and C++ runtime"
                for kind, name in undefined if kind != "w"
                and not re.search(r"@+(GLIBC|GLIBCXX|CXXABI|GCC)_[\d.]+$", name)]
    findings += [f"{name}: looked up in the whole process; bind it inside"
                 for name in sorted(wanted & set(relocations))]
    return findings


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    library = sys.argv[1]
    api = sys.argv[2] if len(sys.argv) > 2 else repo.ROOT / "capi" / "api.json"
    symbols = list(exported(library))
    findings = compare(listed(api), symbols)
    findings += compare_taken(listed(api), taken(library), relocated(library))
    repo.finish("exports", findings,
                f"{len(symbols)} symbols of {pathlib.Path(library).name}")


if __name__ == "__main__":
    main()
