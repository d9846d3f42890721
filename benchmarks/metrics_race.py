"""The race of tags: what orders, visits, surveys and referrals add up to for every customer, beside DuckDB.

    ./run bench metrics
    ./run bench metrics --rows 1e7 --threads 1,2
    ./run bench metrics --races load

The tags are all of examples/policies/retail.json but those of lifetime value: its seventeen metrics and expressions,
the eight values of RFM and both of NPS. Orders and as many visits, ten of each a customer, a survey for every ten orders
and a referral for every hundred lie in each tool's own memory; ids are int64, and no order has an event key. patron is
Engine.profiles(): the book is loaded, the clock has passed, and a table of all customers comes out in the order of their
ids. DuckDB makes a table of the same columns by a query, from the cuts of RFM that were found before, as patron does.
The race "load" begins with Arrow tables: patron files them in a new engine, DuckDB copies them to tables of its own; both
find the cuts and come to the tags of everybody.

Compared are how many have each tag, and what its values add up to.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import racing
from racing import Run, Task

RETAIL = Path(__file__).parents[1] / "examples" / "policies" / "retail.json"
DAY = 86_400_000_000
SHIFT = 8 * 3_600_000_000  # of the days of Shanghai
BEGIN = 1_676_419_200_000_000 - SHIFT  # 2023-02-15, so that a year back is no calendar year
NOW = BEGIN + 1096 * DAY
TODAY = (NOW + SHIFT) // DAY
KINDS = ["view", "click", "cart", "complaint", "login"]
OCTANTS = ["General win-back", "Important win-back", "General retention", "Important retention", "General development",
           "Important development", "General value", "Important value"]
WORDS = ["price", "quality", "service", "delivery", "taste", "return"]
STREAMS = {  # and each column that has words, with them
    "orders": ("customer", "time", "amount", "category"),
    "interactions": ("customer", "time", "kind", "duration"),
    "surveys": ("customer", "time", "kind", "score", "keywords"),
    "referrals": ("referrer", "referred", "time"),
}
TEXTS = {"orders.category": [f"category {i}" for i in range(50)], "interactions.kind": KINDS, "surveys.kind": ["nps", "csat"]}


def local_day(time: str) -> str:
    return f"({time} + {SHIFT}) // {DAY}"


def inside(days: int) -> str:
    return f"time > {NOW - days * DAY}"


MEASURES = f"""
WITH o AS (SELECT customer AS id, coalesce(sum(amount) FILTER ({inside(365)}), 0) AS spend_12m,
    count(*) FILTER ({inside(365)} AND amount > 0) AS orders_12m,
    max(time) FILTER (amount > 0) AS last_order, min(time) FILTER (amount > 0) AS first_order,
    count(*) FILTER ({inside(30)} AND amount > 0) AS orders_30d,
    coalesce(sum(amount) FILTER (year(make_timestamp(time + {SHIFT})) = year(make_timestamp({NOW + SHIFT})) - 1), 0)
      AS annual_spend,
    coalesce(sum(amount) FILTER ({inside(730)}), 0) AS monetary
  FROM orders GROUP BY customer),
g AS (SELECT customer AS id, quantile_cont(gap, 0.5) AS purchase_cycle, count(*) AS frequency FROM (
    SELECT customer, day - lag(day) OVER (PARTITION BY customer ORDER BY day) AS gap
    FROM (SELECT DISTINCT customer, {local_day("time")} AS day FROM orders WHERE amount > 0 AND {inside(730)}))
  GROUP BY customer),
c AS (SELECT id, arg_min(category, (-s, category)) AS favourite_category FROM (
    SELECT customer AS id, category, sum(amount) AS s FROM orders WHERE amount > 0 AND {inside(365)}
    GROUP BY customer, category) GROUP BY id),
