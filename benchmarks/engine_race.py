"""The race of engines: eight tiers that follow orders, beside SQLite in memory.

    ./run bench engine
    ./run bench engine --rows 1e6

The figures of patron are those of engine_benchmark: events in batches of a thousand and one by one, what a day does to
everybody, a forecast of thirty days, and what an empty engine takes. SQLite gets the same shape of orders by one
prepared statement each: it adds up money, orders and days of all time and keeps the tier of seven thresholds, a thousand
orders a transaction. It keeps no window, no dwell and no next change, which is to its advantage; patron's row with sums
of all time is the one to hold beside it. Decision engines of npm are in the race of conditions (`./run bench expr`).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import subprocess
import time

DAY = 86_400_000_000
BEGIN = 1_672_531_200_000_000  # 2023-01-01
BATCH = 1000
PROGRAM = "build/release/benchmarks/engine_benchmark"


def tier(spend: str, orders: str) -> str:
    cases = " ".join(f"WHEN {spend} >= {(n - 1) * 15_000} AND {orders} >= {n - 1} THEN {n}" for n in range(8, 1, -1))
    return f"CASE {cases} ELSE 1 END"


UPSERT = f"""INSERT INTO customers VALUES (?1, ?2, 1, ?3, {tier("?3", "1")})
ON CONFLICT (id) DO UPDATE SET last = excluded.last, orders = orders + 1, spend = spend + excluded.spend,
  tier = {tier("(spend + excluded.spend)", "(orders + 1)")}"""


def sqlite(rows: int) -> float:
    """Processor time of an order, in microseconds."""
    draw = random.Random(42)
    times = sorted(BEGIN + draw.randrange(1096 * DAY) for _ in range(rows))
    orders = [(draw.randrange(rows // 10) * 7919, t, draw.randrange(20_000)) for t in times]
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, last INTEGER, orders INTEGER, spend INTEGER, "
                     "tier INTEGER)")
    begun = time.process_time()
    for first in range(0, rows, BATCH):
        database.execute("BEGIN")
        database.executemany(UPSERT, orders[first : first + BATCH])
        database.execute("COMMIT")
    return (time.process_time() - begun) / rows * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=lambda text: int(float(text)), default=200_000, help="orders (200,000)")
    rows = parser.parse_args().rows
    answer = subprocess.run([PROGRAM, "--benchmark_format=json", "--benchmark_min_time=0.05"], check=True,
                            capture_output=True, env={**os.environ, "PATRON_ROWS": str(rows)}, text=True).stdout
    print(f"Engines: {rows:,} orders of {rows // 10:,} customers; processor time of one thread\n")
    for one in json.loads(answer)["benchmarks"]:
        name = one["name"].split("/iterations")[0].replace("/process_time", "")
        if "items_per_second" in one:
            said = f"{1e6 / one['items_per_second']:.2f} us an order"
        elif "bytes_each" in one:
            said = f"{one['bytes_each'] / 1024:.1f} KiB each"
        else:
            counts = ", ".join(f"{one[key]:,.0f} {key}" for key in ("customers", "changes", "moves") if key in one)
            said = f"{one['cpu_time']:,.1f} {one['time_unit']} ({counts})"
        print(f"  patron {name:<22} {said}")
    print(f"  SQLite {sqlite3.sqlite_version} sums of all time {sqlite(rows):.2f} us an order")


if __name__ == "__main__":
    main()
