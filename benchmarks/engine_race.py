"""The race of engines: what an order costs beside SQLite and the rule engines of npm, and what patron's other calls cost.

    ./run bench engine                   # some minutes; at first also what has to be built
    ./run bench engine --rows 1e6 --customers 1e5
    ./run bench engine --part calls      # or: orders, npm, large

Four parts, each on one thread, and each says how busy the machine was.

`orders`: eight tiers follow orders in the order of time, ten of each customer in three years. patron is the C call
patron_engine_add with a thousand orders at a time, and after each thousand patron_engine_advance; every order is settled
at its own instant. SQLite runs in memory by one prepared statement, a thousand orders a transaction:

- over sums of all time, an upsert of the customer's row: how often she moved, last order, orders, money, and the tier by
  seven conditions;
- over sums of the last year, an order goes into a table with the key (customer, time), and a trigger adds up those of
  her last 365 days and writes sums and tier. It does nothing when orders leave the year by time alone, and what the
  tiers are at the end is asked for once, outside the time that is measured. patron has followed both.

SQLite keeps no history and no next change in either.

`npm`: the same orders, and tiers over sums of all time, one order at a time. The host of Zen and of json-rules-engine keeps
each customer's sums in a Map of JavaScript, asks the engine for her tier after each order, and counts the moves. Zen runs as
one expression, and as a decision table. patron is the same call as above.

The results of each race are compared: how many are in each tier, a sum over who they are, and how many moves there were
(but for the moves of the year, which SQLite does not see). benchmarks/racing.py says how is measured.

`calls`: engine_capi_benchmark, medians of --repeats: orders in batches and one call each, a profile, an explanation, and all
that is asked of everybody. `large`: loading, publishing, a day and a forecast of a million customers; it takes 8 GB.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import npm_engines
import numpy as np
import racing
from racing import Run, Task

DAY = 86_400_000_000
BEGIN = 1_672_531_200_000_000  # 2023-01-01
END = BEGIN + 1096 * DAY
BATCH = 1000
MONEY = 15_000  # in cents, from tier to tier
PROGRAM = "build/release/benchmarks/engine_capi_benchmark"
LARGE = "Load/|Publish/|Day|Forecast|Classes|Hash/tiers|Save/tiers"


def generate(rows: int, folder: Path) -> None:
    draw = np.random.default_rng(racing.SEED)
    np.save(folder / "customers.npy", draw.integers(0, rows // 10, rows) * 7919)
    np.save(folder / "times.npy", np.sort(BEGIN + draw.integers(0, END - BEGIN, rows)))
    np.save(folder / "amounts.npy", draw.integers(0, 20_000, rows))


def orders_of(task: Task) -> tuple[Any, Any, Any]:
    customers, times, amounts = (np.load(task.folder / f"{name}.npy") for name in ("customers", "times", "amounts"))
    return customers, times, amounts


def checksum(customers: Any, tiers: Any, moves: int) -> Any:
    tiers = np.asarray(tiers)
    places = np.asarray(customers) % 1009
    return [np.bincount(tiers, minlength=9).tolist(), int((tiers * places).sum()), moves]


# -- SQLite ------------------------------------------------------------------------------------------------------------

def case(spend: str, orders: str) -> str:
    tiers = " ".join(f"WHEN {spend} >= {(n - 1) * MONEY} AND {orders} >= {n - 1} THEN {n}" for n in range(8, 1, -1))
    return f"CASE {tiers} ELSE 1 END"


SCHEMA = """CREATE TABLE customers (id INTEGER PRIMARY KEY, last INTEGER, orders INTEGER, spend INTEGER, tier INTEGER,
  moves INTEGER)"""
GROWN = case("(spend + excluded.spend)", "(orders + 1)")
UPSERT = f"""INSERT INTO customers VALUES (?1, ?2, 1, ?3, {case("?3", "1")}, 1)
ON CONFLICT (id) DO UPDATE SET last = excluded.last, orders = orders + 1, spend = spend + excluded.spend, tier = {GROWN},
  moves = moves + (tier <> {GROWN})"""
OF_A_YEAR = f"""SELECT customer, max(time), count(*), sum(amount), {case("sum(amount)", "count(*)")}, 0 FROM orders"""
YEAR = f"""CREATE TABLE orders (customer INTEGER, time INTEGER, number INTEGER, amount INTEGER,
  PRIMARY KEY (customer, time, number)) WITHOUT ROWID;
CREATE TRIGGER follow AFTER INSERT ON orders BEGIN
  INSERT OR REPLACE INTO customers {OF_A_YEAR} WHERE customer = NEW.customer AND time > NEW.time - {365 * DAY};
