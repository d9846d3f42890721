"""Summaries, historic value and the plain formula: real orders against DuckDB SQL, and what is refused."""

import csv
import datetime as dt
import math
from decimal import Decimal, localcontext

import kinds
import pytest

import patron
from patron import ArgumentError, DataError, PolicyError, ltv

NAMES = {"customer": "id", "time": "at", "amount": "paid"}


def orders(days, amounts, ids=None):
    """Orders of customer 1 (or of `ids`) so many days after 2026-01-01."""
    first = dt.date(2026, 1, 1)
    return {
        "id": ids or [1] * len(days),
        "at": [first + dt.timedelta(days=day) for day in days],
        "paid": amounts,
    }


def row(result, index=0):
    return [result[name][index] for name in result.columns[1:]]


def test_the_definition_by_hand():
    log = orders([0, 7, 7, 21, 40], [10.0, 20.0, 5.0, 30.0, 8.0])
    made = ltv.summary(log, **NAMES, calibration_end="2026-01-29")
    assert made.columns == ["customer", "frequency", "recency", "T", "monetary", "frequency_holdout",
                            "monetary_holdout", "duration_holdout"]
    assert row(made) == [2, 3.0, 4.0, 27.5, 1, 8.0, 12 / 7]
    assert made.calibration_end == dt.datetime(2026, 1, 29, tzinfo=dt.timezone.utc)
    assert made.observation_end == dt.datetime(2026, 2, 10, tzinfo=dt.timezone.utc)
    assert made.unit == "week" and made.rows == 5 and len(made.refused) == 0
    assert "weeks until 2026-02-10" in repr(made)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"unit": "day"}, [3, 40.0, 40.0, 21.0]),
        ({"unit": "hour"}, [3, 960.0, 960.0, 21.0]),
        ({"unit": "month"}, [3, 1 + 9 / 28, 1 + 9 / 28, 21.0]),
        ({"unit": "quarter"}, [3, 40 / 90, 40 / 90, 21.0]),
        ({"unit": "year"}, [3, 40 / 365, 40 / 365, 21.0]),
        ({"money": "total"}, [3, 40 / 7, 40 / 7, 63.0]),
        ({"first_order": "keep"}, [3, 40 / 7, 40 / 7, 73 / 4]),
        ({"unit": "month", "collapse": "unit"}, [1, 1.0, 1.0, 8.0]),
        ({"unit": "day", "collapse": "none"}, [3, 40.0, 40.0, 21.0]),
        ({"unit": "day", "observation_end": "2026-03-01"}, [3, 40.0, 59.0, 21.0]),
        ({"unit": "day", "observation_end": dt.date(2026, 1, 30)}, [2, 21.0, 29.0, 27.5]),
    ],
)
def test_every_option_reaches_the_library(options, expected):
    log = orders([0, 7, 7, 21, 40], [10.0, 20.0, 5.0, 30.0, 8.0])
    assert row(ltv.summary(log, **NAMES, **options)) == expected


def test_without_an_amount_there_is_no_money():
    log = orders([0, 7], [math.nan, -5.0])
    made = ltv.summary(log, customer="id", time="at", calibration_end="2026-01-02")
    assert made.columns == ["customer", "frequency", "recency", "T", "frequency_holdout",
                            "duration_holdout"]
    assert row(made) == [0, 0.0, 1 / 7, 1, 6 / 7]


def test_refunds_and_free_orders():
    log = orders([0, 7, 14, 21], [10.0, 20.0, 0.0, -8.0])
    assert row(ltv.summary(log, **NAMES, unit="day")) == [2, 14.0, 21.0, 6.0]
    made = ltv.summary(log, **NAMES, unit="day", zero="ignore")
    assert row(made) == [1, 7.0, 21.0, 12.0] and (made.zero_amounts, made.refunds) == (1, 1)
    assert row(ltv.summary(log, **NAMES, unit="day", refunds="ignore"))[3] == 10.0
    log["order"] = [1, 2, 3, 1]
    assert row(ltv.summary(log, **NAMES, order="order", unit="day"))[3] == 10.0  # -8 in the first
    made = ltv.summary(log, **NAMES, order="order", unit="day", refunds="own_time")
    assert row(made)[3] == 6.0


def test_who_is_not_in_the_calibration_is_counted():
    log = orders([0, 30, 5], [10.0, 20.0, -3.0], ids=["ann", "bob", "cem"])
    made = ltv.summary(log, **NAMES, calibration_end="2026-01-10")
    assert made["customer"].to_list() == ["ann"]
    assert (made.later_customers, made.without_orders) == (1, 1)


