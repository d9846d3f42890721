#!/usr/bin/env python3
"""tests/fuzz/table.md: which fuzzer drives which function, parser and fast path, and how often.

    tools/fuzz_table.py                 writes the table
    tools/fuzz_table.py --check         fails where something has no fuzzer, or the table is old
    tools/fuzz_table.py --record FOLDER takes over the executions of a soak (its libFuzzer logs,
                                        FOLDER/<fuzzer>.log), then writes the table

A C function is driven where a fuzzer's source calls it by PLAY, SAY or reached (tests/fuzz/calls/play.h).
What else a fuzzer drives stands in tests/fuzz/targets.json. Nothing there is believed: every name
must stand in the fuzzer's source, every function of the C description and every parser in a header
must have a fuzzer, every fuzzer a corpus.
"""

import argparse
import json
import pathlib
import re
import sys

import repo

sys.path.insert(0, str(repo.ROOT / "capi"))
from generator import model  # noqa: E402

FOLDER = pathlib.PurePath("tests/fuzz")
CALLED = re.compile(r"\b(?:PLAY|SAY)\(\s*play,\s*(patron_\w+)|\breached\(\s*\"(patron_\w+)\"")
# A function that makes something of text, of bytes or of a foreign Arrow struct.
PARSER = re.compile(r"\b(parse|parse_\w+|read_\w+|load|import|from_json|\w+_from_text)"
                    r"\((?:BookLayout \w+, )?(?:const )?(?:std::string_view|ArrowArray)")
SCOPE = re.compile(r"^(?:class|struct) (\w+)[^;]*\{$")


def parsers(text):
    """The parsers that a header declares: "parse_time", "RfmCuts::parse"."""
    found, scope = [], ""
    for line in text.splitlines():
        match = SCOPE.match(line)
        if match:
            scope = match.group(1) + "::"
        elif line.startswith("}"):
            scope = ""
        match = PARSER.search(line.split("//")[0])
        if match:
            found.append((scope if line.startswith(" ") else "") + match.group(1))
    return found


def all_parsers(root):
    names = []
    for pattern in ("include/patron/*.h", "lib/**/*.h"):
        for path in sorted(root.glob(pattern)):
            names += parsers(path.read_text(encoding="utf-8"))
    return list(dict.fromkeys(names))


class Fuzzer:
    """A fuzzer's sources, its corpus and what it says it drives."""

    def __init__(self, root, name, target):
        folder = root / FOLDER
        # What stands in a folder of its own belongs to the fuzzer of that name.
        paths = [folder / f"{name}.cc", *sorted((folder / name.removesuffix("_fuzz")).glob("*.cc"))]
        self.name = name
        self.exists = paths[0].is_file()
        self.source = "".join(path.read_text(encoding="utf-8") for path in paths if path.is_file())
        self.functions = {a or b for a, b in CALLED.findall(self.source)}
        self.parsers = target.get("parsers", [])
        self.pairs = target.get("pairs", {})
        corpus = folder / "corpus" / name
        self.corpus = sum(path.is_file() for path in corpus.iterdir()) if corpus.is_dir() else 0

    def findings(self):
        if not self.exists:
            yield f"{FOLDER}/{self.name}.cc: not there, but in targets.json"
        if self.corpus == 0:
            yield f"{FOLDER}/corpus/{self.name}: no files; a fuzzer needs seeds"
        for name in [*self.parsers, *self.pairs]:
            word = name.split("::")
            if not all(re.search(rf"\b{part}\b", self.source) for part in word):
                yield f"{FOLDER}/{self.name}.cc: does not call {name}, as targets.json says"


