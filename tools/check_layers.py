#!/usr/bin/env python3
"""Who may include whom: only downwards in the house, and heavy libraries in few files.

    tools/check_layers.py [ROOT]

The house, from the bottom: base, schema, book, expr, metrics, models, policy and engine, and
above them capi, bindings and examples. include/patron/x.h belongs to the module that implements it.
"""

import pathlib
import re
import sys

import repo

HOUSE = ["base", "schema", "book", "expr", "metrics", "models", "policy", "engine"]
ABOVE = len(HOUSE)  # capi
OUTSIDE = ABOVE + 1  # what users see: public headers only

# Public headers without a source file of the same name.
HEADER_MODULE = {"arrow": "base", "book": "book", "control": "base", "table": "base", "time": "base",
                 "money": "base", "segments": "models", "ltv": "models", "referral": "models", "patron": "capi"}

HEAVY = {"JSON": ("rapidjson/", "nlohmann/")}
HEAVY_LIMIT = 5
KEPT_OUT = {"absl/": "Abseil is for tests only", "Eigen/": "patron needs no Eigen",
            "boost/": "patron needs no Boost"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def header_module(root, stem):
    """The module of include/patron/<stem>.h, or None."""
    if stem in HEADER_MODULE:
        return HEADER_MODULE[stem]
    for module in HOUSE:
        folder = root / "lib" / module
        if any(folder.rglob(f"{stem}.cc")) or any(p.is_dir() for p in folder.rglob(stem)):
            return module
    return None


def level(root, name):
    """(level, module) of a repository path or of an include as written; None for others."""
    parts = pathlib.PurePath(name).parts
    if parts[0] == "lib" and len(parts) > 2:
        return (HOUSE.index(parts[1]), parts[1]) if parts[1] in HOUSE else None
    if parts[:2] == ("include", "patron") or (parts[0] == "patron" and len(parts) == 2):
        module = header_module(root, pathlib.PurePath(name).stem)
        if module == "capi":
            return ABOVE, "capi"
        return (HOUSE.index(module), module) if module else None
    if parts[0] == "capi":
        return ABOVE, "capi"
    if parts[0] in ("bindings", "examples"):
        return OUTSIDE, parts[0]
    return None


def check(root):
    findings, users = [], {library: [] for library in HEAVY}
    sources = [name for name in repo.files(root, "*.h", "*.cc", "*.c")
               if name.split("/")[0] in ("lib", "include", "capi", "bindings", "examples")]
    for name in sources:
        here = level(root, name)
        if here is None:
            findings.append(f"{name}: belongs to no module of the house; name it in "
                            "tools/check_layers.py or move it")
            continue
        text = (root / name).read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            target, at = match.group(2), f"{name}:{number}"
            for library, prefixes in HEAVY.items():
                if target.startswith(prefixes) and name not in users[library]:
                    users[library].append(name)
                    if name.startswith("include/"):
                        findings.append(f"{at}: a public header includes {library}")
            for prefix, reason in KEPT_OUT.items():
                if target.startswith(prefix) and here[0] < OUTSIDE:
                    findings.append(f"{at}: includes {target}; {reason}")
            if match.group(1) == "<":
                continue
            there = level(root, target)
            if there is None:
                if (root / "lib" / target).exists() or target.startswith(("lib/", "patron/")):
                    findings.append(f"{at}: includes {target}, which belongs to no module")
                continue
            if here[0] == OUTSIDE and not target.startswith("patron/"):
                findings.append(f"{at}: includes {target}; {here[1]} may see only patron/*.h")
            if there[0] > here[0]:
                findings.append(f"{at}: {here[1]} includes {target} of {there[1]}, "
                                "which lies above it")
            if name.startswith("include/") and not target.startswith("patron/"):
                findings.append(f"{at}: a public header includes {target}, which is not installed")
    for library, names in users.items():
        if len(names) > HEAVY_LIMIT:
            findings.append(f"{library} is included by {len(names)} files, more than "
                            f"{HEAVY_LIMIT}: {', '.join(names)}")
    return findings, len(sources)


def main():
    root = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else repo.ROOT
    findings, count = check(root)
    repo.finish("layers", findings, f"{count} source files")


if __name__ == "__main__":
    main()
