"""Summaries for lifetime value: by patron, by lifetimes, and by the same query in DuckDB and Polars.

    ./run bench ltv_summary                      # 1e6 orders of 200,000 customers
    ./run bench ltv_summary --rows 1e7 --tools "patron C,DuckDB"
    python benchmarks/ltv_summary_race.py --lifetimes PYTHON

Every tool gets the same orders, already in its own memory, and makes frequency, recency and T in weeks, from day
to day, and the mean money of the days after the first. benchmarks/racing.py says how is measured. The results
must agree: customers, and the sums of all columns.

What is timed for patron: "patron C" is patron_ltv_summary_compute on an imported table; "patron" is
patron.ltv.summary on a pyarrow table, with everything that Python adds. lifetimes needs numpy < 1.25 and
pandas < 2, which the others do not: `--lifetimes` names the Python of an environment that has it;
without, it does not take part.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

try:
    import racing
    from racing import Run, Task
except ImportError:  # beside lifetimes nothing of ours is needed
    Task = Run = Any  # type: ignore[assignment,misc]

DAYS = 730
PER_CUSTOMER = 5
FIRST = np.datetime64("2024-01-01")


def generate(rows: int, folder: Path) -> None:
    """Writes customer (int64), time (int64, microseconds) and amount (double), in random order."""
    generator = np.random.default_rng(42)
    customers = max(1, rows // PER_CUSTOMER)
    np.save(folder / "customer.npy", generator.integers(0, customers, rows))
    start = FIRST.astype("M8[us]").astype(np.int64)
    np.save(folder / "time.npy", start + generator.integers(0, DAYS * 86_400_000_000, rows))
    np.save(folder / "amount.npy", generator.integers(1, 20_000, rows) / 100)


def columns(folder: Path) -> dict[str, Any]:
    loaded = {name: np.load(folder / f"{name}.npy") for name in ("customer", "time", "amount")}
    return {**loaded, "time": loaded["time"].astype("M8[us]")}


def checksum(frequency: Any, recency: Any, age: Any, monetary: Any) -> Any:
    made = [np.asarray(c, dtype=float) for c in (frequency, recency, age, monetary)]
    return [len(made[0]), *(round(float(c.sum()), 6) for c in made)]


def table(task: Task) -> Any:
    import pyarrow as pa

    return pa.table(columns(task.folder))


NAMES = {"customer": "customer", "time": "time", "amount": "amount"}
RESULT = ("frequency", "recency", "T", "monetary")


def patron_run(task: Task) -> Run:
    import patron

    orders = table(task)
    return (lambda: patron.ltv.summary(orders, **NAMES, threads=task.threads),
            lambda made: checksum(*(made[name] for name in RESULT)))


def patron_c_run(task: Task) -> Run:
    import patron
    from patron import _inputs

    roles = {"customer": "id", "time": "time", "amount": "amount"}
    opened = patron.Table._wrap(_inputs.open_table(table(task), roles))
    return (lambda: patron.ltv.summary(opened, **NAMES, threads=task.threads),
            lambda made: checksum(*(made[name] for name in RESULT)))


def duckdb_run(task: Task) -> Run:
    import duckdb

    db = duckdb.connect(":memory:", config={"threads": task.threads})
    db.execute("SET preserve_insertion_order=false")
    orders = table(task)  # noqa: F841 (read by name below)
    db.execute("CREATE TABLE orders AS SELECT * FROM orders")

    def run() -> Any:
        return db.execute("""
            WITH days AS (
                SELECT customer, time::DATE AS day, sum(amount) AS money FROM orders GROUP BY ALL
            ), ends AS (SELECT max(time)::DATE AS last FROM orders),
            made AS (
                SELECT customer, count(*) - 1 AS frequency, max(day) - min(day) AS recency,
                       any_value(last) - min(day) AS age, sum(money) - arg_min(money, day) AS money
                FROM days, ends GROUP BY customer
            )
            SELECT frequency, recency / 7 AS recency, age / 7 AS age,
                   CASE WHEN frequency > 0 THEN money / frequency ELSE 0 END AS monetary
            FROM made""").fetchnumpy()

    return run, lambda out: checksum(out["frequency"], out["recency"], out["age"], out["monetary"])


def polars_run(task: Task) -> Run:
    import polars as pl

    frame = pl.from_arrow(table(task)).rechunk()

    def run() -> Any:
        last = frame["time"].max().date()
        days = frame.lazy().group_by("customer", pl.col("time").dt.date().alias("day")).agg(
            pl.col("amount").sum())
        made = days.group_by("customer").agg(
            (pl.len() - 1).alias("frequency"),
            (pl.col("day").max() - pl.col("day").min()).dt.total_days().alias("recency"),
            (last - pl.col("day").min()).dt.total_days().alias("age"),
            (pl.col("amount").sum() - pl.col("amount").sort_by("day").first()).alias("money"))
        return made.select("frequency", pl.col("recency") / 7, pl.col("age") / 7,
                           pl.when(pl.col("frequency") > 0).then(pl.col("money") / pl.col("frequency"))
                           .otherwise(0).alias("monetary")).collect()

    return run, lambda out: checksum(*out.get_columns())


TOOLS = {"patron C": patron_c_run, "patron": patron_run, "DuckDB": duckdb_run, "Polars": polars_run}


def lifetimes_alone(folder: Path, repeats: int) -> None:
    """In the environment of lifetimes: prints its times and its checksum as JSON."""
    import lifetimes.utils
    import pandas

    frame = pandas.DataFrame(columns(folder))
    walls, cpus, made = [], [], None
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        made = lifetimes.utils.summary_data_from_transaction_data(
            frame, "customer", "time", "amount", freq="D", freq_multiplier=7)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    check = checksum(made["frequency"], made["recency"], made["T"], made["monetary_value"])
    print(json.dumps({"wall": statistics.median(walls), "cpu": statistics.median(cpus), "check": check,
                      "version": lifetimes.__version__}))


def beside_lifetimes(python: str, folder: Path, repeats: int) -> None:
    """lifetimes and patron on one thread in turns, so that a busy machine is busy for both."""
    import patron
    import pyarrow as pa

    orders = pa.table(columns(folder))
    patron.ltv.summary(orders, **NAMES, threads=1)
    ours, theirs, walls = [], [], []
    for _ in range(repeats):
        out = subprocess.run([python, __file__, "--alone", str(folder)], check=True, capture_output=True, text=True)
        found = json.loads(out.stdout.splitlines()[-1])
        theirs.append(found["cpu"])
        for _ in range(5):
            wall, cpu = time.perf_counter(), time.process_time()
            made = patron.ltv.summary(orders, **NAMES, threads=1)
            walls.append(time.perf_counter() - wall)
            ours.append(time.process_time() - cpu)
    check = checksum(*(made[name] for name in RESULT))
    if not racing.agree(check, found["check"]):
        sys.exit(f"the results differ: {check} and {found['check']}")
    cpu, other = statistics.median(ours), statistics.median(theirs)
    print(f"lifetimes {found['version']}: {other:.3f} s of processor time; patron.ltv.summary {cpu:.4f} s: "
          f"{other / cpu:.0f} times less, for {check[0]:,} customers, one thread, medians")


def more(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lifetimes", help="the Python of an environment that has lifetimes")


def main() -> None:
    options = racing.options(__doc__, TOOLS, rows=1_000_000, threads="1,2", repeats=5, more=more)
    with racing.data_folder() as folder:
        generate(options.rows, folder)
        print(f"{options.rows:,} orders; {racing.versions('patron', 'duckdb', 'polars')}")
        if options.lifetimes:
            beside_lifetimes(options.lifetimes, folder, options.repeats)
        for threads in options.threads:
            racing.race(TOOLS, options.tools, folder, threads, options.repeats,
                        summary=lambda check: f"{check[0]:,} customers, sum of x {check[1]:,.0f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--alone"]:
        lifetimes_alone(Path(sys.argv[2]), 3)
    else:
        racing.start(main, TOOLS)