def test_local_days_are_those_of_the_zone():
    at = [dt.datetime(2026, 1, 1, hour, tzinfo=dt.timezone.utc) for hour in (10, 15, 17)]
    log = {"id": [1, 1, 1], "at": at, "paid": [1.0, 2.0, 4.0]}
    assert row(ltv.summary(log, **NAMES, unit="day")) == [0, 0.0, 0.0, 0.0]
    made = ltv.summary(log, **NAMES, unit="day", timezone="Asia/Shanghai")
    assert row(made) == [1, 1.0, 1.0, 4.0]


KINDS = [
    getattr(kinds, name)
    for name in ("lists", "tuples", "text_times", "utc_times", "decimals", "arrays")
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_whatever_holds_the_orders_gives_the_same(kind):
    options = {**NAMES, "calibration_end": dt.date(2026, 2, 1)}
    expected = ltv.summary(kinds.lists(kinds.IDS), **options).to_dict()
    assert ltv.summary(kind(kinds.IDS), **options).to_dict() == expected
    past = ltv.historic(kinds.lists(kinds.IDS), **NAMES).to_dict()
    assert ltv.historic(kind(kinds.IDS), **NAMES).to_dict() == past


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow", "numpy"])
def test_frames_give_the_same(library):
    module = pytest.importorskip(library)
    log = kinds.lists(kinds.IDS)
    expected = ltv.summary(log, **NAMES).to_dict()
    if library == "numpy":
        data = {name: module.asarray(values) for name, values in log.items()}
        data["at"] = data["at"].astype("M8[us]")
    else:
        data = module.table(log) if library == "pyarrow" else module.DataFrame(log)
    assert ltv.summary(data, **NAMES, threads=2).to_dict() == expected


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"customer": "who"}, DataError, 'no column "who"'),
        ({"amount": "price"}, DataError, 'no column "price"'),
        ({"time": 3}, ArgumentError, "time=3: give the name of a column"),
        ({"amount": "id"}, ArgumentError, 'amount="id": this column is already used'),
        ({"unit": "fortnight"}, ArgumentError, "unit='fortnight': give one of 'hour', 'day'"),
        ({"collapse": None}, ArgumentError, "collapse=None"),
        ({"money": "sum"}, ArgumentError, "money='sum'"),
        ({"first_order": True}, ArgumentError, "first_order=True"),
        ({"refunds": "all"}, ArgumentError, "refunds='all'"),
        ({"zero": 0}, ArgumentError, "zero=0"),
        ({"scale": 12}, ArgumentError, "scale is 12"),
        ({"threads": 0}, ArgumentError, "threads=0"),
        ({"timezone": "Mars/Base"}, PolicyError, "Mars/Base"),
        ({"calibration_end": "2027-01-01"}, ArgumentError, "is after the newest order"),
        (
            {"calibration_end": "2026-01-05", "observation_end": "2026-01-03"},
            ArgumentError,
            "calibration_end 2026-01-05T00:00:00Z is after observation_end 2026-01-03T00:00:00Z",
        ),
        ({"calibration_end": "2025-12-31"}, DataError, "is before the first order"),
        ({"observation_end": "2025-12-31"}, DataError, "is before the first order"),
        ({"calibration_end": 5}, ArgumentError, "calibration_end=5: give a datetime"),
        ({"observation_end": "soon"}, DataError, "soon"),
        ({"progress": 7}, ArgumentError, "progress=7"),
    ],
)
def test_bad_options_are_refused(change, error, says):
    log = orders([0, 7], [1.0, 2.0])
    with pytest.raises(patron.Error) as caught:
        ltv.summary(log, **{**NAMES, **change})
    assert isinstance(caught.value, error), caught.value
    assert says in str(caught.value)


def test_bad_rows_are_listed_or_raised():
    log = orders([0, 7, 9, 14], [10.0, math.nan, None, 20.0])
    made = ltv.summary(log, **NAMES)
    assert row(made) == [1, 2.0, 2.0, 20.0]
    assert made.refused["row"].to_list() == [1, 2]
    assert made.refused["column"].to_list() == ["paid", "paid"]
    assert made.refused["reason"].to_list()[0] == "amount is NaN or infinite"
    assert ", 2 rows refused" in repr(made)
    with pytest.raises(DataError) as caught:
        ltv.summary(log, **NAMES, on_bad_row="raise")
    assert caught.value.row == 1