v AS (SELECT customer AS id, coalesce(sum(duration) FILTER (kind = 'view' AND {inside(30)}), 0) AS browse_time_30d,
    count(*) FILTER (kind = 'view' AND {inside(30)}) AS views_30d,
    count(*) FILTER (kind = 'complaint' AND {inside(365)}) AS complaints_12m
  FROM interactions GROUP BY customer),
s AS (SELECT customer AS id, arg_max(score, time) FILTER (kind = 'nps' AND {inside(365)}) AS nps_score
  FROM surveys GROUP BY customer),
k AS (SELECT id, bit_or(1 << word) AS review_keywords FROM (
    SELECT id, word, row_number() OVER (PARTITION BY id ORDER BY n DESC, name) AS place FROM (
      SELECT customer AS id, word, any_value(name) AS name, count(*) AS n FROM surveys
        JOIN (SELECT unnest(range({len(WORDS)})) AS word, unnest({WORDS}) AS name) ON keywords >> word & 1 = 1
      WHERE {inside(365)} GROUP BY customer, word))
  WHERE place <= 5 GROUP BY id),
r AS (SELECT referrer AS id, count(*) FILTER ({inside(365)}) AS referred_customers FROM referrals GROUP BY referrer),
d AS (SELECT DISTINCT referred AS id FROM referrals)
SELECT id, coalesce(spend_12m, 0) AS spend_12m, coalesce(orders_12m, 0) AS orders_12m, last_order, first_order,
  purchase_cycle, favourite_category, coalesce(browse_time_30d, 0) AS browse_time_30d, coalesce(views_30d, 0) AS views_30d,
  coalesce(orders_30d, 0) AS orders_30d, nps_score, review_keywords, coalesce(complaints_12m, 0) AS complaints_12m,
  CASE WHEN orders_12m > 0 THEN coalesce(complaints_12m, 0)::DOUBLE / orders_12m END AS complaint_rate,
  coalesce(referred_customers, 0) AS referred_customers, coalesce(annual_spend, 0) AS annual_spend,
  coalesce(orders_12m, 0) >= 2 AS repeat_buyer,
  coalesce(views_30d, 0) >= 20 AND coalesce(orders_30d, 0) = 0 AS browses_without_buying,
  {TODAY} - {local_day("last_order")} AS recency, coalesce(frequency, 0) AS frequency, coalesce(monetary, 0) AS monetary
FROM o FULL JOIN v USING (id) FULL JOIN s USING (id) FULL JOIN r USING (id) FULL JOIN d USING (id)
  LEFT JOIN g USING (id) LEFT JOIN c USING (id) LEFT JOIN k USING (id)
"""

CUTS = """
SELECT floor(avg(recency)) AS mean_r, floor(avg(frequency)) AS mean_f, floor(avg(monetary)) AS mean_m,
  quantile_cont(recency, [0.2, 0.4, 0.6, 0.8]) AS cuts_r, quantile_cont(frequency, [0.2, 0.4, 0.6, 0.8]) AS cuts_f,
  quantile_cont(monetary, [0.2, 0.4, 0.6, 0.8]) AS cuts_m
FROM measures WHERE frequency > 0
"""


def score(value: str, cuts: str) -> str:
    return "+".join(f"({value} > {cuts}[{i}])::INTEGER" for i in range(1, 5))


SCORES = f"""
SELECT s.*, coalesce(segment, 'prospect') AS segment,
  CASE nps_score // 1 WHEN 10 THEN 'promoter' WHEN 9 THEN 'promoter' WHEN 8 THEN 'passive' WHEN 7 THEN 'passive'
    ELSE CASE WHEN nps_score IS NOT NULL THEN 'detractor' END END AS nps_class
FROM (SELECT measures.*,
    CASE WHEN recency IS NULL THEN 0 ELSE 5 - ({score("recency", "cuts_r")}) END AS r,
    CASE WHEN recency IS NULL THEN 0 ELSE 1 + {score("frequency", "cuts_f")} END AS f,
    CASE WHEN recency IS NULL THEN 0 ELSE 1 + {score("monetary", "cuts_m")} END AS m,
    CASE WHEN recency IS NOT NULL THEN (recency <= mean_r)::INTEGER * 4 + (frequency > mean_f)::INTEGER * 2
      + (monetary > mean_m)::INTEGER END AS octant
  FROM measures, cuts) s LEFT JOIN segments ON code = r * 100 + f * 10 + m
