"""NPS by group: by patron with its intervals, by others without.

    ./run bench nps                              # 1e7 responses in 1,000 groups
    ./run bench nps --groups text --repeats 9

Every tool gets the same responses, already in its own memory, and makes one row for each group: the
count and the plain score, patron also the three classes, the standard error and an interval.
benchmarks/racing.py says how is measured. The results must agree: groups, counts, and every score.

What is timed for patron: "C" is patron_nps_compute on an imported table; "pyarrow" is patron.nps on such a
table, with everything that Python adds. For DuckDB and Polars the fastest of several ways to write the
score was taken: DuckDB counts comparisons, Polars takes the mean of a signed class.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, Callable

import numpy as np
import racing
from racing import Run, Task

SHARES = (0.02, 0.01, 0.01, 0.01, 0.02, 0.05, 0.08, 0.15, 0.25, 0.2, 0.2)  # of the scores 0 to 10


def generate(rows: int, groups: int, folder: Path) -> None:
    """Writes group (int32) and score (int8), in random order."""
    generator = np.random.default_rng(racing.SEED)
    np.save(folder / "group.npy", generator.integers(0, groups, rows).astype(np.int32))
    np.save(folder / "score.npy", generator.choice(11, rows, p=SHARES).astype(np.int8))


def table(task: Task) -> Any:
    """The responses as a pyarrow table: groups of int32 or int64, or as text of 11 characters."""
    import pyarrow as pa

    kind = task.setting
    group, score = np.load(task.folder / "group.npy"), np.load(task.folder / "score.npy")
    if kind == "int64":
        return pa.table({"g": group.astype(np.int64), "s": score.astype(np.int64)})
    if kind == "int32":
        return pa.table({"g": group, "s": score})
    names = pa.array([f"branch_{i:04d}" for i in range(int(group.max()) + 1)])
    words = pa.DictionaryArray.from_arrays(pa.array(group), names)
    return pa.table({"g": words if kind == "dictionary" else words.cast(pa.string()), "s": score})


def checksum(groups: Any, counts: Any, scores: Any) -> Any:
    """In the order of the groups: how many, the counts, the scores."""
    order = np.argsort(np.asarray(groups).astype(str), kind="stable")
    counts, scores = np.asarray(counts)[order], np.asarray(scores, dtype=float)[order]
    return [len(order), int(counts.sum()), [round(float(s), 9) for s in scores]]


def duckdb_run(task: Task) -> Run:
    import duckdb

    db = duckdb.connect(":memory:", config={"threads": task.threads})
    db.execute("SET preserve_insertion_order=false")
    responses = table(task)  # noqa: F841 (read by name below)
    db.execute("CREATE TABLE r AS SELECT * FROM responses")

    def run() -> Any:
        return db.execute(
            "SELECT g, count(*) AS n, 100.0 * (sum((s >= 9)::INT) - sum((s <= 6)::INT)) / count(*) AS nps"
            " FROM r GROUP BY g").fetchnumpy()

    return run, lambda out: checksum(out["g"], out["n"], out["nps"])


def polars_run(task: Task) -> Run:
    import polars as pl

    frame = pl.from_arrow(table(task)).rechunk()

    def run() -> Any:
        sign = (pl.col("s") >= 9).cast(pl.Int8) - (pl.col("s") <= 6).cast(pl.Int8)
        return frame.lazy().with_columns(sign.alias("sign")).group_by("g").agg(
            pl.len().alias("n"), (pl.col("sign").mean() * 100).alias("nps")).collect()

    return run, lambda out: checksum(out["g"].cast(pl.String), out["n"], out["nps"])


def pandas_run(task: Task) -> Run:
    frame = table(task).to_pandas()

    def run() -> Any:
        sign = (frame["s"] >= 9).astype("i1") - (frame["s"] <= 6).astype("i1")
        by_group = sign.groupby(frame["g"], observed=True)
        return by_group.size(), by_group.mean() * 100

    return run, lambda out: checksum(out[0].index, out[0], out[1])


def patron_run(task: Task, from_c: bool) -> Run:
    import patron

    responses = table(task)
    if from_c:
        run = c_call(responses, task.threads)
    else:
        def run() -> Any:
            return patron.nps(responses, score="s", group="g", threads=task.threads)

    def check(result: Any) -> Any:
        found = result() if from_c else result
        return checksum(found["group"].to_list(), found["count"].to_list(), found["score"].to_list())

    return run, check


def c_call(responses: Any, threads: int) -> Callable[[], Callable[[], Any]]:
    """patron_nps_compute and nothing else, on a table that was imported before."""
    import ctypes

    from patron import _ffi, _inputs, _native, _table
    from patron._native import lib

    handle = _inputs.open_table(responses, {"s": "amount", "g": "id"})
    names = [b"s", b"g"]
    options = _ffi.patron_nps_options.init()
    options.score, options.group = (_ffi.patron_str.of(name) for name in names)
    options.threads = threads

    def call() -> Callable[[], Any]:
        nps = _native.take(lib.patron_nps_compute, handle.pointer, ctypes.byref(options),
                           out=_ffi.patron_nps_p, close=lib.patron_nps_close)
        keep = (handle, names)
        return lambda: (keep, _table.Table._wrap(
            _native.take_table(lib.patron_nps_table, nps.pointer)))[1]

    return call


TOOLS: racing.Tools = {
    "patron (C)": lambda task: patron_run(task, True),
    "patron (pyarrow)": lambda task: patron_run(task, False),
    "DuckDB": duckdb_run,
    "Polars": polars_run,
    "pandas": pandas_run,
}


def more(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--count", type=racing.number, default=1000, help="how many groups")
    parser.add_argument("--groups", default="int32,int64,dictionary,text")


def main() -> None:
    options = racing.options(__doc__, TOOLS, rows=10_000_000, threads="1,2", repeats=7, more=more)
    print(f"NPS of {options.rows:,} responses in {options.count:,} groups; "
          + racing.versions("patron", "duckdb", "polars", "pandas"))
    with racing.data_folder() as folder:
        generate(options.rows, options.count, folder)
        for kind in options.groups.split(","):
            for threads in options.threads:
                racing.race(TOOLS, options.tools, folder, threads, options.repeats, setting=kind,
                            title=f"{kind} groups, ",
                            summary=lambda check: f"{check[0]:,} groups, {check[1]:,} responses")


if __name__ == "__main__":
    racing.start(main, TOOLS)
