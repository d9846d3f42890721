"""The worked examples (examples/python/profiles.py) beside DuckDB: every tag of every customer, from the raw files.

Each tag is computed by the query that docs/metrics.md defines its verb by, with `e` the events of one customer; DuckDB
answers it for all customers at once. Orders are added up from the lines by DuckDB, not by the example.
"""

import datetime as dt
import json
import math
import sys

import pytest
from conftest import ROOT

import patron

duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed in this environment")

sys.path.insert(0, str(ROOT / "examples" / "python"))
import profiles  # noqa: E402
from test_metrics_sql import QUERIES  # noqa: E402

DAY = 86_400_000_000
MONEY = ("amount", "discount")


class World:
    """The tables of one data set in DuckDB, and how local time reads there at an instant."""

    def __init__(self, tables, offset, sales):
        """`tables` name their select list; `offset` is what local time is ahead of UTC, in hours, at local time `l`."""
        self.db = duckdb.connect()
        self.sales = sales
        for name, query in tables.items():
            self.db.execute(f"CREATE TABLE {name} AS SELECT *, epoch_us(l) - ({offset}) * 3600000000 AS t FROM ({query})")
        self.db.execute("CREATE TABLE people AS " + " UNION ".join(f"SELECT customer FROM {name}" for name in tables))
        self.db.execute(f"CREATE MACRO offset_at(l) AS {offset}")
        self.db.execute(f"CREATE MACRO local_day(l) AS epoch_us(l) // {DAY}")
        # The calendar: a day that the month has not is the first of the next (docs/metrics.md).
        self.db.execute(
            "CREATE MACRO months_on(l, m) AS CASE WHEN day(l + to_months(m)) = day(l) THEN l + to_months(m) "
            "ELSE date_trunc('month', l + to_months(m)) + INTERVAL 1 MONTH END")

    def at(self, now):
        """Everything is asked at this local time from here on."""
        self.now = f"TIMESTAMP '{now}'"
        (hours,) = self.db.execute(f"SELECT offset_at(l) FROM (SELECT {self.now} AS l)").fetchone()
        self.micros = f"(epoch_us({self.now}) - {hours} * 3600000000)"

    def window(self, window, back):
        """The condition that an event lies in the window: the table of docs/metrics.md."""
        if window is None:
            return "TRUE"
        if isinstance(window, dict):
            part, previous = window["calendar"], window.get("previous", 0)
            step = {"month": 1, "quarter": 3, "year": 12}[part] * previous
            return f"date_trunc('{part}', l) = date_trunc('{part}', {self.now}) - to_months({step})"
        if window.endswith("d"):
            days, off = int(window[:-1]), int((back or "0d")[:-1])
            return f"t > {self.micros} - {days + off} * {DAY} AND t <= {self.micros} - {off} * {DAY}"
        months = int(window[:-2]) * (12 if window.endswith("y") else 1)
        return f"{self.now} < months_on(l, {months})"

    def answer(self, metric, where):
        """What the metric is for everybody: a dict by customer, in minor units and days."""
        verb = next(iter(metric))
        stream, _, x = metric[verb].partition(".")
        keep = [f"t <= {self.micros}"]
        if verb != "open":
            keep.append(self.window(metric.get("window"), metric.get("offset")))
        if stream == "orders" and not (verb in ("sum", "share", "trend") and x in MONEY):
            keep.append(self.sales)
        if verb not in ("share", "open"):
            keep.append(where)
        periods(self.db, metric.get("every"), self.now)
        self.db.execute(f"CREATE OR REPLACE MACRO n() AS {metric.get('n', 1)}")
        closes = "kind = 'redeemed'" if verb == "open" else "FALSE"
        column = {"open": metric.get("key"), "trend": x or "key"}.get(verb, x or "key")
        value = "t" if column == "time" else column
        weight = metric.get("by", "x.key").partition(".")[2]
        self.db.execute(
            f"CREATE OR REPLACE TEMP TABLE counted AS SELECT customer, l AS time, key, {value} AS x, {weight} AS w, "
            f"coalesce({where}, FALSE) AS part, coalesce({where}, FALSE) AS opens, {closes} AS closes "
            f"FROM {stream} WHERE {' AND '.join(f'({condition})' for condition in keep)}")
        query = QUERIES[verb + ("_by" if "by" in metric else "")]
        if verb == "trend" and x:
            query = query.replace("count(*)", "coalesce(sum(x), 0)")
        if verb == "top" and metric.get("n"):
            query = f"SELECT list(x) FROM ({query.replace('LIMIT 1', 'LIMIT n()')})"
        query = query.replace("FROM e", "FROM (SELECT * FROM counted WHERE counted.customer = people.customer) AS e")
        return dict(self.db.execute(f"SELECT people.customer, ({query}) FROM people").fetchall())


