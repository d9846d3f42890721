"""Raw orders to scored, named customers, by patron and by the tools people use now.

    ./run bench rfm                              # every race of RFM
    ./run bench rfm --races text,small --repeats 9
    ./run bench rfm --rows 2e7 --customers 2e6 --ids text

Every tool gets the same ids (int64, or text of 16 hexadecimal digits), microsecond time stamps and
float64 amounts, already in its own memory, and makes one row for each customer: first and last order,
order days, money, recency in whole days, three scores by type 7 quantiles, one of eleven segments.
benchmarks/racing.py says how is measured. The results must agree: customers, order days, money, every
score's sum and the size of every segment.

What is timed for patron: "C" is patron_rfm_compute on an imported table, "C + workspace" the same with
scratch memory that is kept from call to call, as the other tools keep theirs; "pyarrow" and "Polars" are
patron.rfm on such a table, with everything that Python adds; "book" is an engine that has filed the
orders, calibrates, and gives the table of everybody (Engine.calibrate, Engine.profiles).
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import Any, Callable

import numpy as np
import racing
from racing import Run, Task

DAY = 86_400_000_000
BEGIN = 1_672_531_200_000_000  # 2023-01-01
DAYS = 1096
QUANTILES = (0.2, 0.4, 0.6, 0.8)


def generate(rows: int, customers: int, text: bool, folder: Path) -> None:
    """Writes id, ts and amount: negative binomial counts, hashed ids, random order."""
    generator = np.random.default_rng(racing.SEED)
    weights = generator.gamma(0.6, 1 / 0.6, customers) * rows / customers
    counts = generator.poisson(weights)
    owner = np.repeat(np.arange(customers, dtype=np.uint64), counts)
    while len(owner) < rows:
        owner = np.concatenate([owner, owner[: rows - len(owner)]])
    owner = generator.permutation(owner)[:rows]
    ids = owner * np.uint64(0x9E3779B97F4A7C15)
    ids ^= ids >> np.uint64(29)
    ids = ((ids * np.uint64(0xBF58476D1CE4E5B9)) >> np.uint64(1)).astype(np.int64)
    start = generator.uniform(0, 0.9 * DAYS, customers)
    length = np.minimum(DAYS - start, generator.exponential(1.5 * 365.25, customers))
    day = start[owner] + generator.uniform(0, 1, rows) * length[owner]
    times = BEGIN + (np.minimum(day, DAYS - 1e-6) * DAY).astype(np.int64)
    level = generator.normal(3.2, 0.6, customers)
    # Quarters of a unit are exact in binary, so float64 sums are exact for every tool and all agree.
    amounts = np.round(np.exp(level[owner] + generator.normal(0, 0.8, rows)) * 4) / 4
    if text:
        shifts = np.arange(60, -4, -4, dtype=np.uint64)
        digits = np.frombuffer(b"0123456789abcdef", np.uint8)
        letters = np.lib.format.open_memmap(folder / "id.npy", "w+", np.uint8, (rows, 16))
        for begin in range(0, rows, 1 << 20):
            some = ids[begin : begin + (1 << 20)].view(np.uint64)
            letters[begin : begin + (1 << 20)] = digits[(some[:, None] >> shifts) & np.uint64(15)]
        letters.flush()
    else:
        np.save(folder / "id.npy", ids)
    np.save(folder / "ts.npy", times)
    np.save(folder / "amount.npy", np.maximum(amounts, 0.25))


def eleven_codes() -> dict[int, int]:
    """Code to index of its segment, from patron's own table of eleven."""
    import patron

    table = patron.segment_table("eleven")
    names = list(table.names)
    return {
        r * 100 + f * 10 + m: names.index(table.segment_of(r, f, m))
        for r in range(1, 6)
        for f in range(1, 6)
        for m in range(1, 6)
    }


def checksum(customers: int, days: int, money: float, scores: list[int], segments: Any) -> Any:
    return [int(customers), int(days), round(float(money), 2), [int(s) for s in scores],
            [int(s) for s in segments]]


