"""The conditions of eight tiers over customers in columns: patron beside Polars, DuckDB and the rule engines of npm.

    ./run bench expr                             # 1e6 customers; 5e3 for the engines that take rows one by one
    ./run bench expr --rows 1e7 --tools "patron (C),Polars"

The policy is one expression, "(first) ? 1 : (second) ? 2 : ... 8", over eight columns of 33 bytes a customer, a
third of one of them null. Every tool gets the same customers, already in its own memory, and makes the tier of each;
benchmarks/racing.py says how is measured. The results must agree: how many customers are in each tier, and a sum
over their places.

Zen, json-rules-engine and a CEL of npm run in a process of Node.js each, their customers as objects. They are
installed into build/bench/node where node and npm are there; else the race says that it goes without them.

Last comes expr_benchmark: the seven conditions at once as Policy.classify has them, with the tier and the masks of those
that hold and of those that are unknown, one thread, by processor level; and how much of the machine's memory bandwidth
that takes at 1e7 customers.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import subprocess
from pathlib import Path
from typing import Any

import npm_engines
import numpy as np
import racing
from racing import Run, Task

ROOT = Path(__file__).resolve().parents[1]

# The eighth takes the rest.
TIERS = [
    "monetary >= 1e6 && tenure >= 3 && endorses",
    "recency <= 30 && frequency >= 12 && monetary >= 50000 && (nps == null || nps >= 9)",
    "recency <= 60 && frequency >= 6 && monetary >= 10000",
    "frequency < 3 && monetary >= 10000 && recency <= 180",
    "recency > 180 && monetary >= 5000",
    "complaint && monetary >= 1000",
    "recency <= 30 && region in ['r0', 'r8', 'r13', 'r17', 'r20']",
]
POLICY = "".join(f"({tier}) ? {i} : " for i, tier in enumerate(TIERS, 1)) + "8"
FIELDS = {
    "recency": {"type": "double", "nullable": False},
    "monetary": {"type": "double", "nullable": False},
    "tenure": {"type": "double", "nullable": False},
    "frequency": {"type": "int64", "nullable": False},
    "nps": "int64",
    "complaint": {"type": "bool", "nullable": False},
    "endorses": {"type": "bool", "nullable": False},
    "region": "enum",
}


def generate(rows: int, folder: Path) -> None:
    """Writes each column as an array, and which NPS scores are there."""
    draw = np.random.default_rng(racing.SEED)
    monetary = np.floor(np.exp(8.3 + 1.9 * draw.standard_normal(rows)) * 100) / 100
    columns = {
        "recency": np.floor(draw.exponential(480, rows)) / 4,
        "monetary": monetary,
        "tenure": np.floor(draw.random(rows) * 1200) / 100,
        "frequency": (draw.exponential(1, rows) * (2 + np.log10(monetary + 1) * 1.4)).astype(np.int32),
        "nps": draw.integers(0, 11, rows).astype(np.int8),
        "nps_known": draw.random(rows) < 0.7,
        "complaint": draw.random(rows) < 0.05,
        "endorses": draw.random(rows) < 0.08,
        "region": draw.integers(0, 30, rows).astype(np.uint8),
    }
    for name, values in columns.items():
        np.save(folder / f"{name}.npy", values)


def table(task: Task) -> Any:
    """The customers as a pyarrow table of eight columns."""
    import pyarrow as pa

    columns = {name: np.load(task.folder / f"{name}.npy") for name in FIELDS}
    known = np.load(task.folder / "nps_known.npy")
    names = pa.array([f"r{i}" for i in range(30)])
    region = pa.DictionaryArray.from_arrays(pa.array(columns.pop("region")), names)
    return pa.table({**{name: pa.array(values, mask=~known if name == "nps" else None)
                        for name, values in columns.items()}, "region": region})


def checksum(tiers: Any, task: Task) -> Any:
    """How many in each tier, and on one thread a sum over their places; on several, DuckDB 2.0 mixes the rows."""
    tiers = np.asarray(tiers).astype(np.int64)
    places = np.arange(len(tiers)) % 1009 if task.threads == 1 else 0
    return [np.bincount(tiers, minlength=9).tolist(), int((tiers * places).sum())]


def duckdb_run(task: Task) -> Run:
    import duckdb

    db = duckdb.connect(":memory:", config={"threads": task.threads})
    customers = table(task)  # noqa: F841 (read by name below)
    db.execute("CREATE TABLE c AS SELECT * FROM customers")
    cases = " ".join(f"WHEN {sql_of(tier)} THEN {i}" for i, tier in enumerate(TIERS, 1))

    def run() -> Any:
        return db.execute(f"SELECT CAST(CASE {cases} ELSE 8 END AS TINYINT) AS tier FROM c").fetchnumpy()

    return run, lambda out: checksum(out["tier"], task)


def sql_of(tier: str) -> str:
    for ours, theirs in (("&&", "AND"), ("||", "OR"), ("== null", "IS NULL"), ("[", "("), ("]", ")")):
        tier = tier.replace(ours, theirs)
    return tier


def polars_run(task: Task) -> Run:
    import polars as pl

    frame = pl.from_arrow(table(task)).rechunk()
    c = pl.col
    tiers = [
        (c("monetary") >= 1e6) & (c("tenure") >= 3) & c("endorses"),
        (c("recency") <= 30) & (c("frequency") >= 12) & (c("monetary") >= 50000) & (c("nps").is_null() | (c("nps") >= 9)),
        (c("recency") <= 60) & (c("frequency") >= 6) & (c("monetary") >= 10000),
        (c("frequency") < 3) & (c("monetary") >= 10000) & (c("recency") <= 180),
        (c("recency") > 180) & (c("monetary") >= 5000),
        c("complaint") & (c("monetary") >= 1000),
        (c("recency") <= 30) & c("region").is_in(["r0", "r8", "r13", "r17", "r20"]),
    ]
    chain: Any = pl.when(tiers[0]).then(pl.lit(1, pl.Int8))
    for i, tier in enumerate(tiers[1:], 2):
        chain = chain.when(tier).then(pl.lit(i, pl.Int8))
    tier = chain.otherwise(pl.lit(8, pl.Int8)).alias("tier")

    def run() -> Any:
        return frame.lazy().select(tier).collect()

    return run, lambda out: checksum(out["tier"], task)


def patron_run(task: Task, from_c: bool) -> Run:
    import patron

    customers = table(task)
    policy = patron.Expression(POLICY, FIELDS)
    if from_c:
        return c_call(policy, customers, task)
    return (lambda: policy.evaluate(customers, threads=task.threads)), lambda out: checksum(out["value"], task)


def c_call(policy: Any, customers: Any, task: Task) -> Run:
    """patron_expression_evaluate and nothing else, on a table that was imported before."""
    from patron import _ffi, _inputs, _native, _table
    from patron._native import lib

    handle = _inputs.open_table(customers, dict.fromkeys(FIELDS, "any"))
    options = _ffi.patron_expression_options.init()
    options.threads = task.threads

    def run() -> Any:
        out = _ffi.patron_table_p()
        _native.call(lib.patron_expression_evaluate, policy._handle.pointer, handle.pointer, ctypes.byref(options),
                     ctypes.byref(out), None)
        return _native.Handle(out, lib.patron_table_close)

    return run, lambda out: checksum(_table.Table._wrap(out)["value"], task)


def node_run(task: Task, engine: str) -> Run:
    data = task.folder / f"{engine}.json"
    data.write_text(json.dumps({"rows": table(task).to_pylist(), "tiers": TIERS}), encoding="utf-8")
    return npm_engines.run(__file__, engine, data)


COLUMNS: racing.Tools = {
    "patron (C)": lambda task: patron_run(task, True),
    "patron (pyarrow)": lambda task: patron_run(task, False),
    "DuckDB": duckdb_run,
    "Polars": polars_run,
}
ENGINES: racing.Tools = {
    "CEL (cel-js)": lambda task: node_run(task, "cel"),
    "Zen": lambda task: node_run(task, "zen"),
    "json-rules-engine": lambda task: node_run(task, "rules"),
}
TOOLS: racing.Tools = {**COLUMNS, **ENGINES}


def kernels() -> None:
    """What expr_benchmark says of the seven conditions with tier and masks, and of the memory."""
    program = ROOT / "build" / "release" / "benchmarks" / "expr_benchmark"
    if not program.exists():
        print("\nbuild/release/benchmarks/expr_benchmark is not built: no figures by processor level.")
        return
    done = subprocess.run([str(program), "--benchmark_format=json", "--benchmark_filter=EightTiers|ReadMemory|OneRow",
                           "--benchmark_repetitions=5"], check=True, capture_output=True, text=True)
    found = [b for b in json.loads(done.stdout)["benchmarks"] if b.get("aggregate_name") == "median"]
    memory = next(b["bytes_per_second"] for b in found if b["run_name"].startswith("ReadMemory"))
    print(f"\nSeven conditions, tier and masks, one thread; memory is read at {memory / 1e9:.1f} GB/s")
    print("| customers | level | M customers a second | GB/s | of the bandwidth |")
    print("|---:|---|---:|---:|---:|")
    for one in found:
        if "EightTiers" not in one["run_name"]:
            continue
        level, rows = (part.split(":")[1] for part in one["run_name"].split("/")[1:3])
        name = ("baseline", "AVX2", "AVX-512")[int(level)]
        print(f"| {int(rows):,} | {name} | {one['items_per_second'] / 1e6:.0f} | {one['bytes_per_second'] / 1e9:.1f} | "
              f"{100 * one['bytes_per_second'] / memory:.0f} % |")
    for one in found:
        if "OneRow" in one["run_name"]:
            print(f"{one['run_name']}: {one['cpu_time']:.0f} {one['time_unit']}")


def more(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--few", type=racing.number, default=5_000, help="customers for engines that take rows")


def main() -> None:
    options = racing.options(__doc__, TOOLS, rows=1_000_000, threads="1,2", repeats=7, more=more)
    engines = npm_engines.are_there()
    print(f"Eight tiers of {options.rows:,} customers; " + racing.versions("patron", "duckdb", "polars")
          + (f", {npm_engines.NAMES}" if engines else ""))
    wanted = options.tools or list(TOOLS)

    def summary(check: Any) -> str:
        return "tiers of " + ", ".join(f"{n:,}" for n in check[0][1:])

    with racing.data_folder() as folder:
        generate(options.rows, folder)
        for threads in options.threads:
            if columns := [tool for tool in wanted if tool in COLUMNS]:
                racing.race(TOOLS, columns, folder, threads, options.repeats, title="In columns, ", summary=summary)
    rows = [tool for tool in wanted if engines and tool in ENGINES]
    if rows:
        with racing.data_folder() as folder:
            generate(options.few, folder)
            racing.race(TOOLS, ["patron (C)", *rows], folder, 1, min(options.repeats, 3),
                        title=f"{options.few:,} customers, row by row, ", summary=summary)
    if options.tools is None:
        kernels()


if __name__ == "__main__":
    racing.start(main, TOOLS)