"""

# What is compared: of patron's table, and of DuckDB's.
BOTH = {name: name for name in ("orders_12m", "favourite_category", "views_30d", "orders_30d", "nps_score", "complaints_12m",
                                "complaint_rate", "referred_customers", "repeat_buyer", "browses_without_buying")}
PATRON = BOTH | {
    "spend_12m": "(spend_12m * 100)::BIGINT", "annual_spend": "(annual_spend * 100)::BIGINT",
    "last_order": "epoch_us(last_order)", "first_order": "epoch_us(first_order)",
    "purchase_cycle": "epoch(purchase_cycle) / 86400", "browse_time_30d": "epoch(browse_time_30d) * 1e6",
    "review_keywords": "length(review_keywords) - length(replace(review_keywords, ',', '')) + 1",
    "recency": '"rfm.recency_days"', "frequency": '"rfm.frequency"', "monetary": '("rfm.monetary" * 100)::BIGINT',
    "r": '"rfm.r"', "f": '"rfm.f"', "m": '"rfm.m"', "segment": '"rfm.segment"', "octant": 'octant_of("rfm.octant")',
    "nps.score": '"nps.score"', "nps_class": '"nps.class"',
}
DUCKDB = BOTH | {name: name for name in PATRON} | {"review_keywords": "bit_count(review_keywords)", "nps.score": "nps_score"}
WITH_WORDS = ("favourite_category", "segment", "nps_class")


def totals(db: Any, columns: dict[str, str], table: str) -> list[Any]:
    """Of each tag how many have it and what all of them add up to."""
    sums = []
    for name in PATRON:
        value = columns[name]
        words = f"length({value}) + ascii(right({value}, 1))"
        sums += [f"count({value})", f"sum(({words if name in WITH_WORDS else value})::DOUBLE)"]
    return [float(value or 0) for value in db.execute(f"SELECT count(*), {', '.join(sums)} FROM {table}").fetchone()]


def generate(rows: int, folder: Path) -> None:
    """Writes the columns of all streams, in the order of time."""
    draw = np.random.default_rng(racing.SEED)
    customers = max(rows // 10, 1)

    def save(stream: str, name: str, values: Any) -> None:
        np.save(folder / f"{stream}.{name}.npy", values)

    for stream, count in (("orders", rows), ("interactions", rows), ("surveys", rows // 10), ("referrals", rows // 100)):
        who = "referrer" if stream == "referrals" else "customer"
        save(stream, who, draw.integers(0, customers, count))
        save(stream, "time", np.sort(draw.integers(BEGIN, NOW, count)))
    amounts = draw.integers(1, 20_000, rows)
    save("orders", "amount", np.where(draw.random(rows) < 0.01, -amounts, amounts))
    save("orders", "category", draw.integers(0, 50, rows).astype(np.uint8))
    save("interactions", "kind", draw.integers(0, len(KINDS), rows).astype(np.uint8))
    save("interactions", "duration", draw.integers(0, 600, rows) * 1_000_000)
    save("surveys", "kind", draw.integers(0, 2, rows // 10).astype(np.uint8))
    save("surveys", "score", draw.integers(0, 11, rows // 10))
    save("surveys", "keywords", draw.integers(0, 1 << len(WORDS), rows // 10))
    # Nobody is referred twice or in a circle.
    referred = draw.permutation(customers - 1)[: rows // 100] + 1
    save("referrals", "referred", referred)
    save("referrals", "referrer", np.minimum(np.load(folder / "referrals.referrer.npy"), referred - 1))


def tables(folder: Path) -> dict[str, Any]:
    """All streams as pyarrow tables, as DuckDB reads them."""
    import pyarrow as pa

    def column(stream: str, name: str) -> Any:
        values = pa.array(np.load(folder / f"{stream}.{name}.npy"))
        words = TEXTS.get(f"{stream}.{name}")
        return values if words is None else pa.DictionaryArray.from_arrays(values, pa.array(words)).cast(pa.string())

    return {stream: pa.table({name: column(stream, name) for name in names}) for stream, names in STREAMS.items()}


def instant(micros: int) -> dt.datetime:
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=micros)


def policy() -> str:
    """retail.json without lifetime value and what reads it, for ids that are numbers and orders without keys."""
    retail = json.loads(RETAIL.read_text(encoding="utf-8"))
    retail["customer"]["id"] = "int64"
    del retail["streams"]["orders"]["key"]
    retail["streams"]["surveys"]["columns"]["keywords"] = {"type": "enum_set", "values": WORDS}
    retail["models"] = {name: retail["models"][name] for name in ("rfm", "nps")}
    for part in ("identities", "classifications", "actions", "calibrate"):
        del retail[part]
    return json.dumps(retail)


def load_engine(threads: int, streams: dict[str, Any]) -> Any:
    import patron

    engine = patron.Engine(patron.Policy(policy()), threads=threads)
    engine.advance(instant(NOW))
    for stream, table in streams.items():
        report = engine.ingest(stream, table)
        assert report.refused_rows == 0, report
    engine.advance(instant(NOW))
    engine.calibrate()
    return engine


def patron_run(task: Task) -> Run:
    import pyarrow as pa
    import pyarrow.compute as pc

    streams = tables(task.folder)
    for stream, table in streams.items():
        columns = {name: table[name] for name in table.column_names}
        columns["time"] = columns["time"].cast(pa.timestamp("us", tz="UTC"))
        if stream == "orders":
            columns["amount"] = pc.divide(pc.cast(columns["amount"], pa.float64()), 100.0)
        if stream == "interactions":
            columns["duration"] = columns["duration"].cast(pa.duration("us"))
        streams[stream] = pa.table(columns)

    def check(out: Any) -> Any:
        import duckdb

        db = duckdb.connect()
        db.register("profiles", pa.table(out))
        db.execute(f"CREATE MACRO octant_of(name) AS list_position({OCTANTS}, name) - 1")
        return totals(db, PATRON, "profiles")

    if task.setting == "load":
        return lambda: load_engine(task.threads, streams).profiles(), check
    engine = load_engine(task.threads, streams)
    streams.clear()
    return engine.profiles, check


def duckdb_run(task: Task) -> Run:
    import duckdb
    import pyarrow as pa
    from rfm_race import eleven_codes

    import patron

    db = duckdb.connect(":memory:", config={"threads": task.threads})
    names = list(patron.segment_table("eleven").names)
    codes = eleven_codes()
    db.register("codes", pa.table({"code": list(codes), "segment": [names[at] for at in codes.values()]}))
    db.execute("CREATE TABLE segments AS SELECT code::INTEGER AS code, segment FROM codes")
    for stream, table in tables(task.folder).items():
        db.register(f"{stream}_in", table)

    def load() -> None:
        for stream in STREAMS:
            db.execute(f"CREATE OR REPLACE TABLE {stream} AS SELECT * FROM {stream}_in")

    def run() -> Any:
        if task.setting == "load":
            load()
        db.execute(f"CREATE OR REPLACE TEMP TABLE measures AS {MEASURES}")
        if task.setting == "load":
            db.execute(f"CREATE OR REPLACE TEMP TABLE cuts AS {CUTS}")
        db.execute(f"CREATE OR REPLACE TEMP TABLE tags AS {SCORES}")
        return db

    load()
    db.execute(f"CREATE TEMP TABLE measures AS {MEASURES}")
    db.execute(f"CREATE TEMP TABLE cuts AS {CUTS}")
    return run, lambda out: totals(out, DUCKDB, "tags")


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
