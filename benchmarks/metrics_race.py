"""The race of tags: what orders and visits add up to for every customer, beside DuckDB.

    ./run bench metrics
    ./run bench metrics --rows 1e7 --threads 1,2
    ./run bench metrics --races load

The tags are twelve of examples/policies/retail.json: sums, counts, first and last over windows, the median of gaps
between days, the favourite category by money, and two made of others; orders and as many visits lie in each tool's own
memory, ten of each a customer, int64 ids. patron is Engine.profiles(): the book is loaded and the clock has passed, and a
table of all customers comes out in the order of their ids. DuckDB makes a table of the same columns by one query.
The race "load" begins with Arrow tables: patron files orders and visits in a new engine, DuckDB copies them to tables of
its own, and both come to the tags of everybody.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import racing
from racing import Run, Task

DAY = 86_400_000_000
BEGIN = 1_672_531_200_000_000  # 2023-01-01
NOW = BEGIN + 1096 * DAY
KINDS = ["view", "click", "cart", "complaint", "login"]
SOLD = {"where": "amount > 0"}
TAGS: dict[str, Any] = {
    "spend_12m": {"sum": "orders.amount", "window": "365d"},
    "orders_12m": {"count": "orders", "window": "365d", **SOLD},
    "last_order": {"last": "orders.time", **SOLD},
    "first_order": {"first": "orders.time", **SOLD},
    "purchase_cycle": {"gap_median": "orders", "window": "730d", **SOLD},
    "favourite": {"top": "orders.category", "by": "orders.amount", "window": "365d"},
    "orders_30d": {"count": "orders", "window": "30d", **SOLD},
    "annual_spend": {"sum": "orders.amount", "window": {"calendar": "year", "previous": 1}},
    "browse_time_30d": {"sum": "interactions.duration", "window": "30d", "where": "kind == 'view'"},
    "complaints_12m": {"count": "interactions", "window": "365d", "where": "kind == 'complaint'"},
}
EXPRESSIONS = {"complaint_rate": "double(complaints_12m) / double(orders_12m)", "repeat_buyer": "orders_12m >= 2"}


def inside(days: int) -> str:
    return f"t > {NOW - days * DAY}"


QUERY = f"""
WITH o AS (SELECT id, coalesce(sum(amount) FILTER ({inside(365)}), 0) AS spend_12m,
    count(*) FILTER ({inside(365)} AND amount > 0) AS orders_12m,
    max(t) FILTER (amount > 0) AS last_order, min(t) FILTER (amount > 0) AS first_order,
    count(*) FILTER ({inside(30)} AND amount > 0) AS orders_30d,
    coalesce(sum(amount) FILTER (year(make_timestamp(t)) = year(make_timestamp({NOW})) - 1), 0) AS annual_spend
  FROM orders GROUP BY id),
