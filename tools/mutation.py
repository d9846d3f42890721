#!/usr/bin/env python3
"""Do the tests notice? Flips operators and constants of the sources, one at a time, and runs the tests.

    tools/mutation.py [--seconds N] [--jobs N] [--seed N] [--again LOG] [--build FOLDER] [FILE...]
    tools/mutation.py --report LOG
    tools/mutation.py --check

The tests are built once, as the release preset does, in FOLDER (build/mutation), and the sources copied there.
For each mutant the one object (of a header: those that include it) is compiled from the copy and linked before
the library, and the tests run until one fails: the quick ones of that file, the quick ones of its module, the
slow ones. A mutant is killed when a test fails, crashes, or takes far too long. One whose object code is that
of the original is none.

All mutants take about two hours on one core. With --seconds, or stopped by Ctrl-C, it has tried a random sample
that is spread evenly over the files, the same for the same seed. --again tries those that survived an earlier
run, whose output LOG is; --report tries none and says what that run comes to with the reasons as they are now.

Prints what was killed and what survived for each file, and fails where fewer than 85 % of the mutants that are not
equivalent were killed. tests/mutation/survivors.json gives the reason of each survivor, and says which are equivalent
(tools/survivors.py). An entry whose mutant is no more fails too, and an equivalent one that is killed; --check looks
only for the former.
"""

import argparse
import collections
import dataclasses
import hashlib
import json
import os
import pathlib
import random
import re
import resource
import shlex
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import repo
import survivors

SOURCES = ("lib/models/rfm/*.cc", "lib/models/rfm/*.h", "lib/models/orders/*.cc", "lib/models/orders/*.h",
           "lib/base/money*")
# The test files of each program that can notice: of rfm and orders all, of base those of money and its readers.
TESTS = {"base_tests": ("money", "money_block", "column_reader"), "rfm_tests": ("*",)}
SURVIVORS = repo.ROOT / "tests" / "mutation" / "survivors.json"
QUICKLY = ("-O1", "-w")  # how mutants are compiled, instead of -O3
MEMORY = 6 << 30  # bytes of address space for a test that runs wild
QUICK = 0.01  # of the time of all tests of a program: those that take longer run when no other has noticed

# What is flipped. clang-format puts blanks around binary operators, and none into templates and pointers.
BINARY = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "+": "-", "-": "+", "*": "/",
          "/": "*", "%": "/", "&&": "||", "||": "&&", "&": "|", "|": "&", "^": "&", "<<": ">>", ">>": "<<",
          "+=": "-=", "-=": "+=", "*=": "+=", "|=": "&=", "&=": "|=", "<<=": ">>=", ">>=": "<<="}
UNARY = {"++": "--", "--": "++"}
WORDS = {"true": "false", "false": "true"}
TOKEN = re.compile(
    r"(?P<skip>//[^\n]*|/\*.*?\*/|^[ \t]*#[^\n]*(?:\\\n[^\n]*)*|static_assert\(.*?\);|\boperator\s*[^\s(]+"
    r"|R\"\((?:.|\n)*?\)\"|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])+')"
    r"|(?P<word>\b(?:true|false)\b)"
    r"|(?P<number>(?<![\w.'])(?:0[xX][0-9a-fA-F'.]+(?:p[+-]?\d+)?|\d[\d']*(?:\.\d*)?(?:e[+-]?\d+)?)[uUlLfF]*(?![\w.]))"
    r"|(?P<unary>\+\+|--)"
    r"|(?P<binary>(?<=\s)(?:<<=|>>=|<=|>=|==|!=|&&|\|\||<<|>>|[+\-*|&]=|[<>+\-*/%&|^])(?=\s))"
    r"|(?P<not>(?<=[\s(])!(?=[\w(]))", re.MULTILINE | re.DOTALL)


@dataclasses.dataclass(frozen=True)
class Mutant:
    file: str
    start: int
    end: int
    line: int
    text: str  # the line, without indentation
    above: str  # the last line before it that is not empty, likewise
    column: int  # in the text
    before: str
    after: str

    def __str__(self):
        return f"{self.file}:{self.line}:{self.column}: {self.before or '(nothing)'} -> {self.after or '(nothing)'}   {self.text}"