class Table:
    def __init__(self, root):
        self.root = root
        folder = root / FOLDER
        targets = json.loads((folder / "targets.json").read_text(encoding="utf-8"))
        self.fuzzers = [Fuzzer(root, name, target) for name, target in targets.items()]
        path = folder / "executions.json"
        self.executions = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        api = model.load(root / "capi" / "api.json")
        self.functions = [function.name for function in api.functions]
        self.parsers = all_parsers(root)

    def findings(self):
        for fuzzer in self.fuzzers:
            yield from fuzzer.findings()
            for name in sorted(fuzzer.functions - set(self.functions)):
                yield f"{FOLDER}/{fuzzer.name}.cc: {name} is no function of the C interface"
            for name in fuzzer.parsers:
                if name not in self.parsers:
                    yield f"{FOLDER}/targets.json: {name} is no parser in a header"
        named = {fuzzer.name for fuzzer in self.fuzzers}
        for path in sorted((self.root / FOLDER).glob("*_fuzz.cc")):
            if path.stem not in named:
                yield f"{FOLDER}/targets.json: {path.stem} is missing"
        for name in self.functions:
            if not any(name in fuzzer.functions for fuzzer in self.fuzzers):
                yield f"{name}: no fuzzer calls it; add a step to tests/fuzz/calls/"
        for name in self.parsers:
            if not any(name in fuzzer.parsers for fuzzer in self.fuzzers):
                yield f"{name}: no fuzzer names this parser in tests/fuzz/targets.json"

    def text(self):
        lines = ["# What the fuzzers drive", "",
                 "Written by `tools/fuzz_table.py`; a function or parser without a row fails the tests.",
                 "Executions and minutes are those of the last recorded `./run soak`, with address and",
                 "undefined sanitizers; in the ordinary tests every fuzzer replays its corpus and seeded",
                 "mutations of each file.", "",
                 "| fuzzer | corpus files | executions | minutes |", "|---|--:|--:|--:|"]
        for fuzzer in self.fuzzers:
            lines.append(f"| {fuzzer.name} | {fuzzer.corpus} | {self.runs(fuzzer)} | "
                         f"{self.executions.get(fuzzer.name, {}).get('minutes', 0):.1f} |")
        lines += self.rows("C function", self.functions, lambda fuzzer: fuzzer.functions)
        lines += self.rows("Parser", self.parsers, lambda fuzzer: fuzzer.parsers)
        lines += ["", "| Fast | held against | fuzzer | executions |", "|---|---|---|--:|"]
        for fuzzer in self.fuzzers:
            for fast, plain in fuzzer.pairs.items():
                lines.append(f"| {fast} | {plain} | {fuzzer.name} | {self.runs(fuzzer)} |")
        return "\n".join(lines) + "\n"

    def runs(self, fuzzer):
        return f"{self.executions.get(fuzzer.name, {}).get('executions', 0):,}"

    def rows(self, title, names, driven):
        yield from ["", f"| {title} | fuzzer | corpus files | executions |", "|---|---|--:|--:|"]
        for name in names:
            those = [fuzzer for fuzzer in self.fuzzers if name in driven(fuzzer)]
            yield (f"| {name} | {', '.join(fuzzer.name for fuzzer in those)} | "
                   f"{sum(fuzzer.corpus for fuzzer in those)} | "
                   f"{', '.join(self.runs(fuzzer) for fuzzer in those)} |")


def record(root, logs):
    """Takes over what libFuzzer printed at its end."""
    path = root / FOLDER / "executions.json"
    found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    for log in sorted(logs.glob("*_fuzz.log")):
        match = re.search(r"^Done (\d+) runs in (\d+) second", log.read_text(errors="replace"), re.M)
        if match:
            found[log.stem] = {"executions": int(match[1]), "minutes": round(int(match[2]) / 60, 1)}
    path.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--record", type=pathlib.Path)
    options = parser.parse_args()
    if options.record:
        record(repo.ROOT, options.record)
    table = Table(repo.ROOT)
    path = repo.ROOT / FOLDER / "table.md"
    findings = list(table.findings())
    if not options.check:
        path.write_text(table.text(), encoding="utf-8")
    elif not path.is_file() or path.read_text(encoding="utf-8") != table.text():
        findings.append(f"{FOLDER}/table.md: not what the sources say; run tools/fuzz_table.py")
    repo.finish("fuzzers", findings, f"{len(table.functions)} functions, {len(table.parsers)} parsers, "
                f"{len(table.fuzzers)} fuzzers")


if __name__ == "__main__":
    main()
