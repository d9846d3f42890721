"""The customer base of a shop, from its raw orders: on the terminal, and as one page for marketing.

    ./run demo                     the CDNOW log, 69,659 orders of a music shop
    ./run demo orders.csv          your own orders: a customer, a date and an amount in each row
    ./run demo --help              how to name the columns, and the rest
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
from pathlib import Path

import patron
from customer_base import base, flow, orders, page, sources, terminal, words

ROOT = Path(__file__).resolve().parents[2]


def arguments(argv: list[str] | None) -> argparse.Namespace:
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


def load(options: argparse.Namespace) -> orders.Orders:
    if options.csv is None:
        found, remarks = sources.default_orders(
            ROOT / "build" / "demo", ROOT.parent / "shared" / "data" / "cdnow" / "orders.csv"
        )
        for remark in remarks:
            print(remark)
        return found
    chosen = {role: getattr(options, role) for role in ("customer", "time", "amount", "order")}
    return orders.read(options.csv, chosen, options.time_format, options.encoding, options.currency)


def main(argv: list[str] | None = None) -> int:
    options = arguments(argv)
    try:
        found = load(options)
        customers = base.evaluate(found, options.as_of, options.scale)
        way = flow.replay(customers)
    except (orders.OrdersError, patron.Error) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    written = page.write(customers, way, options.out)
    width = min(100, max(92, shutil.get_terminal_size((100, 24)).columns))
    print(terminal.render(customers, options.language, width))
    print()
    if way:
        print(terminal.render_flow(customers, way, options.language))
        print()
    for reason, rows in customers.refused.most_common():
        print(f"{words.counted(rows, 'row')} refused: {reason}")
    print(f"The page: {written}")
    print(f"The lists of customers: {page.lists_folder(written)}")
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # ./run demo | head ends quietly
    sys.exit(main())