def one_more(number):
    """Another constant: 0 and 1 are exchanged, others become one greater."""
    suffix = "" if number.lower().startswith("0x") else number[len(number.rstrip("uUlLfF")):]
    digits = number[: len(number) - len(suffix)].replace("'", "")
    if digits in ("0", "1"):
        return ("1" if digits == "0" else "0") + suffix
    if re.fullmatch(r"0[xX][0-9a-fA-F]+[uUlL]*", digits):
        return hex(int(digits.rstrip("uUlL"), 16) + 1)
    if digits.isdigit():
        return str(int(digits) + 1) + suffix
    return f"({number} + 1)"


def joins_text(source, match):
    """Whether a plus stands beside a text, where no other operator compiles."""
    return source[:match.start()].rstrip().endswith('"') or source[match.end():].lstrip().startswith('"')


def mutants_of(name, source):
    found = []
    for match in TOKEN.finditer(source):
        kind, old = match.lastgroup, match.group()
        if kind == "skip" or (old == "+" and joins_text(source, match)):
            continue
        new = {"word": WORDS.get, "number": one_more, "unary": UNARY.get, "binary": BINARY.get,
               "not": lambda _: ""}[kind](old)
        begin = source.rfind("\n", 0, match.start()) + 1
        line = source[begin:source.find("\n", match.start())]
        indent = len(line) - len(line.lstrip())
        above = source[:begin].rstrip().rpartition("\n")[2].strip()
        found.append(Mutant(name, match.start(), match.end(), source.count("\n", 0, begin) + 1, line.strip(), above,
                            match.start() - begin - indent, old, new))
    return found