def periods(db, every, now):
    period = {None: "0", "7d": "(local_day(l) - 4) // 7", "1mo": "year(l) * 12 + month(l)", "3mo": "year(l) * 4 + quarter(l)"}
    db.execute(f"CREATE OR REPLACE MACRO period(l) AS {period[every]}")
    db.execute(f"CREATE OR REPLACE MACRO this_period() AS period({now})")


def grocery_world(data):
    files = data / "completejourney"
    lines = (f"SELECT household_id AS customer, timestamp AS l, row_number() OVER () - 1 AS key, department, brand, quantity, store_id, "
             f"CAST(basket_id AS BIGINT) AS basket, CAST(round(sales_value * 100) AS BIGINT) AS amount, "
             f"CAST(round(retail_discount * 100) + round(coupon_discount * 100) AS BIGINT) AS discount "
             f"FROM read_csv('{files}/order_lines.csv', parallel = FALSE, types = {{'store_id': 'VARCHAR', 'basket_id': 'DOUBLE'}})")
    return World({
        "lines": lines,
        "orders": f"SELECT customer, l, basket AS key, store_id AS store, CAST(sum(amount) AS BIGINT) AS amount, "
                  f"CAST(sum(discount) AS BIGINT) AS discount FROM ({lines}) GROUP BY ALL",
        "interactions":
            f"SELECT household_id AS customer, CAST(start_date AS TIMESTAMP) AS l, 'mailed' AS kind, campaign_id AS campaign, 0 AS key "
            f"FROM read_csv('{files}/campaigns.csv') AS mailing JOIN read_csv('{files}/campaign_descriptions.csv') AS campaign USING (campaign_id) "
            f"UNION ALL SELECT household_id, CAST(redemption_date AS TIMESTAMP), 'redeemed', campaign_id, 1 "
            f"FROM read_csv('{files}/coupon_redemptions.csv')",
        "answers": f"SELECT household_id AS customer, TIMESTAMP '2017-01-01' AS l, age FROM read_csv('{files}/demographics.csv')",
    }, "CASE WHEN l >= TIMESTAMP '2017-03-12 02:00' AND l < TIMESTAMP '2017-11-05 02:00' THEN -4 ELSE -5 END", "amount >= 0")


def music_world(data):
    return World({"orders": f"SELECT customer_id AS customer, CAST(date AS TIMESTAMP) AS l, row_number() OVER () AS key, "
                            f"quantity AS pieces, CAST(round(amount * 100) AS BIGINT) AS amount "
                            f"FROM read_csv('{data}/cdnow/orders.csv', parallel = FALSE)"}, "0", "amount > 0")


# The conditions of the two policies in SQL.
CONDITIONS = {
    None: "TRUE",
    "amount < 2.00": "amount < 200",
    "department == 'GROCERY' || department == 'PRODUCE'": "department IN ('GROCERY', 'PRODUCE')",
    "brand == 'Private'": "brand = 'Private'",
    "kind == 'mailed'": "kind = 'mailed'",
    "kind == 'redeemed'": "kind = 'redeemed'",
    "pieces >= 3": "pieces >= 3",
}


def music_engine(data):
    """The tags of the mail-order shop; its classes are played in the test of the journey."""
    document = {name: value for name, value in policy_of("music").items() if name not in ("classifications", "models", "calibrate", "actions")}
    return profiles.music(data / "cdnow", patron.Policy(document))


def told(value, unit):
    """A value of a profile in the unit of its query."""
    if value is None:
        return None
    if unit == "money":
        return int(value * 100)
    if isinstance(value, dt.datetime):
        return (value - dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)) // dt.timedelta(microseconds=1)
    if isinstance(value, dt.timedelta):
        return value // dt.timedelta(microseconds=1)
    return value


def wanted_of(value, metric):
    """What a query says, rounded as docs/metrics.md rounds it: half to even."""
    verb = next(iter(metric))
    if value is None:
        return None
    if verb == "mean" and metric[verb] == "orders.amount":
        return round(value)
    if verb in ("gap_last", "gap_mean", "gap_median"):
        return round(value * DAY)
    return set(value) if isinstance(value, list) else value


def agree(value, wanted):
    if isinstance(wanted, float) and value is not None:
        return math.isclose(value, wanted, rel_tol=1e-12, abs_tol=1e-14)
    if isinstance(wanted, set) and value is not None:  # a table shows a set as its members
        return set(value.split(",")) == wanted
    return value == wanted


