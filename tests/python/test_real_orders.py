"""Real orders from end to end, every customer against an independent evaluation in DuckDB SQL."""

import csv

import kinds
import pytest

import patron


def read_csv(path, columns):
    """The named columns of a CSV file as lists, converted."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [convert(row[name]) for row in rows] for name, convert in columns.items()}


def cdnow(data):
    columns = {"customer_id": int, "date": str, "amount": float}
    return read_csv(data / "cdnow" / "orders.csv", columns)


def grocery(data):
    path = data / "completejourney" / "order_lines.csv"
    with open(path, encoding="utf-8") as file:
        header = file.readline().strip().split(",")
    time = next(name for name in header if "time" in name or "date" in name)
    value = next(name for name in header if name in ("sales_value", "value", "amount"))
    household = next(name for name in header if name.startswith("household"))
    basket = next(name for name in header if name.startswith("basket"))
    lines = read_csv(path, {household: str, time: str, value: float, basket: str})
    return dict(zip(("household", "time", "value", "basket"), lines.values()))


def test_cdnow_has_the_published_size_and_total(data):
    scored = patron.rfm(cdnow(data), customer="customer_id", time="date", amount="amount", zero="count")
    assert (scored.rows, len(scored)) == (69_659, 23_570)
    assert sum(scored["orders"]) == 69_659
    assert len(scored.refused) == 0 and scored.rounded == 0
    assert set(scored["r"]) <= set(range(6))


def test_shares_of_cdnow_add_up(data):
    scored = patron.rfm(cdnow(data), customer="customer_id", time="date", amount="amount")
    abc = patron.rank(scored["monetary_minor"], share=(0.8, 0.95))
    money = scored["monetary_minor"].to_list()
    total = sum(money)
    first = sum(m for m, c in zip(money, abc["class"]) if c == 0)
    assert first >= 0.8 * total > first - abc.cuts[0] * abc["class"].to_list().count(0)
    assert sum(abc.members) == len(scored)


if kinds.have("duckdb", "pyarrow"):
    import duckdb
    import pyarrow

    # An order counts if it is above zero. Scores are 1 + the number of type 7 quantiles strictly below,
    # mirrored for recency, which is in whole days; who never bought has 0 and is not in the sample.
    # Money is in whole minor units, as the library keeps it.
    SCORED = """
        WITH lines AS ({lines}),
        orders AS (
            SELECT customer, min(day) AS day, sum(minor)::BIGINT AS minor
            FROM lines GROUP BY customer, id HAVING sum(minor) > 0
        ),
        base AS (
            SELECT customer, count(*) AS orders, count(DISTINCT day) AS days,
                   (SELECT max(day) FROM lines) - max(day) AS recency, sum(minor)::BIGINT AS minor
            FROM orders GROUP BY customer
        ),
        cut AS (
            SELECT quantile_cont(recency, [0.2, 0.4, 0.6, 0.8]) AS r,
                   quantile_cont(days, [0.2, 0.4, 0.6, 0.8]) AS f,
                   quantile_cont(minor, [0.2, 0.4, 0.6, 0.8]) AS m
            FROM base
        ),
        scored AS (
            SELECT customer, orders, days, recency, minor,
                   5 - list_sum(list_transform(cut.r, lambda q: (recency > q)::INT)) AS r,
                   1 + list_sum(list_transform(cut.f, lambda q: (days > q)::INT)) AS f,
                   1 + list_sum(list_transform(cut.m, lambda q: (minor > q)::INT)) AS m
            FROM base, cut
        )
        SELECT everybody.customer, coalesce(orders, 0), coalesce(days, 0), recency, coalesce(minor, 0),
               coalesce(r, 0), coalesce(f, 0), coalesce(m, 0)
        FROM (SELECT DISTINCT customer FROM lines) AS everybody LEFT JOIN scored USING (customer)
        ORDER BY everybody.customer
    """

    def compare(scored, lines, connection):
        expected = connection.sql(SCORED.format(lines=lines)).fetchall()
        names = ("customer", "orders", "order_days", "recency_days", "monetary_minor", "r", "f", "m")
        got = list(zip(*(scored[name].to_list() for name in names)))
        assert len(got) == len(expected)
        assert [(g, e) for g, e in zip(got, expected) if g != e] == []

    def test_every_customer_of_cdnow_is_scored_as_duckdb_scores_her(data):
        path = str(data / "cdnow" / "orders.csv")
        connection = duckdb.connect()
        orders = connection.sql(f"SELECT * FROM read_csv('{path}')")
        scored = patron.rfm(orders, customer="customer_id", time="date", amount="amount", threads=2)
        lines = f"""SELECT customer_id AS customer, row_number() OVER () AS id, date AS day,
                           round(amount * 100)::BIGINT AS minor FROM read_csv('{path}')"""
        compare(scored, lines, connection)
        assert scored["r"].to_list().count(0) == 68  # whose only orders were free
        again = patron.rfm(cdnow(data), customer="customer_id", time="date", amount="amount", threads=1)
        assert scored.to_dict() == again.to_dict()

    def test_every_household_of_the_grocery_orders_is_scored_as_duckdb_scores_it(data):
        options = {"customer": "household", "time": "time", "amount": "value", "order": "basket"}
        rows = grocery(data)
        scored = patron.rfm(rows, **options)
        table = pyarrow.table(rows)
        connection = duckdb.connect()
        connection.register("rows", table)
        lines = """SELECT household AS customer, basket AS id, time::TIMESTAMP::DATE AS day,
                          round(value * 100)::BIGINT AS minor FROM rows"""
        compare(scored, lines, connection)
        assert scored.to_dict() == patron.rfm(table, **options, threads=2).to_dict()