AS_OF = BEGIN + DAYS * DAY - 1  # the end of the last day: the instant of evaluation
TODAY = (BEGIN // DAY) + DAYS - 1


class Data:
    """The three columns, and the segment of each code."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.codes = json.loads((folder / "codes.json").read_text())

    def table(self, time: str = "int64") -> Any:
        """A pyarrow table; the times as int64 or as "datetime64[us]"."""
        import pyarrow as pa

        ids = np.load(self.folder / "id.npy")
        if ids.ndim == 2:  # rows of 16 letters
            offsets = np.arange(len(ids) + 1, dtype=np.int64) * ids.shape[1]
            kind = pa.string() if offsets[-1] < 2**31 else pa.large_string()
            width = np.int32 if offsets[-1] < 2**31 else np.int64
            ids = pa.Array.from_buffers(kind, len(ids), [None, pa.py_buffer(offsets.astype(width)),
                                                         pa.py_buffer(ids)])
        return pa.table({"id": ids, "ts": np.load(self.folder / "ts.npy").view(time),
                         "amount": np.load(self.folder / "amount.npy")})


def duckdb_run(task: Task) -> Run:
    import duckdb

    db = duckdb.connect(":memory:", config={"threads": task.threads})
    db.execute("SET preserve_insertion_order=false")
    import pyarrow as pa

    data = Data(task.folder)
    arrow = data.table()
    db.execute("CREATE TABLE tx AS SELECT * FROM arrow")
    del arrow
    codes = pa.table(  # noqa: F841
        {"code": [int(c) for c in data.codes], "segment": list(data.codes.values())}
    )
    db.execute("CREATE TABLE codes AS SELECT code::INTEGER code, segment::TINYINT segment FROM codes")
    quantiles = "[" + ",".join(map(str, QUANTILES)) + "]"

    def score(column: str, cuts: str) -> str:
        return "+".join(f"({column}>{cuts}[{i}])::TINYINT" for i in range(1, 5))

    def run() -> Any:
        db.execute(f"""CREATE OR REPLACE TEMP TABLE agg AS
            SELECT a.*, {TODAY} - last // {DAY} AS recency, d.days
            FROM (SELECT id, max(ts) AS last, min(ts) AS first, sum(amount) AS money FROM tx GROUP BY id) a
            JOIN (SELECT id, count(*)::INTEGER AS days FROM (SELECT DISTINCT id, ts // {DAY} AS d FROM tx)
                  GROUP BY id) d USING (id)""")
        db.execute(f"""CREATE OR REPLACE TEMP TABLE q AS SELECT quantile_cont(recency, {quantiles}) qr,
            quantile_cont(days, {quantiles}) qf, quantile_cont(money, {quantiles}) qm FROM agg""")
        db.execute(f"""CREATE OR REPLACE TEMP TABLE scored AS SELECT s.*, codes.segment FROM
            (SELECT *, r::INTEGER * 100 + f * 10 + m AS code FROM
             (SELECT agg.*, 5-({score('recency', 'qr')}) AS r, 1+{score('days', 'qf')} AS f,
              1+{score('money', 'qm')} AS m FROM agg, q)) s JOIN codes USING (code)""")

    def check(_: Any) -> Any:
        n, days, money, *scores = db.execute(
            "SELECT count(*), sum(days), sum(money), sum(r), sum(f), sum(m) FROM scored").fetchone()
        sizes = dict(db.execute("SELECT segment, count(*) FROM scored GROUP BY 1").fetchall())
        return checksum(n, days, money, scores, [sizes.get(i, 0) for i in range(11)])

    return run, check


def polars_run(task: Task) -> Run:
    import polars as pl

    data = Data(task.folder)
    frame = pl.from_arrow(data.table()).rechunk()
    codes = pl.DataFrame({"code": [int(c) for c in data.codes], "segment": list(data.codes.values())},
                         schema={"code": pl.Int32, "segment": pl.Int8})

    def run() -> Any:
        agg = (
            frame.lazy().with_columns((pl.col("ts") // DAY).cast(pl.Int32).alias("d"))
            .group_by("id")
            .agg(pl.col("ts").max().alias("last"), pl.col("ts").min().alias("first"),
                 pl.col("d").n_unique().alias("days"), pl.col("amount").sum().alias("money"))
            .with_columns((TODAY - pl.col("last") // DAY).alias("recency"))
            .collect()
        )
        cuts = {c: [agg[c].cast(pl.Float64).quantile(q, "linear") for q in QUANTILES]
                for c in ("recency", "days", "money")}

        def above(column: str) -> Any:
            return pl.sum_horizontal(*[(pl.col(column) > cut).cast(pl.Int32) for cut in cuts[column]])

        scored = (
            agg.lazy().with_columns((5 - above("recency")).alias("r"), (1 + above("days")).alias("f"),
                                    (1 + above("money")).alias("m"))
            .with_columns((pl.col("r") * 100 + pl.col("f") * 10 + pl.col("m")).cast(pl.Int32).alias("code"))
            .join(codes.lazy(), on="code", how="left").collect()
        )
        return scored

    def check(s: Any) -> Any:
        sizes = dict(s.group_by("segment").len().iter_rows())
        return checksum(s.height, s["days"].sum(), s["money"].sum(), [s[c].sum() for c in "rfm"],
                        [sizes.get(i, 0) for i in range(11)])

    return run, check


def pandas_run(task: Task) -> Run:
    import pandas as pd

    data = Data(task.folder)
    frame = data.table().to_pandas()
    assert isinstance(frame, pd.DataFrame)
    names = np.full(600, -1, np.int8)
    for code, segment in data.codes.items():
        names[int(code)] = segment

    def run() -> Any:
        by = frame.groupby("id", sort=False)
        agg = by.agg(last=("ts", "max"), first=("ts", "min"), money=("amount", "sum"))
        days = pd.DataFrame({"id": frame["id"], "d": frame["ts"] // DAY}).drop_duplicates()
        agg["days"] = days.groupby("id", sort=False).size()
        agg["recency"] = TODAY - agg["last"] // DAY
        for score, column in zip("rfm", ("recency", "days", "money")):
            values = agg[column].to_numpy()
            cuts = np.quantile(values, QUANTILES)
            below = np.searchsorted(cuts, values, side="left")
            agg[score] = 5 - below if score == "r" else 1 + below
        agg["code"] = agg["r"] * 100 + agg["f"] * 10 + agg["m"]
        agg["segment"] = names[agg["code"].to_numpy()]
        return agg

    def check(s: Any) -> Any:
        sizes = np.bincount(s["segment"], minlength=11)
        return checksum(len(s), s["days"].sum(), s["money"].sum(), [s[c].sum() for c in "rfm"], sizes)

    return run, check


class CResult:
    """A patron_rfm handle, closed with this object."""

    def __init__(self, handle: Any) -> None:
        self.handle = handle

    def table(self) -> Any:
        from patron import _native
        from patron._table import Table

        return Table._wrap(_native.take_table(_native.lib.patron_rfm_table, self.handle.pointer))


def c_call(orders: Any, threads: int, keep_memory: bool) -> Callable[[], CResult]:
    """patron_rfm_compute on a table imported once: the C call without anything around it."""
    import ctypes

    import patron
    from patron import _ffi, _inputs, _native, _workspace

    table = _inputs.open_table(orders, {"id": "id", "ts": "time", "amount": "amount"})
    segments = _native.take(_native.lib.patron_segments_named, b"eleven", 6,
                            out=_ffi.patron_segments_p, close=_native.lib.patron_segments_close)
    options = _ffi.patron_rfm_options.init()
    names = {"customer": b"id", "time": b"ts", "amount": b"amount"}
    for field, name in names.items():
        setattr(options, field, _ffi.patron_str.of(name))
    instant = ctypes.c_int64(AS_OF)
    options.as_of = ctypes.addressof(instant)
    options.segments = segments.pointer.value
    options.threads = threads
    workspace = patron.Workspace() if keep_memory else None
    if workspace is not None:
        options.workspace = _workspace.pointer_of(workspace)
    keep = (table, segments, names, instant, workspace)

    def call() -> CResult:
        assert keep
        return CResult(_native.take(_native.lib.patron_rfm_compute, table.pointer,
                                    ctypes.byref(options), out=_ffi.patron_rfm_p,
                                    close=_native.lib.patron_rfm_close))

    return call


def patron_run(task: Task, source: str, keep_memory: bool = False) -> Run:
    import patron

    orders = Data(task.folder).table("datetime64[us]")
    if source == "polars":
        import polars as pl

        orders = pl.from_arrow(orders).rechunk()
    if source == "c":
        run = c_call(orders, task.threads, keep_memory)
    else:
        as_of = np.datetime64(AS_OF, "us")

        def run() -> Any:
            return patron.rfm(orders, customer="id", time="ts", amount="amount", as_of=as_of,
                              threads=task.threads)

    def check(result: Any) -> Any:
        table = result.table() if source == "c" else result
        columns = table.to_numpy()
        names = list(patron.segment_table("eleven").names)
        segments = np.asarray(columns["segment"])
        return checksum(len(table), columns["frequency"].sum(), columns["monetary"].sum(),
                        [columns[c].astype(np.int64).sum() for c in "rfm"],
                        [(segments == name).sum() for name in names])

    return run, check


def book_run(task: Task) -> Run:
    """From the book of an engine: the orders have been filed, and the table of everybody comes out in the order of ids."""
    import patron

    data = Data(task.folder)
    orders = data.table("datetime64[us]").rename_columns(["customer", "time", "amount"])
    tags = [{"name": "first", "metric": {"first": "orders.time"}}, {"name": "last", "metric": {"last": "orders.time"}}]
    wanted = ["first", "last", "rfm.recency_days", "rfm.frequency", "rfm.monetary", "rfm.r", "rfm.f", "rfm.m",
              "rfm.segment"]
    text = str(orders.schema.field("customer").type).endswith("string")
    engine = patron.Engine(patron.Policy(json.dumps({
        "patron": 1, "name": "rfm", "money": {"scale": 2}, "customer": {"id": "string" if text else "int64"},
        "streams": {"orders": {}}, "tags": tags,
        "models": {"rfm": {"scores": 5, "method": "quantile", "table": "eleven"}}})), threads=task.threads)
    now = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=AS_OF)
    engine.advance(now)
    engine.ingest("orders", orders)
    engine.advance(now)

    def run() -> Any:
        engine.calibrate()
        return engine.profiles(tags=wanted)

    def check(table: Any) -> Any:
        import duckdb
        import pyarrow as pa

        db = duckdb.connect()
        db.register("profiles", pa.table(table))
        n, days, money, *scores = db.execute(
            """SELECT count(*), sum("rfm.frequency"), sum("rfm.monetary"), sum("rfm.r"), sum("rfm.f"), sum("rfm.m")
               FROM profiles""").fetchone()
        sizes = dict(db.execute('SELECT "rfm.segment", count(*) FROM profiles GROUP BY 1').fetchall())
        names = list(patron.segment_table("eleven").names)
        return checksum(n, days, money, scores, [sizes.get(name, 0) for name in names])

    return run, check


TOOLS: racing.Tools = {
    "patron (C)": lambda task: patron_run(task, "c"),
    "patron (book)": book_run,
    "patron (C + workspace)": lambda task: patron_run(task, "c", True),
    "patron (pyarrow)": lambda task: patron_run(task, "pyarrow"),
    "patron (Polars)": lambda task: patron_run(task, "polars"),
    "DuckDB": duckdb_run,
    "Polars": polars_run,
    "pandas": pandas_run,
}


@dataclasses.dataclass
class Race:
    rows: int
    customers: int
    ids: str
    threads: list[int]
    tools: list[str]
    repeats: int


PATRON = [name for name in TOOLS if name.startswith("patron")]
RACES = {
    "ints": Race(10_000_000, 1_000_000, "int", [1, 2], [*PATRON, "DuckDB", "Polars", "pandas"], 5),
    "text": Race(10_000_000, 1_000_000, "text", [1, 2], [*PATRON, "DuckDB", "Polars"], 5),
    "small": Race(1_000_000, 100_000, "int", [1], [*PATRON, "DuckDB", "Polars", "pandas"], 9),
    "large": Race(50_000_000, 5_000_000, "int", [2], ["patron (C)", "DuckDB", "Polars"], 3),
}


def hold(one: Race) -> None:
    packages = racing.versions("patron", "duckdb", "polars", "pandas", "pyarrow", "numpy")
    print(f"\nRFM from {one.rows:,} orders of {one.customers:,} customers, "
          f"{one.ids} ids, medians of {one.repeats}; {packages}")
    with racing.data_folder() as folder:
        generate(one.rows, one.customers, one.ids == "text", folder)
        (folder / "codes.json").write_text(json.dumps(eleven_codes()))
        for threads in one.threads:
            racing.race(TOOLS, one.tools, folder, threads, one.repeats,
                        summary=lambda check: f"{check[0]:,} customers, {check[1]:,} order days")


def more(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--races", default=",".join(RACES), help="of " + ", ".join(RACES))
    parser.add_argument("--customers", type=racing.number, help="default: a tenth of the rows")
    parser.add_argument("--ids", choices=("int", "text"), default="int")


def main() -> None:
    options = racing.options(__doc__, TOOLS, more=more)
    races = [RACES[name] for name in options.races.split(",")]
    if options.rows:
        customers = options.customers or max(1, options.rows // 10)
        races = [Race(options.rows, customers, options.ids, [1, 2], list(TOOLS), 5)]
    asked = {key: getattr(options, key) for key in ("repeats", "tools", "threads")}
    for one in races:
        hold(dataclasses.replace(one, **{key: value for key, value in asked.items() if value}))


if __name__ == "__main__":
    racing.start(main, TOOLS)