def wanted_tags(world, policy):
    """Every tag of everybody by SQL: metrics as queries, ratios from them, and the rest as the policy says it."""
    found, units = {}, {}
    for tag in policy["tags"]:
        metric, name = tag.get("metric"), tag["name"]
        if metric and "ratio" in metric:
            above, below = (found[part] for part in metric["ratio"])
            found[name] = {who: above[who] / below[who] if below[who] else None for who in above}
        elif metric:
            answers = world.answer(metric, CONDITIONS[metric.get("where")])
            found[name] = {who: wanted_of(value, metric) for who, value in answers.items()}
            verb = next(iter(metric))
            if verb in ("sum", "mean", "min", "max") and metric[verb].endswith((".amount", ".discount")):
                units[name] = "money"
    return found, units


def compare(engine, world, policy, now, derived):
    engine.advance(now)
    world.at(now)
    table = engine.profiles()
    customers = table["customer"].to_list()
    wanted, units = wanted_tags(world, policy)
    for name, make in derived.items():
        wanted[name] = {who: make({tag: values.get(who) for tag, values in wanted.items()}, who) for who in wanted["spend"]}
    assert set(wanted) == {tag["name"] for tag in policy["tags"]}
    known = 0
    for name, answers in wanted.items():
        values = table[name].to_list()
        for who, value in zip(customers, values, strict=True):
            value = told(value, units.get(name))
            assert agree(value, answers[who]), f"{name} of {who} at {now}: {value}, by SQL {answers[who]}"
            known += answers[who] is not None
    return customers, known


def policy_of(name):
    return json.loads((ROOT / "examples" / "policies" / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def supermarket(data):
    """The engine of the example, which goes on from test to test."""
    return profiles.grocery(data / "completejourney")


# At the first instant the basket of household 712 of 18 July is 90 days old to the second: it has just left.
@pytest.mark.parametrize("now", ["2017-10-16 11:23:40", "2018-01-01 00:00:00"])
def test_every_tag_of_the_supermarket_is_what_sql_says_for_everybody(data, supermarket, now):
    world = grocery_world(data)
    asked = {who for (who,) in world.db.execute("SELECT customer FROM answers WHERE age IS NOT NULL").fetchall()}
    redeemed = dict(world.db.execute(
        f"SELECT customer, count(*) FROM interactions WHERE kind = 'redeemed' AND l <= TIMESTAMP '{now}' GROUP BY 1").fetchall())
    customers, known = compare(supermarket, world, policy_of("grocery"), now, {
        "falling": lambda tag, _: tag["spend_90d_before"] > 0 and tag["spend_90d"] * 2 < tag["spend_90d_before"],
        "engagement": lambda tag, who: float(
            10 * (who in asked) + 20 * (tag["weeks_in_a_row"] >= 4) + 10 * (tag["departments_90d"] >= 5)
            + min(30, 5 * redeemed.get(who, 0))),
    })
    assert len(customers) > 2300 and known > 30 * len(customers)


# Orders of CDNOW are of midnight, so at midnight some are at the very border of every window.
def test_every_tag_of_the_mail_order_shop_is_what_sql_says_for_everybody(data):
    engine, world = music_engine(data), music_world(data)
    for now in ("1997-12-15 00:00:00", "1998-07-01 00:00:00"):
        customers, known = compare(engine, world, policy_of("music"), now, {
            "repeat_buyer": lambda tag, _: tag["days_active"] >= 2,
            "falling": lambda tag, _: tag["spend_180d_before"] > 0 and tag["spend_180d"] * 2 < tag["spend_180d_before"],
            "engagement": lambda tag, _: float(
                20 * tag["repeat_buyer"] + min(50, 5 * tag["orders_all"]) + 10 * ((tag["records_per_order"] or 0) >= 3)),
        })
        assert len(customers) == 23_570 and known > 15 * len(customers)


def test_the_example_prints_a_profile_with_its_sources(data, supermarket, capsys):
    """Household 718, as SQL over the file has it."""
    (orders, cents, first), = duckdb.sql(
        f"SELECT count(DISTINCT basket_id), sum(CAST(round(sales_value * 100) AS BIGINT)), min(timestamp) "
        f"FROM read_csv('{data}/completejourney/order_lines.csv') WHERE household_id = 718").fetchall()
    profiles.run(supermarket, "2018-01-01", 718, ("segment", "tier", "abc", "audiences"))
    said = capsys.readouterr().out
    assert f"Spend so far: {cents // 100}.{cents % 100:02} (metric of orders, newest of 2017-12-23)" in said
    assert f"orders_all: {orders} (metric of orders" in said and f"first_order: {first}-05:00" in said
    assert "Children: 3+ (attribute of kids" in said and "rfm: cuts of recency" in said
    for name in ("segment", "tier", "abc"):
        assert sum(supermarket.distribution(name)["customers"]) == len(supermarket.classes())


def test_the_example_says_which_data_are_missing(tmp_path, capsys):
    (tmp_path / "cdnow").mkdir()
    assert profiles.main([str(tmp_path)]) == 2
    assert "has no completejourney:" in capsys.readouterr().err