g AS (SELECT id, quantile_cont(gap, 0.5) AS purchase_cycle FROM (
    SELECT id, day - lag(day) OVER (PARTITION BY id ORDER BY day) AS gap
    FROM (SELECT DISTINCT id, t // {DAY} AS day FROM orders WHERE amount > 0 AND {inside(730)}))
  WHERE gap IS NOT NULL GROUP BY id),
c AS (SELECT id, arg_min(category, (-s, category)) AS favourite FROM (
    SELECT id, category, sum(amount) AS s FROM orders WHERE amount > 0 AND {inside(365)} GROUP BY id, category)
  GROUP BY id),
v AS (SELECT id, coalesce(sum(duration) FILTER (kind = 'view' AND {inside(30)}), 0) AS browse_time_30d,
    count(*) FILTER (kind = 'complaint' AND {inside(365)}) AS complaints_12m
  FROM visits GROUP BY id)
SELECT id, coalesce(spend_12m, 0) AS spend_12m, coalesce(orders_12m, 0) AS orders_12m, last_order, first_order,
  purchase_cycle, favourite, coalesce(orders_30d, 0) AS orders_30d, coalesce(annual_spend, 0) AS annual_spend,
  coalesce(browse_time_30d, 0) AS browse_time_30d, coalesce(complaints_12m, 0) AS complaints_12m,
  CASE WHEN orders_12m > 0 THEN coalesce(complaints_12m, 0)::DOUBLE / orders_12m END AS complaint_rate,
  coalesce(orders_12m, 0) >= 2 AS repeat_buyer
FROM o FULL JOIN v USING (id) LEFT JOIN g USING (id) LEFT JOIN c USING (id)
"""


def generate(rows: int, folder: Path) -> None:
    """Writes the columns of orders and visits, in the order of time."""
    draw = np.random.default_rng(racing.SEED)
    customers = max(rows // 10, 1)
    for stream in ("orders", "visits"):
        np.save(folder / f"{stream}_id.npy", draw.integers(0, customers, rows))
        np.save(folder / f"{stream}_t.npy", np.sort(draw.integers(BEGIN, NOW, rows)))
    amounts = draw.integers(1, 20_000, rows)
    np.save(folder / "amount.npy", np.where(draw.random(rows) < 0.01, -amounts, amounts))
    np.save(folder / "category.npy", draw.integers(0, 50, rows).astype(np.uint8))
    np.save(folder / "kind.npy", draw.integers(0, len(KINDS), rows).astype(np.uint8))
    np.save(folder / "duration.npy", draw.integers(0, 600, rows) * 1_000_000)


def tables(folder: Path) -> tuple[Any, Any]:
    """Orders and visits as pyarrow tables, as DuckDB reads them."""
    import pyarrow as pa

    def column(name: str) -> Any:
        return pa.array(np.load(folder / f"{name}.npy"))

    def words(name: str, texts: list[str]) -> Any:
        return pa.DictionaryArray.from_arrays(column(name), pa.array(texts)).cast(pa.string())

    orders = pa.table({"id": column("orders_id"), "t": column("orders_t"), "amount": column("amount"),
                       "category": words("category", [f"category {i}" for i in range(50)])})
    visits = pa.table({"id": column("visits_id"), "t": column("visits_t"), "kind": words("kind", KINDS),
                       "duration": column("duration")})
    return orders, visits


def instant(micros: int) -> dt.datetime:
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=micros)


def load_engine(threads: int, orders: Any, visits: Any) -> Any:
    import patron

    tags = [{"name": name, "metric": metric} for name, metric in TAGS.items()]
    tags += [{"name": name, "expression": text} for name, text in EXPRESSIONS.items()]
    engine = patron.Engine(patron.Policy(json.dumps({
        "patron": 1, "name": "tags", "money": {"scale": 2}, "customer": {"id": "int64"},
        "streams": {"orders": {}, "interactions": {}}, "tags": tags})), threads=threads)
    engine.advance(instant(NOW))
    engine.ingest("orders", orders)
    engine.ingest("interactions", visits)
    engine.advance(instant(NOW))
    return engine


def patron_run(task: Task) -> Run:
    import pyarrow as pa
    import pyarrow.compute as pc

    orders, visits = tables(task.folder)
    stamp = pa.timestamp("us", tz="UTC")
    cents = pc.divide(pc.cast(orders["amount"], pa.float64()), 100.0)
    orders = pa.table({"customer": orders["id"], "time": orders["t"].cast(stamp), "amount": cents,
                       "category": orders["category"]})
    visits = pa.table({"customer": visits["id"], "time": visits["t"].cast(stamp), "kind": visits["kind"],
                       "duration": visits["duration"].cast(pa.duration("us"))})

    def check(out: Any) -> Any:
        import duckdb

        db = duckdb.connect()
        db.register("profiles", pa.table(out))
        return totals(db, """SELECT (spend_12m * 100)::BIGINT AS spend_12m, orders_12m,
            epoch_us(last_order) AS last_order, epoch_us(first_order) AS first_order,
            epoch(purchase_cycle) / 86400 AS purchase_cycle, favourite, orders_30d,
            (annual_spend * 100)::BIGINT AS annual_spend, epoch(browse_time_30d) * 1e6 AS browse_time_30d, complaints_12m,
            complaint_rate, repeat_buyer FROM profiles""")

    if task.setting == "load":
        return lambda: load_engine(task.threads, orders, visits).profiles(), check
    engine = load_engine(task.threads, orders, visits)
    del orders, visits
    return engine.profiles, check


def duckdb_run(task: Task) -> Run:
    import duckdb

    db = duckdb.connect(":memory:", config={"threads": task.threads})
    orders, visits = tables(task.folder)
    db.register("orders_in", orders)
    db.register("visits_in", visits)

    def load() -> None:
        db.execute("CREATE OR REPLACE TABLE orders AS SELECT * FROM orders_in; "
                   "CREATE OR REPLACE TABLE visits AS SELECT * FROM visits_in")

    def run() -> Any:
        if task.setting == "load":
            load()
        db.execute(f"CREATE OR REPLACE TEMP TABLE tags AS {QUERY}")
        return db

    load()
    return run, lambda out: totals(out, "SELECT * FROM tags")


def totals(db: Any, query: str) -> list[Any]:
    """Of each tag how many have it and what all of them add up to."""
    columns = [*TAGS, *EXPRESSIONS]
    sums = ", ".join(f"count({name}), sum(length({name}) + ascii(right({name}, 1)))" if name == "favourite"
                     else f"count({name}), sum({name}::DOUBLE)" for name in columns)
    row = db.execute(f"SELECT count(*), {sums} FROM ({query})").fetchone()
    return [float(value) for value in row]


TOOLS = {"patron": patron_run, "DuckDB": duckdb_run}


TITLES = {"tags": "from what has been loaded, ", "load": "from Arrow tables, "}


def main() -> None:
    options = racing.options(__doc__, TOOLS, rows=1_000_000, threads="1,2", repeats=5,
                             more=lambda parser: parser.add_argument("--races", default="tags,load"))
    print(racing.versions("patron", "duckdb"))
    with racing.data_folder() as folder:
        generate(options.rows, folder)
        for race in options.races.split(","):
            for threads in options.threads:
                racing.race(TOOLS, options.tools, folder, threads, options.repeats, setting=race, title=TITLES[race],
                            summary=lambda check: f"{check[0]:,.0f} customers")


if __name__ == "__main__":
    racing.start(main, TOOLS)
