"""The race of feedback scores: NPS by group, by patron with its intervals, by others without.

    python benchmarks/nps_race.py                           # 1e7 responses in 1,000 groups
    python benchmarks/nps_race.py --groups text --repeats 9

Every tool gets the same responses, already in its own memory, and makes one row for each group: the
count and the plain score, patron also the three classes, the standard error and an interval. Each runs in
a process of its own with a fixed number of threads. The repeats go round, each time in another order,
so that a busy machine is busy for all, and each is the second of two runs. The table shows medians. The
results must agree: groups, counts, and every score to 1e-9.

What is timed for patron: "C" is patron_nps_compute on an imported table; "pyarrow" is patron.nps on such a
table, with everything that Python adds. For DuckDB and Polars the fastest of several ways to write the
score was taken: DuckDB counts comparisons, Polars takes the mean of a signed class.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable

import numpy as np

SEED = 42
SHARES = (0.02, 0.01, 0.01, 0.01, 0.02, 0.05, 0.08, 0.15, 0.25, 0.2, 0.2)  # of the scores 0 to 10
Run = Callable[[], Any]


def generate(rows: int, groups: int, folder: Path) -> None:
    """Writes group (int32) and score (int8), in random order."""
    generator = np.random.default_rng(SEED)
    np.save(folder / "group.npy", generator.integers(0, groups, rows).astype(np.int32))
    np.save(folder / "score.npy", generator.choice(11, rows, p=SHARES).astype(np.int8))


def table(folder: Path, kind: str) -> Any:
    """The responses as a pyarrow table: groups of int32 or int64, or as text of 11 characters."""
    import pyarrow as pa

    group, score = np.load(folder / "group.npy"), np.load(folder / "score.npy")
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


def duckdb_run(folder: Path, kind: str, threads: int) -> tuple[Run, Run]:
    import duckdb

    db = duckdb.connect(":memory:", config={"threads": threads})
    db.execute("SET preserve_insertion_order=false")
    responses = table(folder, kind)  # noqa: F841 (read by name below)
    db.execute("CREATE TABLE r AS SELECT * FROM responses")
    out: list[Any] = []

    def run() -> None:
        out[:] = [db.execute(
            "SELECT g, count(*) AS n, 100.0 * (sum((s >= 9)::INT) - sum((s <= 6)::INT)) / count(*) AS nps"
            " FROM r GROUP BY g").fetchnumpy()]

    return run, lambda: checksum(out[0]["g"], out[0]["n"], out[0]["nps"])


def polars_run(folder: Path, kind: str, threads: int) -> tuple[Run, Run]:
    import polars as pl

    frame = pl.from_arrow(table(folder, kind)).rechunk()
    out: list[Any] = []

    def run() -> None:
        sign = (pl.col("s") >= 9).cast(pl.Int8) - (pl.col("s") <= 6).cast(pl.Int8)
        out[:] = [frame.lazy().with_columns(sign.alias("sign")).group_by("g").agg(
            pl.len().alias("n"), (pl.col("sign").mean() * 100).alias("nps")).collect()]

    return run, lambda: checksum(out[0]["g"].cast(pl.String), out[0]["n"], out[0]["nps"])


def pandas_run(folder: Path, kind: str, threads: int) -> tuple[Run, Run]:
    frame = table(folder, kind).to_pandas()
    out: list[Any] = []

    def run() -> None:
        sign = (frame["s"] >= 9).astype("i1") - (frame["s"] <= 6).astype("i1")
        by_group = sign.groupby(frame["g"], observed=True)
        out[:] = [(by_group.size(), by_group.mean() * 100)]

    return run, lambda: checksum(out[0][0].index, out[0][0], out[0][1])


def patron_run(folder: Path, kind: str, threads: int, from_c: bool) -> tuple[Run, Run]:
    import patron

    responses = table(folder, kind)
    out: list[Any] = []
    if from_c:
        call = c_call(responses, threads)

        def run() -> None:
            out[:] = [call()]
    else:
        def run() -> None:
            out[:] = [patron.nps(responses, score="s", group="g", threads=threads)]

    def check() -> Any:
        result = out[0]() if from_c else out[0]
        return checksum(result["group"].to_list(), result["count"].to_list(),
                        result["score"].to_list())

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


TOOLS: dict[str, Callable[[Path, str, int], tuple[Run, Run]]] = {
    "patron (C)": lambda folder, kind, threads: patron_run(folder, kind, threads, True),
    "patron (pyarrow)": lambda folder, kind, threads: patron_run(folder, kind, threads, False),
    "DuckDB": duckdb_run,
    "Polars": polars_run,
    "pandas": pandas_run,
}


def work(tool: str, folder: Path, kind: str, threads: int) -> None:
    """A worker: one run for each line on standard input, its seconds on standard output."""
    run, check = TOOLS[tool](folder, kind, threads)
    gc.collect()
    run()
    print(json.dumps(check()), flush=True)
    for _ in sys.stdin:
        run()  # not timed: brings back the memory that the tool before us returned to the system
        begin, cpu = time.perf_counter(), time.process_time()
        run()
        print(time.perf_counter() - begin, time.process_time() - cpu, flush=True)


class Worker:
    def __init__(self, tool: str, folder: Path, kind: str, threads: int) -> None:
        self.tool = tool
        environment = dict(os.environ, POLARS_MAX_THREADS=str(threads), OMP_NUM_THREADS=str(threads))
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--work", tool, "--folder", str(folder), "--groups", kind,
             "--threads", str(threads)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{tool} with {threads} threads failed")
        self.check = json.loads(line)
        self.wall: list[float] = []
        self.cpu: list[float] = []

    def step(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        wall, cpu = map(float, self.process.stdout.readline().split())
        self.wall.append(wall)
        self.cpu.append(cpu)

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


def agree(a: Any, b: Any) -> bool:
    return a[:2] == b[:2] and bool(np.allclose(a[2], b[2], rtol=0, atol=1e-8))


def race(folder: Path, kind: str, threads: int, repeats: int, tools: list[str]) -> None:
    workers = [Worker(tool, folder, kind, threads) for tool in tools
               if threads == 1 or tool != "pandas"]
    for worker in workers[1:]:
        if not agree(worker.check, workers[0].check):
            raise SystemExit(f"{worker.tool} disagrees with {workers[0].tool}")
    shuffle = random.Random(SEED)
    for _ in range(repeats):
        for worker in shuffle.sample(workers, len(workers)):
            worker.step()
    best = statistics.median(workers[0].wall)
    print(f"\n{kind} groups, {threads} thread{'s' if threads > 1 else ''}  "
          f"(all agree: {workers[0].check[0]:,} groups, {workers[0].check[1]:,} responses)")
    print(f"| tool | median ms | least ms | cpu ms | x {workers[0].tool} |")
    print("|---|---:|---:|---:|---:|")
    for worker in workers:
        wall = statistics.median(worker.wall)
        print(f"| {worker.tool} | {wall * 1e3:.1f} | {min(worker.wall) * 1e3:.1f} | "
              f"{statistics.median(worker.cpu) * 1e3:.1f} | {wall / best:.2f} |", flush=True)
        worker.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="NPS by group: patron beside other tools.")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--count", type=int, default=1000, help="how many groups")
    parser.add_argument("--groups", default="int32,int64,dictionary,text")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--tools", default=",".join(TOOLS))
    parser.add_argument("--work", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.work:
        work(arguments.work, arguments.folder, arguments.groups, int(arguments.threads))
        return
    with tempfile.TemporaryDirectory() as folder:
        generate(arguments.rows, arguments.count, Path(folder))
        print(f"NPS of {arguments.rows:,} responses in {arguments.count:,} groups")
        for kind in arguments.groups.split(","):
            for threads in map(int, arguments.threads.split(",")):
                race(Path(folder), kind, threads, arguments.repeats, arguments.tools.split(","))


if __name__ == "__main__":
    main()