def test_no_orders_are_an_error():
    with pytest.raises(DataError, match="no rows"):
        ltv.summary(orders([], [], ids=[]), **NAMES)
    with pytest.raises(DataError, match="no row is an order"):
        ltv.summary(orders([0, 1], [-1.0, -2.0]), **NAMES)
    with pytest.raises(DataError, match="no rows"):
        ltv.historic(orders([], [], ids=[]), **NAMES)


def test_progress_is_told_and_may_stop():
    log = orders([0, 7], [1.0, 2.0])
    shares = []
    ltv.summary(log, **NAMES, progress=shares.append, workspace=patron.Workspace())
    assert shares == sorted(shares) and shares[-1] <= 1

    def stop(share):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        ltv.historic(log, **NAMES, progress=stop, workspace=patron.Workspace())


# -- Historic value and the plain formula ----------------------------------------------------------


def test_historic_value_by_hand():
    log = orders([0, 365, 365], [100.0, 50.0, -20.0])
    log["kept"] = [30.0, 10.0, -5.0]
    past = ltv.historic(log, **NAMES, margin="kept", rate_per_year=0.1)
    years = 365 / 365.2425
    assert past["orders"].to_list() == [2] and past["years"].to_list() == [years]
    assert (past["revenue"][0], past["margin"][0]) == (130.0, 35.0)
    assert past["annual_spend"][0] == 130 / years
    assert past["revenue_at_as_of"][0] == pytest.approx(100 * 1.1**years + 30, rel=1e-15)
    assert past["margin_at_as_of"][0] == pytest.approx(30 * 1.1**years + 5, rel=1e-15)
    assert past.as_of == dt.datetime(2027, 1, 1, tzinfo=dt.timezone.utc) and past.refunds == 1
    assert "HistoricResult as of 2027-01-01" in repr(past)


def test_who_never_bought_has_no_years():
    past = ltv.historic(orders([0, 5], [-3.0, 8.0], ids=[1, 2]), **NAMES)
    assert past["years"].to_list() == [None, 0.0]
    assert past["annual_spend"].to_list() == [None, None]
    assert past["first_order"].to_list()[0] is None
    assert past["revenue"].to_list() == [-3.0, 8.0] == past["revenue_at_as_of"].to_list()


def test_historic_value_refuses():
    log = orders([0, 5], [1.0, 2.0])
    with pytest.raises(ArgumentError, match="above -1"):
        ltv.historic(log, **NAMES, rate_per_year=-1)
    with pytest.raises(ArgumentError, match="rate_per_year='much'"):
        ltv.historic(log, **NAMES, rate_per_year="much")
    with pytest.raises(DataError, match='no column "profit"'):
        ltv.historic(log, **NAMES, margin="profit")
    with pytest.raises(DataError, match="before the first order"):
        ltv.historic(log, **NAMES, as_of="2020-01-01")


def test_the_plain_formula_is_the_integral():
    def exact(spend, years, rate):
        with localcontext() as context:
            context.prec = 60
            log = (1 + Decimal(rate)).ln()
            return float(Decimal(spend) * (1 - (-log * Decimal(years)).exp()) / log)

    for rate in (0.08, -0.3, 1e-12, 5.0):
        for years in (0.001, 1.0, 7.25, 300.0):
            # A rounding of years x log(1 + rate) is felt in the power, so many times as that is large.
            rounding = 4e-15 * max(1, abs(years * math.log1p(rate)))
            found = ltv.plain(240.0, years, rate_per_year=rate)
            assert found == pytest.approx(exact(240.0, years, rate), rel=rounding)
    assert ltv.plain(240, 5) == 1200 and ltv.plain(240, 5, margin=0.25) == 300
    assert ltv.plain(240, math.inf, rate_per_year=0.1) == pytest.approx(240 / math.log(1.1))


def test_the_plain_formula_on_columns():
    assert ltv.plain([240, 100], [5, 2]).to_list() == [1200, 200]
    assert ltv.plain(240, [5, 2]).to_list() == [1200, 480]
    values = ltv.plain((240.0, None, math.nan), 2).to_list()
    assert values[0] == 480 and all(map(math.isnan, values[1:]))
    assert ltv.plain([], 3).to_list() == []
    past = ltv.historic(orders([0, 5], [-3.0, 8.0], ids=[1, 2]), **NAMES, as_of="2027-01-01")
    worth = ltv.plain(past["annual_spend"], past["years"])
    assert math.isnan(worth[0]) and worth[1] == pytest.approx(8.0, rel=1e-15)
    assert math.isnan(ltv.plain(None, 3)) and math.isnan(ltv.plain(3, math.nan))


