"""The command line: ``python -m patron check policy.json``.

Prints what is said of policies, as a compiler would. The exit status is 0 where all are sound, 1 where one
has errors (with ``--strict``, warnings too), 2 where a file cannot be read or the command is none. A file
named ``-`` is standard input.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from ._policy import Policy
from .errors import IoError


def _policy(file: str) -> Policy:
    if file != "-":
        return Policy(Path(file))
    return Policy._from_bytes("<stdin>", sys.stdin.buffer.read())


def main(arguments: list[str] | None = None) -> int:
    """Runs the command and gives its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m patron", description="Tools for patron's documents."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="say everything that is wrong with policies")
    check.add_argument("files", nargs="+", metavar="policy.json", help="a path, or - for stdin")
    check.add_argument("--strict", action="store_true", help="warnings fail too")
    check.add_argument("--quiet", action="store_true", help="say nothing of sound ones")
    options = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    status = 0
    for file in options.files:
        try:
            policy = _policy(file)
        except IoError as error:
            print(error, file=sys.stderr)
            status = 2
            continue
        findings = policy.check()
        if findings.errors or (options.strict and findings.warnings):
            status = max(status, 1)
        said = str(findings)
        if not findings and not options.quiet:
            said = f"{file}: sound, {policy.hash[:12]}\n"
        _say(said)
    return status


def _say(text: str) -> None:
    """Prints; whoever reads may have gone (``| head``), which changes no exit status."""
    try:
        print(text, end="", flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
