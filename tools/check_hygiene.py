#!/usr/bin/env python3
"""What must not be in the repository, and what must.

    tools/check_hygiene.py [ROOT]

No paths of one machine, no symbolic links, no addresses of package registries, no unfinished
words, no large or over-long files; every lib/**/x.cc has its tests/**/x_test.cc; no two headers of
lib/ define the same constant or type, which share a namespace: the linker would keep one of them
without a word; whoever asks for patron with find_package asks for the version of this tree (in 0.x
no other fits); source files that a comment or a page names are there; prefetches stand in one
header.
"""

import pathlib
import re
import sys

import repo

TEXT = {".h", ".cc", ".c", ".py", ".pyi", ".cmake", ".txt", ".md", ".json", ".toml", ".sh", ".in",
        ".map", ".html", ".css", ".js", ".yml", ".yaml", ".cfg", ".abi", ".supp", ""}

EVERYWHERE = [
    # The first letter stands in brackets so that this file does not match itself.
    (re.compile(r"(?<![\w.~<$}])/(?:[w]ork|[r]oot|[h]ome|[t]mp|[U]sers)/"),
     "a path of one machine"),
    (re.compile(r"[p]ypi\.org|[p]ythonhosted\.org|[r]egistry\.npmjs|[p]roxy\.golang"
                r"|--(?:extra-)?[i]ndex-url"), "the address of a package registry"),
]
IN_CODE = [
    (re.compile(r"\b(?:[T]ODO|[F]IXME|[X]XX|[H]ACK|[n]ot implemented|[p]laceholder)\b"),
     "an unfinished word: finish it, or say in docs/ what is missing"),
]
CODE = {".h", ".cc", ".c", ".py", ".cmake"}
# GCC drops functions that do nothing but prefetch; what keeps them stands in one place.
PREFETCH, PREFETCHES = "__builtin_" + "prefetch", "lib/base/prefetch.h"

MAX_BYTES = 1_500_000
MAX_LINES = 800
DEFINITION = re.compile(r"^(?:inline constexpr [^=;]*?(k\w+) ?[=;{]"
                        r"|(?:struct|class|enum class) (\w+)(?: [^;<]*)? \{)", re.MULTILINE)
ASKED = re.compile(r"find_package\(patron (\d+\.\d+)")
# A source file that is named: in a comment, or as code of a page. x.cc and x_test.cc are any.
COMMENT = re.compile(r"//(.*)")
INLINE = re.compile(r"`([^`\n]+)`")
SOURCE = re.compile(r"(?<![\w./<*-])((?:[\w.-]+/)*[\w-]+\.(?:h|cc|py))(?![\w*])")
ANY = {"x", "x_test"}
GENERATED = re.compile(r"(^|/)(generated|gen)/|_ffi\.pyi?$|^capi/src/layout\.h$"
                       r"|^(capi/include|tests/abi/headers/[\d.]+)/patron/patron\.h$")


def check_text(name, text):
    suffix = pathlib.PurePath(name).suffix
    rules = EVERYWHERE + (IN_CODE if suffix in CODE else [])
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, what in rules:
            match = pattern.search(line)
            if match:
                yield f"{name}:{number}: {match.group(0)!r} is {what}"
    if suffix in CODE and PREFETCH in text and name != PREFETCHES:
        yield f"{name}: {PREFETCH}; use fetch_line() of {PREFETCHES}, which stays"
    if suffix in CODE and not GENERATED.search(name):
        lines = text.count("\n")
        if lines > MAX_LINES:
            yield f"{name}: {lines} lines; split it (at most {MAX_LINES}, better 400)"


def check_mirror(names):
    """lib/<module>/x.cc and tests/<module>/x_test.cc go together."""
    for name in names:
        if name.startswith("lib/") and name.endswith(".cc"):
            test = "tests/" + name[len("lib/"):-len(".cc")] + "_test.cc"
            if test not in names:
                yield f"{name}: has no {test}"


def check_one_definition(root, names):
    seen = {}
    for name in names:
        if not (name.startswith("lib/") and name.endswith(".h")):
            continue
        for match in DEFINITION.finditer((root / name).read_text(encoding="utf-8")):
            what = match.group(1) or match.group(2)
            if seen.setdefault(what, name) != name:
                yield f"{name}: defines {what}, as {seen[what]} does; give it a name of its own"


def check_named_sources(root, names):
    """Source files that comments of C++ and pages name, by their last parts, are in the tree."""
    ends = {name.split("/", at)[-1] for name in names for at in range(name.count("/") + 1)}
    for name in names:
        suffix = pathlib.PurePath(name).suffix
        if suffix not in {".h", ".cc", ".md"}:
            continue
        place = INLINE if suffix == ".md" else COMMENT
        lines = (root / name).read_text(encoding="utf-8", errors="replace").splitlines()
        for number, line in enumerate(lines, 1):
            named = [source for text in place.findall(line) for source in SOURCE.findall(text)]
            for source in named:
                if source not in ends and pathlib.PurePath(source).stem not in ANY:
                    yield f"{name}:{number}: names {source}, which is not there"


def check_asked_version(root, names):
    if "VERSION" not in names:
        return
    version = (root / "VERSION").read_text(encoding="utf-8").strip()
    for name in names:
        if name.endswith((".md", "CMakeLists.txt")):
            for asked in ASKED.findall((root / name).read_text(encoding="utf-8", errors="replace")):
                if not version.startswith(asked + "."):
                    yield f"{name}: asks find_package for patron {asked}; VERSION is {version}"


def check(root):
    names = repo.files(root)
    findings = list(check_mirror(set(names))) + list(check_one_definition(root, sorted(names)))
    findings += check_asked_version(root, names)
    findings += [f"{name}: a symbolic link; a clone elsewhere has nothing behind it"
                 for name in repo.links(root)]
    findings += check_named_sources(root, names)
    for name in names:
        path = root / name
        if path.stat().st_size > MAX_BYTES:
            findings.append(f"{name}: {path.stat().st_size:,} bytes, more than {MAX_BYTES:,}")
        elif path.suffix in TEXT:
            findings += check_text(name, path.read_text(encoding="utf-8", errors="replace"))
    return findings, len(names)


def main():
    root = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else repo.ROOT
    findings, count = check(root)
    repo.finish("hygiene", findings, f"{count} files")


if __name__ == "__main__":
    main()
