#!/usr/bin/env python3
"""Line coverage of lib/ and capi/ from a build with the coverage preset whose tests have run.

    tools/coverage.py BUILD_FOLDER

Prints the share of lines that ran for each file, the lines that did not, and the share of each part; fails
where that is below its bar: every line of capi/, 95 % of lib/ with the headers of include/.
"""

import collections
import gzip
import json
import pathlib
import subprocess
import sys
import tempfile

import repo

BARS = {"capi": 100.0, "lib": 95.0}
PART_OF = {"capi": "capi", "lib": "lib", "include": "lib"}


def gcov(notes, folder):
    """The JSON reports of gcov for the object files' notes."""
    subprocess.run(["gcov", "--json-format", "--preserve-paths", *map(str, notes)], cwd=folder,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    for path in pathlib.Path(folder).glob("*.gcov.json.gz"):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            yield json.load(file)


def is_current(counts):
    """Whether counts are of the object file as it is now, and not left by an older build."""
    notes = counts.with_suffix(".gcno")
    return notes.exists() and notes.stat().st_mtime <= counts.stat().st_mtime


def collect(build):
    """{file: {line: times it ran}} for the sources of lib/, capi/ and include/."""
    lines = collections.defaultdict(lambda: collections.defaultdict(int))
    notes = [path.resolve() for part in ("lib", "capi", "tests") for path in
             sorted((build / part).rglob("*.gcda")) if is_current(path)]
    with tempfile.TemporaryDirectory() as folder:
        for report in gcov(notes, folder):
            for file in report["files"]:
                name = file["file"].replace(str(repo.ROOT) + "/", "").removeprefix("./")
                if name.startswith(("lib/", "capi/", "include/")):
                    for line in file["lines"]:
                        lines[name][line["line_number"]] += line["count"]
    return lines


def ranges(numbers):
    """[1, 2, 3, 7] as "1-3, 7"."""
    out = []
    for number in numbers:
        if out and out[-1][1] == number - 1:
            out[-1][1] = number
        else:
            out.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in out)


def shares(lines):
    """{part: (lines that ran, lines)}; `lines` is {file: {line: times it ran}}."""
    found = {part: (0, 0) for part in BARS}
    for name, counts in lines.items():
        part = PART_OF[name.split("/")[0]]
        ran = sum(count > 0 for count in counts.values())
        found[part] = found[part][0] + ran, found[part][1] + len(counts)
    return found


def below(found):
    """A line for each part that misses its bar."""
    return [f"{part}: {100 * ran / all_lines:.2f} % of the lines ran; want {BARS[part]:g} %"
            for part, (ran, all_lines) in found.items() if all_lines and 100 * ran < BARS[part] * all_lines]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    lines = collect(pathlib.Path(sys.argv[1]))
    if not lines:
        sys.exit(f"{sys.argv[1]}: no counts; build with the coverage preset and run the tests")
    for name, counts in sorted(lines.items()):
        missed = sorted(number for number, count in counts.items() if count == 0)
        share = 100 * (len(counts) - len(missed)) / len(counts)
        print(f"{share:6.1f} %  {name}" + (f"  not run: {ranges(missed)}" if missed else ""))
    found = shares(lines)
    for part, (ran, all_lines) in found.items():
        print(f"{100 * ran / max(all_lines, 1):6.2f} %  of {all_lines:,} lines of {part}; want {BARS[part]:g} %")
    repo.finish("coverage", below(found), f"{len(lines)} files")


if __name__ == "__main__":
    main()
