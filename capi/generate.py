#!/usr/bin/env python3
"""Writes what follows from capi/api.json and capi/api/: header, version script, layout checks, ctypes
prototypes, reference page, and the example quotations of the pages about the C API.

    capi/generate.py            # writes the files
    capi/generate.py --check    # says what would change, and which function lacks an example or a test

Only Python's standard library is used (3.11).
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from generator import header, model, python, reference

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("c-api", "errors", "threads", "versioning")


def outputs(api: model.Api) -> dict[Path, str]:
    """Every generated file with the text it should have."""
    files = {
        ROOT / "capi/include/patron/patron.h": header.render_header(api, ROOT / "include/patron/arrow.h"),
        ROOT / "capi/patron.map": header.render_map(api),
        ROOT / "capi/src/layout.h": header.render_layout(api),
        ROOT / "bindings/python/src/patron/_ffi.py": python.render(api),
    }
    for name in PAGES:
        path = ROOT / f"docs/{name}.md"
        if path.exists():
            page = path.read_text(encoding="utf-8")
            page = reference.render_reference(api, page) if name == "c-api" else page
            files[path] = reference.quote(ROOT, page)
    return files


def not_called(api: model.Api, folder: str, pattern: str) -> list[str]:
    """The functions that no file of a folder calls."""
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / folder).glob(pattern))
    called = set(re.findall(r"\b(patron_\w+)\s*\(", text))
    return [function.name for function in api.functions if function.name not in called]


def findings(api: model.Api) -> list[str]:
    """What is out of step, and which functions lack an example or a test."""
    found = [f"{path.relative_to(ROOT)} is not what capi/api/ says; run capi/generate.py"
             for path, text in outputs(api).items()
             if not path.exists() or path.read_text(encoding="utf-8") != text]
    found += [f"{name}: no example in examples/c calls it"
              for name in not_called(api, "examples/c", "*.c")]
    found += [f"{name}: no test in tests/capi calls it"
              for name in not_called(api, "tests/capi", "*.[ch]*")]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 where something would")
    arguments = parser.parse_args()
    try:
        api = model.load(ROOT / "capi/api.json")
        if arguments.check:
            found = findings(api)
            print("\n".join(found), file=sys.stderr, end="\n" if found else "")
            return 1 if found else 0
        for path, text in outputs(api).items():
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
                print(f"wrote {path.relative_to(ROOT)}")
    except model.ApiError as error:
        print(f"capi/api.json: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
