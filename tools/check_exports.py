#!/usr/bin/env python3
"""libpatron.so exports exactly the functions that capi/api.json and capi/api/ describe.

    tools/check_exports.py LIBRARY [API_JSON]

A missing function breaks a binding, a foreign one collides with the host's own libraries, and a
unique symbol (`u`) keeps the library mapped after dlclose.
"""

import pathlib
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


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    library = sys.argv[1]
    api = sys.argv[2] if len(sys.argv) > 2 else repo.ROOT / "capi" / "api.json"
    symbols = list(exported(library))
    repo.finish("exports", compare(listed(api), symbols),
                f"{len(symbols)} symbols of {pathlib.Path(library).name}")


if __name__ == "__main__":
    main()