def test_the_plain_formula_reads_arrays():
    numpy = pytest.importorskip("numpy")
    spend = numpy.array([240, 100], dtype="f4")
    assert numpy.asarray(ltv.plain(spend, numpy.float64(2))).tolist() == [480, 200]
    assert ltv.plain(numpy.float32(2), 3) == 6
    with pytest.raises(ArgumentError, match="one column, not 2 dimensions"):
        ltv.plain(spend.reshape(1, 2), 2)
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": [240.0, None], "b": [1, 2]})
    assert ltv.plain(frame["a"], frame["b"]).to_list()[0] == 240


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((1, -2), "years is -2; it must not be below 0"),
        (([1, 1], [3, -2]), "row 1: years is -2"),
        ((math.inf, 2), "annual_spend is infinite"),
        ((1, math.inf), "years is infinite"),
        ((1, 2, 1, -1), "rate_per_year is -1;"),
        ((1, 2, math.nan), "margin is no finite number"),
        (([1, 2, 3], [1, 2]), "annual_spend has 3 rows and years 2"),
        (("much", 2), "annual_spend='much'"),
        ((["much"], 2), "annual_spend"),
        ((True, 2), "annual_spend=True"),
        ((1, 2, "most"), "margin='most'"),
    ],
)
def test_the_plain_formula_refuses(arguments, says):
    with pytest.raises(ArgumentError) as caught:
        ltv.plain(*arguments)
    assert says in str(caught.value)


# -- Real orders ------------------------------------------------------------------------------------


def read_csv(path, columns):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [convert(row[name]) for row in rows] for name, convert in columns.items()}


def cdnow_sample(data):
    sample = set(read_csv(data / "cdnow" / "sample_customers.csv", {"customer_id": int})["customer_id"])
    columns = {"customer_id": int, "date": str, "amount": float}
    log = read_csv(data / "cdnow" / "orders.csv", columns)
    keep = [c in sample for c in log["customer_id"]]
    return {name: [v for v, k in zip(values, keep) if k] for name, values in log.items()}


CDNOW = {"customer": "customer_id", "time": "date", "amount": "amount"}


def test_cdnow_comes_to_the_published_totals(data):
    made = ltv.summary(cdnow_sample(data), **CDNOW, calibration_end="1997-09-30")
    assert len(made) == 2357  # Fader, Hardie and Lee (2005); the sums are those their fits start from
    assert sum(made["frequency"]) == 2457
    assert math.fsum(made["recency"]) == pytest.approx(16135.571429, abs=5e-7)
    assert math.fsum(made["T"]) == pytest.approx(77111.285714, abs=5e-7)
    assert sum(made["frequency_holdout"]) == 1882
    assert sum(x > 0 for x in made["frequency"]) == 946
    assert set(made["duration_holdout"]) == {39.0}