END"""


def sqlite_run(task: Task) -> Run:
    customers, times, amounts = orders_of(task)
    year = task.setting == "year"
    rows = (customers, times, range(len(times)), amounts) if year else (customers, times, amounts)
    orders = list(zip(*(map(int, column) for column in rows), strict=True))
    statement = "INSERT INTO orders VALUES (?1, ?2, ?3, ?4)" if year else UPSERT

    def run() -> sqlite3.Connection:
        database = sqlite3.connect(":memory:", isolation_level=None)
        database.executescript(SCHEMA + (";" + YEAR if year else ""))
        for first in range(0, len(orders), BATCH):
            database.execute("BEGIN")
            database.executemany(statement, orders[first : first + BATCH])
            database.execute("COMMIT")
        return database

    def check(database: sqlite3.Connection) -> Any:
        found = "SELECT id, tier, moves FROM customers"
        if year:
            now = int(times[-1])
            found = f"""SELECT id, coalesce(now.tier, 1), 0 FROM customers LEFT JOIN (SELECT customer,
              {case("sum(amount)", "count(*)")} AS tier FROM orders WHERE time > {now - 365 * DAY} GROUP BY 1) AS now
              ON customer = id"""
        ids, tiers, moves = zip(*database.execute(found), strict=True)
        return checksum(ids, tiers, sum(moves))

    return run, check


# -- patron ------------------------------------------------------------------------------------------------------------

def policy(year: bool) -> dict[str, Any]:
    window = {"window": "365d"} if year else {}
    tiers: list[dict[str, str]] = [{"name": f"t{n}", "enter": f"spend >= {(n - 1) * MONEY // 100} && orders >= {n - 1}"}
                                   for n in range(8, 1, -1)]
    return {
        "patron": 1, "name": "tiers", "money": {"scale": 2}, "customer": {"id": "int64"}, "streams": {"orders": {}},
        "tags": [{"name": "spend", "metric": {"sum": "orders.amount", **window}},
                 {"name": "orders", "metric": {"count": "orders", **window}}],
        "classifications": [{"name": "tier", "kind": "ladder", "classes": [*tiers, {"name": "t1"}]}],
    }


def structs(of: Any, count: int) -> tuple[Any, Any]:
    """An array of a struct of the C interface, made ready, and a view of it as NumPy has it."""
    kinds = {ctypes.c_int64: "i8", ctypes.c_uint64: "u8", ctypes.c_int32: "i4", ctypes.c_uint32: "u4"}
    named = [(field[0], kinds.get(field[1], "u8")) for field in of._fields_ if field[1] in kinds or field[0] == "values"]
    array = (of * count)()
    view = np.frombuffer(array, np.dtype({"names": [name for name, _ in named], "formats": [kind for _, kind in named],
                                          "offsets": [getattr(of, name).offset for name, _ in named],
                                          "itemsize": ctypes.sizeof(of)}))
    view["struct_size"] = ctypes.sizeof(of)
    return array, view


def patron_run(task: Task) -> Run:
    """The C calls and nothing else, on events that the host has made ready."""
    import patron
    from patron import _ffi, _native
    from patron._native import lib

    customers, times, amounts = orders_of(task)
    year = task.setting == "year"
    rules = patron.Policy(policy(year))
    columns = column_names(patron.Engine(rules))
    cells, values = structs(_ffi.patron_cell, len(times) * len(columns))
    own = values.reshape(len(times), len(columns))[:, columns.index("amount")]
    own["known"], own["integer"] = 1, amounts
    events, rows = structs(_ffi.patron_event, len(times))
    rows["number"], rows["time"], rows["value_count"] = customers, times, len(columns)
    rows["values"] = ctypes.addressof(cells) + np.arange(len(times)) * len(columns) * ctypes.sizeof(_ffi.patron_cell)
    size = ctypes.sizeof(_ffi.patron_event)
    batches = [(ctypes.cast(ctypes.addressof(events) + first * size, ctypes.POINTER(_ffi.patron_event)),
                min(BATCH, len(times) - first), int(times[min(first + BATCH, len(times)) - 1]))
               for first in range(0, len(times), BATCH)]

    def run(kept: Any = (events, cells)) -> patron.Engine:
        engine = patron.Engine(rules)
        pointer = engine._handle.pointer
        for first, count, last in batches:
            _native.call(lib.patron_engine_add, pointer, 0, first, count, None, None, None)
            _native.call(lib.patron_engine_advance, pointer, last, None)
        return engine

    def check(engine: patron.Engine) -> Any:
        classes = engine.classes()
        tiers = [int(name[1:]) for name in classes["tier"]]
        return checksum(classes["customer"], tiers, 0 if year else engine.stats().transitions)

    return run, check


def column_names(engine: Any) -> list[str]:
    """Of the stream of orders, in the order in which patron_engine_add has their cells."""
    from patron import _native, _table
    from patron._native import lib

    found = _table.Table._wrap(_native.take_table(lib.patron_engine_columns, engine._handle.pointer, 0))
    return list(found["name"])


# -- npm ---------------------------------------------------------------------------------------------------------------

def node_run(task: Task, engine: str) -> Run:
    customers, _, amounts = orders_of(task)
    data = task.folder / f"{engine}.json"
    data.write_text(json.dumps({"customers": customers.tolist(), "amounts": amounts.tolist(), "money": MONEY}),
                    encoding="utf-8")
    return npm_engines.run(__file__, engine, data)


TOOLS: racing.Tools = {
    "patron (C)": patron_run,
    "SQLite": sqlite_run,
    "Zen, an expression": lambda task: node_run(task, "zen"),
    "Zen, a decision table": lambda task: node_run(task, "zen_table"),
    "json-rules-engine": lambda task: node_run(task, "rules"),
}


# -- patron's own calls ------------------------------------------------------------------------------------------------

def calls(only: str, repeats: int, **sizes: int) -> None:
    """Medians of engine_capi_benchmark."""
    environment = {**os.environ, **{f"PATRON_{name.upper()}": str(size) for name, size in sizes.items()}}
    answer = subprocess.run([PROGRAM, "--benchmark_format=json", f"--benchmark_filter={only}", "--benchmark_min_time=0.1",
                             f"--benchmark_repetitions={repeats}"],
                            check=True, capture_output=True, env=environment, text=True).stdout
    print("| call | median of the processor's time | |\n|---|---:|---|")
    for one in json.loads(answer)["benchmarks"]:
        if repeats > 1 and one.get("aggregate_name") != "median":
            continue
        name = one["run_name"].split("/iterations")[0]
        if "items_per_second" in one and "bytes_each" not in one:
            said = f"{1e6 / one['items_per_second']:.2f} us an order"
        else:
            said = f"{one['cpu_time']:,.{0 if one['cpu_time'] >= 100 else 1}f} {one['time_unit']}"
        counts = [f"{one[key]:,.0f} {key}" for key in ("customers", "moves", "changes", "rows", "bytes", "bytes_each")
                  if key in one]
        print(f"| {name} | {said} | {', '.join(counts)} |")


def busy() -> str:
    return f"load of the last minute {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"


def more(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--few", type=racing.number, default=20_000, help="orders for the engines of npm")
    parser.add_argument("--customers", type=racing.number, default=20_000, help="of the calls")
    parser.add_argument("--part", choices=("orders", "npm", "calls", "large"))


def main() -> None:
    options = racing.options(__doc__, TOOLS, rows=200_000, repeats=5, more=more)
    wanted = [options.part] if options.part else ["orders", "npm", "calls", "large"]

    def summary(check: Any) -> str:
        return "tiers of " + ", ".join(f"{n:,}" for n in check[0][1:]) + (f", {check[2]:,} moves" if check[2] else "")

    if "orders" in wanted:
        print(f"Eight tiers follow {options.rows:,} orders; SQLite {sqlite3.sqlite_version}; {busy()}")
        with racing.data_folder() as folder:
            generate(options.rows, folder)
            for setting, title in (("", "Sums of all time, "), ("year", "Sums of the last year, ")):
                racing.race(TOOLS, ["patron (C)", "SQLite"], folder, 1, options.repeats, setting=setting, title=title,
                            summary=summary)
    if "npm" in wanted and npm_engines.are_there():
        print(f"\nThe same, {options.few:,} orders; {npm_engines.NAMES}; {busy()}")
        tools = [tool for tool in TOOLS if tool != "SQLite"]
        with racing.data_folder() as folder:
            generate(options.few, folder)
            racing.race(TOOLS, tools, folder, 1, min(options.repeats, 3), title="Sums of all time, ", summary=summary)
    if "calls" in wanted:
        print(f"\npatron's calls; {busy()}")
        calls(".", options.repeats, rows=options.rows, customers=options.customers)
    if "large" in wanted:
        print(f"\nA million customers; {busy()}")
        calls(LARGE, 1, customers=1_000_000)


if __name__ == "__main__":
    racing.start(main, TOOLS)
