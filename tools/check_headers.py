#!/usr/bin/env python3
"""The installed headers compile alone, strictly, in every language that may include them.

    tools/check_headers.py

patron.h as C99, C11, C++17 and C++20; the C++ headers as C++20, also without exceptions and RTTI;
with every one of gcc and clang that is there.
"""

import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

import repo

STRICT = ["-Wall", "-Wextra", "-pedantic", "-Wconversion", "-Wshadow", "-Werror", "-fsyntax-only"]
C_DIALECTS = [("c", "c99"), ("c", "c11"), ("c++", "c++17"), ("c++", "c++20")]
COMPILERS = [("gcc", "g++"), ("clang-14", "clang++-14")]


def compile_alone(compiler, language, standard, include, extra):
    """None, or what the compiler says about a source that only includes the header, twice."""
    source = f'#include "{include}"\n#include "{include}"\n'
    command = [compiler, "-x", language, f"-std={standard}", *STRICT, *extra,
               "-I", str(repo.ROOT / "include"), "-I", str(repo.ROOT / "capi" / "include"), "-"]
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return None
    return f"{include} as {standard} with {compiler} {' '.join(extra)}:\n{done.stderr.rstrip()}"


def main():
    jobs = []
    for c_compiler, cxx_compiler in COMPILERS:
        if not shutil.which(cxx_compiler):
            continue
        for language, standard in C_DIALECTS:
            compiler = c_compiler if language == "c" else cxx_compiler
            if (repo.ROOT / "capi/include/patron/patron.h").exists():
                jobs.append((compiler, language, standard, "patron/patron.h", []))
        for path in sorted((repo.ROOT / "include" / "patron").glob("*.h")):
            for extra in ([], ["-fno-exceptions", "-fno-rtti"]):
                # Sign conversion of sizes is a matter of taste in C++ and of portability in C.
                jobs.append((cxx_compiler, "c++", "c++20", f"patron/{path.name}",
                             [*extra, "-Wno-conversion"]))
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        findings = [said for said in pool.map(lambda job: compile_alone(*job), jobs) if said]
    repo.finish("headers", findings, f"{len(jobs)} compilations")


if __name__ == "__main__":
    main()