class Builder:
    """One build of the originals, and what it takes to compile, link and run a mutant."""

    def __init__(self, folder, programs):
        self.tree, self.build = folder / "tree", folder / "build"
        run = {"check": True, "cwd": repo.ROOT, "stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
        launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
        subprocess.run(["cmake", "-S", ".", "-B", str(self.build), "-G", "Ninja", "-DPATRON_DEVELOPER=ON",
                        "-DPATRON_BENCHMARKS=OFF", "-DPATRON_UNITY=OFF", "-DCMAKE_BUILD_TYPE=Release",
                        "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", *launcher], **run)
        commands = json.loads((self.build / "compile_commands.json").read_text(encoding="utf-8"))
        self.commands = {os.path.relpath(c["file"], repo.ROOT): shlex.split(c["command"]) for c in commands}
        self.links = {program: self.link_command(program) for program in sorted(programs)}
        needed = {word for link in self.links.values() for word in link if word.endswith(".o")}
        subprocess.run(["ninja", "-C", str(self.build), "patron", *sorted(needed)], **run)
        self.copy()
        self.hashes, self.users = {}, self.includers()
        self.seconds = {program: self.durations(program) for program in self.links}

    def link_command(self, program):
        """What ninja would link, without the test files that have nothing to say."""
        lines = subprocess.run(["ninja", "-C", str(self.build), "-t", "commands", program], check=True,
                               capture_output=True, text=True).stdout.splitlines()
        said = tuple(f"/{name}_test.cc.o" for name in TESTS[program])
        return [word for word in shlex.split(lines[-1]) if word not in (":", "&&")
                and (not word.endswith("_test.cc.o") or "*" in TESTS[program] or word.endswith(said))]

    def copy(self):
        """The sources as they were built, so that they may be edited meanwhile."""
        shutil.rmtree(self.tree, ignore_errors=True)
        for folder in ("include", "lib", "tests"):
            shutil.copytree(repo.ROOT / folder, self.tree / folder)

    def durations(self, program):
        """{test: seconds} of a run of the originals, which must pass."""
        report, binary = self.build / f"{program}.json", self.build / f"{program}_as_they_are"
        self.link(program, {}, binary)
        done = subprocess.run([str(binary), f"--gtest_output=json:{report}"],
                              cwd=repo.ROOT, env=environment(), capture_output=True, check=False)
        if done.returncode != 0:
            sys.exit(f"{program} fails without any change:\n{done.stdout.decode()[-2000:]}")
        suites = json.loads(report.read_text(encoding="utf-8"))["testsuites"]
        return {f"{suite['name']}.{test['name']}": float(test["time"].rstrip("s"))
                for suite in suites for test in suite["testsuite"]}

    def includers(self):
        """{header: sources that include it, directly or not}, of the library and its tests."""
        text = subprocess.run(["ninja", "-C", str(self.build), "-t", "deps"], check=True, capture_output=True,
                              text=True).stdout
        users = collections.defaultdict(set)
        for block in text.split("\n\n"):
            # A compiler cache may have made the paths relative to the build folder.
            listed = [os.path.normpath(self.build / line.strip()) for line in block.splitlines()[1:]]
            inside = [os.path.relpath(path, repo.ROOT) for path in listed if path.startswith(f"{repo.ROOT}/")]
            for name in inside[1:]:
                users[name].add(inside[0])
        return users

    def compiled_for(self, name):
        """The sources to compile when a file changes: itself, or who includes it and the test of it."""
        if name.endswith(".cc"):
            return [name]
        test = mirror(name)
        folders = ("lib/base/",) if name.startswith("lib/base/") else ("lib/models/rfm/", "lib/models/orders/")
        return sorted(user for user in self.users[name] if user.startswith(folders) or user == test)

    def rounds(self, name):
        """The tests to run, those first that are near and quick."""
        program = program_of(name)
        near = [test for test in self.seconds[program] if test.split(".")[0] in suites_of(self.tree / mirror(name))]
        seconds = self.seconds[program]
        rest = [test for test in seconds if test not in near]
        limit = QUICK * sum(seconds.values())
        quick = [[test for test in part if seconds[test] <= limit] for part in (near, rest)]
        slow = [[test for test in part if seconds[test] > limit] for part in (near, rest)]
        return [part for part in quick + slow if part]

    def compile(self, name, overlay, out):
        """Compiles a source against the overlay; None where it does not compile, else a hash of the object."""
        command = [word.replace(f"-I{repo.ROOT}", f"-I{self.tree}") for word in self.commands[name]
                   if not word.endswith("ccache") and word not in ("-O3", "-MD")]
        command[command.index("-o") + 1] = str(out)
        command[-1] = str((overlay if (overlay / name).exists() else self.tree) / name)
        for flag in ("-MT", "-MF"):
            if flag in command:
                at = command.index(flag)
                del command[at:at + 2]
        at = next(i for i, word in enumerate(command) if word.startswith("-I"))
        command.insert(at, f"-I{overlay}")
        done = subprocess.run([*command, *QUICKLY, f"-ffile-prefix-map={overlay}=."], cwd=self.build, check=False,
                              stdin=subprocess.DEVNULL, capture_output=True)
        return hashlib.sha256(out.read_bytes()).hexdigest() if done.returncode == 0 else None

    def original(self, name, work):
        if name not in self.hashes:
            self.hashes[name] = self.compile(name, work / "nothing", work / "original.o")
        return self.hashes[name]

    def link(self, program, objects, out):
        command = list(self.links[program])
        command[command.index("-o") + 1] = str(out)
        for name, path in objects.items():
            if name.startswith("tests/"):
                old = next(word for word in command if word.endswith(f"{name.removeprefix('tests/')}.o"))
                command[command.index(old)] = str(path)
        library = [str(path) for name, path in objects.items() if not name.startswith("tests/")]
        at = next(i for i, word in enumerate(command) if word.endswith(".o"))
        done = subprocess.run([*command[:at], *library, *command[at:]], cwd=self.build, check=False,
                              capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"the mutant does not link:\n{done.stderr[-2000:]}")

    def passes(self, program, binary, tests):
        limit = 10 + 10 * sum(self.seconds[program][test] for test in tests)
        try:
            done = subprocess.run([str(binary), "--gtest_fail_fast", "--gtest_brief=1",
                                   f"--gtest_filter={':'.join(tests)}"], cwd=repo.ROOT, env=environment(),
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                  timeout=limit, check=False, preexec_fn=limit_memory, start_new_session=True)
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0

    def judge(self, mutant, work):
        """killed, survived, equal (the same object code) or invalid (does not compile)."""
        source = (self.tree / mutant.file).read_text(encoding="utf-8")
        overlay = work / "overlay"
        shutil.rmtree(overlay, ignore_errors=True)
        (overlay / mutant.file).parent.mkdir(parents=True)
        (overlay / mutant.file).write_text(source[:mutant.start] + mutant.after + source[mutant.end:],
                                           encoding="utf-8")
        objects, differs = {}, False
        for number, name in enumerate(self.compiled_for(mutant.file)):
            out = work / f"{number}.o"
            got = self.compile(name, overlay, out)
            if got is None:
                return "invalid"
            if got != self.original(name, work):
                objects[name], differs = out, True
        if not differs:
            return "equal"
        program = program_of(mutant.file)
        self.link(program, objects, work / "tests")
        alive = all(self.passes(program, work / "tests", tests) for tests in self.rounds(mutant.file))
        return "survived" if alive else "killed"


def environment():
    return {**os.environ, "PATRON_CASES": "0.2", "LC_ALL": "C.UTF-8"}


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def program_of(name):
    return "base_tests" if name.startswith("lib/base/") else "rfm_tests"


def mirror(name):
    """tests/<module>/x_test.cc of lib/<module>/x.cc or x.h."""
    return "tests/" + re.sub(r"\.(cc|h)$", "_test.cc", name.removeprefix("lib/"))


def suites_of(path):
    if not path.exists():
        return set()
    return set(re.findall(r"^TEST(?:_F|_P)?\((\w+),", path.read_text(encoding="utf-8"), re.MULTILINE))


def spread(mutants, seed):
    """In an order in which every file has had the same share of its mutants tried at any time."""
    shuffled = random.Random(seed).sample(mutants, len(mutants))
    of_file = collections.Counter(m.file for m in mutants)
    seen = collections.Counter()
    keys = []
    for mutant in shuffled:
        keys.append(((seen[mutant.file] + 0.5) / of_file[mutant.file], len(keys)))
        seen[mutant.file] += 1
    return [shuffled[place] for _, place in sorted(keys)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", help="only these (default: all of lib/models/rfm, lib/models/orders and lib/base/money*)")
    parser.add_argument("--seconds", type=float, help="stop after this time; without it all mutants are tried")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--build", type=pathlib.Path, default=repo.ROOT / "build" / "mutation")
    parser.add_argument("--again", type=pathlib.Path, help="only those that survived in this output of an earlier run")
    parser.add_argument("--report", type=pathlib.Path, help="try none: the report of this output of an earlier run")
    parser.add_argument("--list", action="store_true", help="only print the mutants")
    parser.add_argument("--check", action="store_true", help="only check that each entry of survivors.json has its mutant")
    arguments = parser.parse_args()
    everything = [m for name in repo.files(repo.ROOT, *SOURCES) for m in mutants_in(name)]
    mutants = [m for name in arguments.files for m in mutants_in(name)] if arguments.files else everything
    known, wrong = survivors.match(survivors.load(SURVIVORS), everything)
    if arguments.check:
        repo.finish("mutation", [f"{SURVIVORS.relative_to(repo.ROOT)}: {text}" for text in wrong],
                    f"{len(known)} survivors that have a reason")
    if arguments.list:
        print("\n".join(map(str, mutants)))
        return 0
    if arguments.report:
        results, gone = survivors.said(arguments.report.read_text("utf-8"), mutants)
        for line in gone:
            print(f"no more: {line}")
        return finish(results, known, wrong, f"{len(results)} of {len(mutants)} mutants, of an earlier run")
    if arguments.again:
        earlier, _ = survivors.said(arguments.again.read_text("utf-8"), mutants)
        mutants = [m for m, verdict in earlier if verdict == "survived"]
    return try_all(spread(mutants, arguments.seed), arguments, known, wrong)


def mutants_in(name):
    return mutants_of(name, (repo.ROOT / name).read_text(encoding="utf-8"))


def finish(results, known, wrong, what):
    """Reports; 0 where the tests notice enough and survivors.json is right."""
    enough = survivors.report(results, known)
    for mutant in survivors.killed(results, known, equivalent=False):
        print(f"killed now, its reason can go: {mutant}")
    wrong = wrong + [f"is said to be equivalent, but was killed: {mutant}"
                     for mutant in survivors.killed(results, known, equivalent=True)]
    for text in wrong:
        print(f"{SURVIVORS.relative_to(repo.ROOT)}: {text}")
    print(f"mutation: {what}; want {survivors.BAR} % of those killed that are not equivalent")
    return 0 if enough and not wrong else 1


def try_all(mutants, arguments, known, wrong):
    builder = Builder(arguments.build.resolve(), {program_of(mutant.file) for mutant in mutants})
    free = [arguments.build.resolve() / f"job{number}" for number in range(arguments.jobs)]
    results, begun = [], time.monotonic()
    enough_time = threading.Event()

    def one(mutant):
        if enough_time.is_set() or (arguments.seconds and time.monotonic() - begun > arguments.seconds):
            return
        work = free.pop()
        verdict = builder.judge(mutant, work)
        free.append(work)
        results.append((mutant, verdict))
        if verdict in ("survived", "killed"):
            print(f"{verdict:9}{mutant}", flush=True)

    with ThreadPoolExecutor(arguments.jobs) as pool:
        done = pool.map(one, mutants)
        try:
            list(done)
        except KeyboardInterrupt:
            enough_time.set()
            print("stopped", flush=True)
    return finish(results, known, wrong, f"{len(results)} of {len(mutants)} mutants, seed {arguments.seed}, "
                                         f"{time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
