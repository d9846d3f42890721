"""What the demo is told on the command line. Nothing but Python is needed to show its help."""

from __future__ import annotations

import argparse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def read(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./run demo", description="Scores real orders, prints the customer base, writes one page for marketing."
    )
    parser.add_argument("csv", nargs="?", type=Path, help="orders with a header line; default: the CDNOW log")
    for role in ("customer", "time", "amount", "order"):
        parser.add_argument(f"--{role}", metavar="COLUMN", help=f"the column of the {role}; default: guessed by name")
    parser.add_argument("--time-format", help='such as "%%d/%%m/%%Y", where dates are not like 2026-01-31')
    parser.add_argument("--encoding", help="of the file, such as gb18030; default: UTF-8")
    parser.add_argument("--currency", default="", help="for display, such as EUR")
    parser.add_argument("--scale", type=int, default=2, help="digits of the minor unit, 0 for yen; default: 2")
    parser.add_argument("--as-of", metavar="DATE", help="the day of evaluation; default: the last order")
    parser.add_argument("--language", choices=("en", "zh"), default="en", help="of the terminal; the page has both")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "demo.html", help="the page; default: out/demo.html")
    return parser.parse_args(argv)


if __name__ == "__main__":
    read()
