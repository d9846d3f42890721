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
from customer_base import arguments, base, flow, orders, page, sources, terminal, words

ROOT = Path(__file__).resolve().parents[2]


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
    options = arguments.read(argv)
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
