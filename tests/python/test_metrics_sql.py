"""Metrics beside their definitions: the queries of docs/metrics.md, as they stand there, run by DuckDB."""

import csv
import datetime as dt
import json
import math
import random
import re

import pytest
from conftest import ROOT

import patron

duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed in this environment")

DAY = 86_400_000_000
SHIFT = 8 * 3_600_000_000  # Asia/Shanghai has no summer time since 1991
BEGIN = 1_640_995_200_000_000  # 2022-01-01
NOW = BEGIN + 700 * DAY + 5 * 3_600_000_000


def definitions():
    """Of each verb the query that docs/metrics.md defines it by."""
    text = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)`( with `by`)? \| `(SELECT [^`]+)`", text, re.MULTILINE)
    blocks = re.findall(r"^```sql\n-- (\w+)\n(.+?)^```", text, re.MULTILINE | re.DOTALL)
    return {verb + ("_by" if by else ""): query for verb, by, query in rows} | dict(blocks)


QUERIES = definitions()

# Windows, and which events lie in them, by the time t of an event.
WINDOWS = {
    "": (None, "TRUE"),
    "year": ("365d", f"t > {NOW - 365 * DAY}"),
    "quarter": ("90d", f"t > {NOW - 90 * DAY}"),
    "calendar": ({"calendar": "year"}, f"year(local(t)) = year(local({NOW}))"),
    "last_month": ({"calendar": "month", "previous": 1},
                   f"date_trunc('month', local(t)) = date_trunc('month', local({NOW})) - INTERVAL 1 MONTH"),
}
CONDITIONS = {"": "TRUE", "category == 'toys' || category == 'art'": "category IN ('toys', 'art')",
              "margin > 1.00": "margin > 100", "channel != 'web'": "channel <> 'web'"}

# Of each verb what stands in the policy beside it, and the column of x.
VERBS = {
    "count": ("orders", {}, "key"),
    "sum": ("orders.margin", {}, "margin"),
    "mean": ("orders.pieces", {}, "pieces"),
    "min": ("orders.margin", {}, "margin"),
    "max": ("orders.pieces", {}, "pieces"),
    "first": ("orders.category", {}, "category"),
    "last": ("orders.margin", {}, "margin"),
    "distinct": ("orders.category", {}, "category"),
    "days_active": ("orders", {}, "key"),
    "share": ("orders.pieces", {}, "pieces"),
    "top": ("orders.category", {}, "category"),
    "top_by": ("orders.category", {"by": "orders.margin"}, "category"),
    "gap_last": ("orders", {}, "key"),
    "gap_mean": ("orders", {}, "key"),
    "gap_median": ("orders", {}, "key"),
    "gap_cv": ("orders", {}, "key"),
    "streak": ("orders", {"every": "7d"}, "key"),
    "trend": ("orders", {"every": "1mo", "n": 6}, "key"),
    "open": ("orders", {"key": "channel", "closed_by": "category == 'books'"}, "channel"),
    "path": ("orders.category", {"n": 3}, "category"),
    "funnel": ([{"name": name, "stream": "orders", "where": f"category == '{name}'"} for name in ("toys", "art", "books")],
               {"within": "200d"}, "category"),
    "points": ("orders", {"each": "double(pieces) * 1.5 - 5.0", "cap": {"points": 8, "per": "1mo"}, "expires": "300d",
                          "inactivity": {"after": "50d", "lose": 0.25}}, "coalesce(pieces * 1.5 - 5.0, 0)"),
    "ratio": (["count", "distinct"], {}, "category"),
}


def test_every_verb_has_its_query_and_is_tried():
    assert set(QUERIES) == set(VERBS)


def random_orders(seed):
    """Orders of some customers, with ties, refunds and nulls."""
    draw = random.Random(seed)
    maybe = lambda value: None if draw.random() < 0.2 else value  # noqa: E731
    rows = []
    for customer in range(14):
        for _ in range(draw.choice([0, 1, 3, 8, 30])):
            day = draw.randrange(710)
            time = BEGIN + (day * DAY if draw.random() < 0.3 else draw.randrange(710 * DAY))
            rows.append({"customer": customer, "t": time, "key": len(rows), "amount": draw.randrange(-300, 2000),
                         "margin": maybe(draw.randrange(-200, 900)), "pieces": maybe(draw.randrange(1, 9)),
                         "category": maybe(draw.choice(["toys", "art", "books", "tea"])),
                         "channel": maybe(draw.choice(["web", "shop"]))})
    return rows


def cdnow_orders(data):
    """The first customers of CDNOW, who have a time, an amount and a number of disks."""
    with open(data / "cdnow" / "orders.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    first = dt.datetime(1997, 1, 1, tzinfo=dt.UTC)
    out = []
    for row in rows:
        if int(row["customer_id"]) > 60:
            break
        day = (dt.datetime.fromisoformat(row["date"]).replace(tzinfo=dt.UTC) - first).days
        cents = round(float(row["amount"]) * 100)
        out.append({"customer": int(row["customer_id"]), "t": BEGIN + day * DAY, "key": len(out), "amount": cents,
                    "margin": cents // 3, "pieces": cents % 7, "category": ["toys", "art", "books"][cents % 3],
                    "channel": ["web", "shop"][cents % 2]})
    return out


def policy_of(tags):
    columns = {"margin": "money", "pieces": "int64", "category": "enum", "channel": "enum", "number": "int64"}
    return patron.Policy(json.dumps({
        "patron": 1, "name": "metrics", "timezone": "Asia/Shanghai", "money": {"scale": 2},
        "customer": {"id": "int64"}, "streams": {"orders": {"key": "number", "columns": columns}}, "tags": tags}))


def draw_tags(seed):
    """Every verb under some windows and conditions: the tags, and what each is made of."""
    draw = random.Random(seed)
    tags, made = [], {}
    for verb, (of, rest, x) in VERBS.items():
        for window in WINDOWS if verb != "trend" else [""]:
            choice = list(CONDITIONS) if verb not in ("share", "open") else list(CONDITIONS)[1:]
            condition = "" if verb in ("funnel", "ratio") else draw.choice(choice)
            if verb == "ratio":
                name = f"tag_{len(tags)}"
                for part in of:
                    parts = VERBS[part][0], ({"window": WINDOWS[window][0]} if WINDOWS[window][0] else {})
                    tags.append({"name": f"{name}_{part}", "metric": {part: parts[0], **parts[1]}})
                tags.append({"name": name, "metric": {verb: [f"{name}_{part}" for part in of]}})
                made[name] = (verb, window, condition, x)
                continue
            metric = {verb.removesuffix("_by"): of, **rest}
            if condition:
                metric["where"] = condition
            if WINDOWS[window][0]:
                metric["window"] = WINDOWS[window][0]
            name = f"tag_{len(tags)}"
            tags.append({"name": name, "metric": metric})
            made[name] = (verb, window, condition, x)
    return tags, made


def events_of(verb, window, condition, x, customer):
    """The events that count, as a view: docs/metrics.md, "Which events count"."""
    part = CONDITIONS[condition]
    keep = [f"customer = {customer}", f"t <= {NOW}"]
    if verb != "open":
        keep.append(WINDOWS[window][1])
    # The margin is money: its refunds are counted in sums of it.
    if verb not in ("sum", "open"):
        keep.append("amount > 0")
    if verb not in ("share", "open"):
        keep.append(f"({part})")
    if verb == "funnel":
        x = "list_position(['toys', 'art', 'books'], category)"
    return (f"CREATE OR REPLACE TEMP VIEW e AS SELECT t AS time, key, {x} AS x, margin AS w, coalesce({part}, FALSE) AS part, "
            f"coalesce({part}, FALSE) AS opens, coalesce(category = 'books', FALSE) AS closes FROM events "
            f"WHERE {' AND '.join(keep)}")


def database(rows):
    db = duckdb.connect()
    db.execute("CREATE TABLE events (customer BIGINT, t BIGINT, key BIGINT, amount BIGINT, margin BIGINT, pieces BIGINT, "
               "category VARCHAR, channel VARCHAR)")
    db.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [list(row.values()) for row in rows])
    db.execute(f"CREATE MACRO local(t) AS make_timestamp(t + {SHIFT})")
    db.execute(f"CREATE MACRO local_day(t) AS (t + {SHIFT}) // {DAY}")
    return db


def set_periods(db, verb):
    weeks = "(local_day(t) - 4) // 7"  # 1970-01-05 was a Monday
    months = "year(local(t)) * 12 + month(local(t))"
    db.execute(f"CREATE OR REPLACE MACRO period(t) AS {weeks if verb == 'streak' else months}")
    db.execute(f"CREATE OR REPLACE MACRO this_period() AS period({NOW})")
    db.execute(f"CREATE OR REPLACE MACRO n() AS {VERBS[verb][1].get('n', 1)}")
    for name, value in {"within": 200 * DAY, "expires": 300 * DAY, "after": 50 * DAY, "lose": 0.25, "cap": 8, "now": NOW}.items():
        db.execute(f"CREATE OR REPLACE MACRO {name}() AS {value}")


def told(verb, x, value):
    """What a profile says, in the unit of the query: minor units, days."""
    if value is None:
        return None
    if verb.startswith("gap") and verb != "gap_cv":
        return value / dt.timedelta(days=1)
    if verb == "funnel":
        return ["toys", "art", "books"].index(value) + 1
    if x == "margin" and verb in ("sum", "min", "max", "first", "last"):
        return int(value * 100)
    return value


def agree(told_value, wanted):
    if told_value is None or wanted is None:
        return told_value is None and wanted is None
    if isinstance(wanted, str):
        return told_value == wanted
    return math.isclose(float(told_value), float(wanted), rel_tol=1e-11, abs_tol=1e-12)


def compare(rows, seed):
    tags, made = draw_tags(seed)
    engine = patron.Engine(policy_of(tags))
    columns = {name: [row[name] for row in rows] for name in ("customer", "pieces", "category", "channel")}
    columns["number"] = [row["key"] for row in rows]
    columns["time"] = [dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(microseconds=row["t"]) for row in rows]
    for name in ("amount", "margin"):
        columns[name] = [None if row[name] is None else row[name] / 100 for row in rows]
    report = engine.ingest("orders", columns)
    assert report.refused_rows == 0
    engine.advance(dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(microseconds=NOW))
    profiles = engine.profiles()
    customers = list(profiles["customer"])
    db = database(rows)
    known = 0
    for name, (verb, window, condition, x) in made.items():
        # `open` looks at all events, and then at which openings lie in the window: all time says it in one query.
        if verb == "open" and window:
            continue
        set_periods(db, verb)
        values = list(profiles[name])
        for customer, value in zip(customers, values, strict=True):
            db.execute(events_of(verb, window, condition, x, customer))
            if verb == "ratio":
                db.execute(f"CREATE OR REPLACE TEMP VIEW t AS SELECT ({QUERIES['count']}) AS a, ({QUERIES['distinct']}) AS b")
            (wanted,) = db.execute(QUERIES[verb]).fetchone() or (None,)
            assert agree(told(verb, x, value), wanted), (seed, verb, window, condition, customer, value, wanted)
            known += wanted is not None
    assert known > len(made) * len(customers) / 3


@pytest.mark.parametrize("seed", [1, 2])
def test_metrics_of_random_orders_are_what_their_queries_say(seed):
    compare(random_orders(seed), seed)


def test_metrics_of_cdnow_are_what_their_queries_say(data):
    compare(cdnow_orders(data)[:120], 3)
