#!/usr/bin/env python3
"""clang-format and clang-tidy over the C and C++ sources.

    tools/style.py format (--all | --changed) [--fix]
    tools/style.py tidy   (--all | --changed) [--seconds N]
    tools/style.py changed                      the changed files, one a line; exit 1 if unknown

Changed are the files of the last commit and of the work tree. Tidy looks at each file by itself,
so that one which lacks a header shows; with --seconds it stops starting new files after that time
and says how many it left.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import repo

PATTERNS = ("*.h", "*.cc", "*.c")
GENERATED = ("capi/include/patron/patron.h",)


def tool(name):
    for candidate in (f"{name}-14", name):
        if shutil.which(candidate):
            return candidate
    sys.exit(f"{name} is missing; ./run setup installs it")


def select(everything):
    names = repo.files(repo.ROOT, *PATTERNS)
    if not everything:
        new = repo.changed()
        names = [name for name in names if new is None or name in new]
    return [name for name in names if name not in GENERATED]


def run_format(names, fix):
    if not names:
        return
    mode = ["-i"] if fix else ["--dry-run", "-Werror"]
    done = subprocess.run([tool("clang-format"), *mode, *names], cwd=repo.ROOT, check=False)
    if done.returncode != 0:
        sys.exit("format: run `tools/style.py format --changed --fix`")
    print(f"format: {len(names)} files are formatted")


def for_clang(command):
    """The command of g++ without its precompiled header and its parameters, which clang cannot read."""
    return re.sub(r" -Winvalid-pch| -fpch-preprocess| -include \S*cmake_pch\.hxx| --param=\S+", "", command)


def run_tidy(names, seconds):
    # Configured, never built: there every file has a command of its own.
    folder = repo.ROOT / "build" / "tidy"
    subprocess.run(["cmake", "--preset", "release", "-B", str(folder), "-DPATRON_UNITY=OFF"],
                   cwd=repo.ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    database = folder / "compile_commands.json"
    commands = json.loads(database.read_text(encoding="utf-8"))
    compiled = {os.path.relpath(entry["file"], repo.ROOT) for entry in commands}
    names = [name for name in names if name in compiled]
    for entry in commands:
        entry["command"] = for_clang(entry["command"])
    database.write_text(json.dumps(commands), encoding="utf-8")
    deadline = time.monotonic() + seconds if seconds else None

    def one(name):
        if deadline and time.monotonic() > deadline:
            return None
        # The commands are g++'s: some of its warnings are not clang's.
        return subprocess.run([tool("clang-tidy"), "--quiet", "--extra-arg=-Wno-unknown-warning-option",
                               "-p", str(folder), name],
                              cwd=repo.ROOT, capture_output=True, text=True, check=False)

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        done = list(pool.map(one, names))
    failed = [result for result in done if result is not None and result.returncode != 0]
    for result in failed:
        print(result.stdout.rstrip())
    left = sum(result is None for result in done)
    print(f"tidy: {len(done) - left} files looked at, {len(failed)} with findings"
          + (f", {left} left to ./run soak for want of time" if left else ""))
    sys.exit(1 if failed else 0)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("mode", choices=["format", "tidy", "changed"])
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--changed", action="store_true")
    parser.add_argument("--fix", action="store_true")
    parser.add_argument("--seconds", type=float)
    options = parser.parse_args()
    if options.mode == "changed":
        names = repo.changed()
        if names is None:
            sys.exit(1)
        print("\n".join(names))
        return
    names = select(options.all)
    if options.mode == "format":
        run_format(names, options.fix)
    else:
        run_tidy(names, options.seconds)


if __name__ == "__main__":
    main()
