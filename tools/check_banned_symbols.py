#!/usr/bin/env python3
"""Our own objects call nothing that reads the locale, the environment or a clock, and never exit.

    tools/check_banned_symbols.py BUILD_FOLDER

Looks at `nm -u` of the objects of lib/ and capi/.
"""

import pathlib
import re
import subprocess
import sys

import repo

LOCALE = "follows the locale; use <charconv>"
CLOCK = "reads a clock; take the time as an argument"
EXIT = "ends the host's process; return a Status"
CHANCE = "has hidden state; take a seed as an argument"
ENVIRONMENT = "reads the environment; take it as an option"

BANNED = {
    LOCALE: "strtod strtof strtold atof sscanf __isoc99_sscanf fscanf __isoc99_fscanf vsscanf "
            "strftime strptime setlocale newlocale uselocale localeconv strcoll strxfrm "
            "tolower toupper isalpha isdigit isspace __ctype_b_loc __ctype_tolower_loc "
            "__ctype_toupper_loc",
    CLOCK: "time clock clock_gettime gettimeofday ftime localtime localtime_r gmtime mktime "
           "timegm tzset timespec_get "
           "_ZNSt6chrono3_V212system_clock3nowEv _ZNSt6chrono3_V212steady_clock3nowEv",
    ENVIRONMENT: "getenv secure_getenv setenv putenv unsetenv environ",
    EXIT: "exit _exit _Exit quick_exit abort raise system",
    CHANCE: "rand srand random srandom drand48 rand_r getrandom getentropy",
}
REASON = {name: reason for reason, names in BANNED.items() for name in names.split()}
# What reaches no result: a hash seed against crafted ids, and the pace of progress calls.
ALLOWED = {
    "lib/base/os.cc.o": {"getrandom"},
    "lib/base/parallel.cc.o": {"_ZNSt6chrono3_V212steady_clock3nowEv"},
}
PATTERNS = [
    (re.compile(r"^_ZNSt6localeC"), LOCALE),           # std::locale(), so every iostream
    (re.compile(r"^_ZNSt13random_device"), CHANCE),
]


def reason(symbol):
    """Why the symbol is banned, or None."""
    if symbol in REASON:
        return REASON[symbol]
    return next((why for pattern, why in PATTERNS if pattern.search(symbol)), None)


def undefined(path):
    done = subprocess.run(["nm", "-u", str(path)], capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        fields = line.split()
        if len(fields) == 2 and fields[0] in ("U", "w"):
            yield fields[1].split("@")[0]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    build = pathlib.Path(sys.argv[1])
    objects = sorted(build.glob("lib/**/*.o")) + sorted(build.glob("capi/**/*.o"))
    if not objects:
        sys.exit(f"{build}: no objects; build first")
    findings = []
    for path in objects:
        name = str(path.relative_to(build))
        allowed = next((names for end, names in ALLOWED.items()
                        if name.replace("CMakeFiles/patron.dir/", "").endswith(end)), set())
        findings += [f"{name}: calls {symbol}, which {why}" for symbol in undefined(path)
                     if symbol not in allowed and (why := reason(symbol))]
    repo.finish("banned symbols", findings, f"{len(objects)} objects")


if __name__ == "__main__":
    main()