if kinds.have("duckdb", "pyarrow"):
    import duckdb

    # `lines` has customer, id, day, minor: rows of an id are one order at its first day; rows below zero
    # are refunds, at the day of the order they name, else at their own. Money counts from the day after
    # the first one on.
    SUMMARY = """
        WITH lines AS (SELECT * FROM ({lines}) WHERE day <= DATE '{end}'),
        dated AS (
            SELECT customer, minor,
                   coalesce(min(CASE WHEN minor >= 0 THEN day END) OVER (PARTITION BY customer, id), day)
                       AS day,
                   minor >= 0 AS is_order
            FROM lines
        ),
        days AS (
            SELECT customer, day, sum(minor)::BIGINT AS minor, bool_or(is_order) AS is_order
            FROM dated GROUP BY ALL
        ),
        firsts AS (SELECT customer, min(day) AS first FROM days WHERE is_order GROUP BY customer)
        SELECT customer, count(*) FILTER (is_order) - 1 AS frequency,
               max(day) FILTER (is_order) - any_value(first) AS recency,
               DATE '{end}' - any_value(first) AS T,
               coalesce(sum(minor) FILTER (day > first), 0)::BIGINT AS minor
        FROM days JOIN firsts USING (customer) GROUP BY customer ORDER BY customer
    """
    HOLDOUT = """
        WITH lines AS ({lines}),
        days AS (SELECT customer, day, sum(minor)::BIGINT AS minor FROM lines
                 WHERE day > DATE '{end}' GROUP BY ALL)
        SELECT customer, count(*), sum(minor)::BIGINT FROM days GROUP BY customer
    """

    def compare(made, lines, end, connection):
        rows = connection.sql(SUMMARY.format(lines=lines, end=end)).fetchall()
        expected = [
            (c, x, t_x / 7, t / 7, minor / (100 * x) if x else 0.0) for c, x, t_x, t, minor in rows
        ]
        names = ("customer", "frequency", "recency", "T", "monetary")
        got = list(zip(*(made[name].to_list() for name in names)))
        assert len(got) == len(expected)
        assert [(g, e) for g, e in zip(got, expected) if g != e] == []

    def test_every_customer_of_cdnow_is_summarised_as_duckdb_does(data):
        path = str(data / "cdnow" / "orders.csv")
        connection = duckdb.connect()
        orders = connection.sql(f"SELECT * FROM read_csv('{path}')")
        made = ltv.summary(orders, **CDNOW, calibration_end="1997-09-30", threads=2)
        lines = f"""SELECT customer_id AS customer, row_number() OVER () AS id, date AS day,
                           round(amount * 100)::BIGINT AS minor FROM read_csv('{path}')"""
        compare(made, lines, "1997-09-30", connection)
        found = connection.sql(HOLDOUT.format(lines=lines, end="1997-09-30")).fetchall()
        later = {customer: (x, minor / (100 * x)) for customer, x, minor in found}
        got = zip(made["customer"], zip(made["frequency_holdout"], made["monetary_holdout"]))
        assert [g for g in got if g[1] != later.get(g[0], (0, 0.0))] == []

    def test_every_household_of_the_grocery_orders_is_summarised_as_duckdb_does(data):
        path = str(data / "completejourney" / "order_lines.csv")
        connection = duckdb.connect()
        rows = connection.sql(f"SELECT * FROM read_csv('{path}', all_varchar = true)")
        household, basket, time, value = (
            next(name for name in rows.columns if any(name.startswith(w) for w in wanted))
            for wanted in (("household",), ("basket",), ("time", "trans_t", "date"), ("sales", "value"))
        )
        lines = f"""SELECT {household} AS customer, {basket} AS id, {time}::TIMESTAMP AS at,
                           {time}::TIMESTAMP::DATE AS day, {value}::DECIMAL(18, 4) AS value,
                           round({value}::DOUBLE * 100)::BIGINT AS minor
                    FROM read_csv('{path}', all_varchar = true)"""
        names = {"customer": "customer", "time": "at", "amount": "value", "order": "id"}
        end = connection.sql(f"SELECT max(day) FROM ({lines})").fetchall()[0][0]
        made = ltv.summary(connection.sql(lines), **names)
        compare(made, lines, end, connection)

    def test_every_customer_of_cdnow_was_worth_what_duckdb_says(data):
        path = str(data / "cdnow" / "orders.csv")
        connection = duckdb.connect()
        orders = connection.sql(f"SELECT *, amount / 4 AS margin FROM read_csv('{path}')")
        past = ltv.historic(orders, **CDNOW, margin="margin", scale=4, rate_per_year=0.1)
        expected = connection.sql(f"""
            WITH ends AS (SELECT max(date) AS as_of FROM read_csv('{path}'))
            SELECT customer_id, count(*), sum(round(amount * 10000)::BIGINT)::BIGINT,
                   sum(round(amount * 2500)::BIGINT)::BIGINT,
                   fsum(amount * pow(1.1, (as_of - date) / 365.2425)),
                   (any_value(as_of) - min(date)) / 365.2425
            FROM read_csv('{path}'), ends GROUP BY customer_id ORDER BY customer_id
        """).fetchall()
        names = ("customer", "orders", "revenue", "margin", "revenue_at_as_of", "years")
        got = list(zip(*(past[name].to_list() for name in names)))
        assert len(got) == len(expected)
        for g, (customer, count, minor, margin, grown, years) in zip(got, expected):
            assert g[:4] == (customer, count, minor / 10000, margin / 10000)
            assert g[4] == pytest.approx(grown, rel=1e-13)
            assert g[5] == pytest.approx(years, rel=1e-15)
