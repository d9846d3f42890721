"""Engines at their edges: tables without values, the least integer, damaged bytes, closing in the middle of a call."""

import datetime as dt
import io
from decimal import Decimal

import pytest

import patron

POLICY = {
    "patron": 1, "name": "edges", "customer": {"id": "string"}, "money": {"currency": "EUR", "scale": 2},
    "streams": {"orders": {"key": "order_id"}}, "identities": {"keys": ["phone"]},
    "attributes": {"vip": {"type": "bool"}, "born": {"type": "date"}, "level": {"type": "int64"},
                   "name": {"type": "string"}, "limit": {"type": "money"}, "since": {"type": "timestamp"},
                   "factor": {"type": "double"}, "wait": {"type": "duration"}, "kind": {"type": "enum"}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount", "window": "90d"}}],
    "classifications": [{"name": "tier", "kind": "ladder", "classes": [
        {"name": "gold", "enter": "spend >= 100"}, {"name": "guest"}]}]}
NUMBERS = {**POLICY, "customer": {"id": "int64"}}


def living(policy=POLICY, customer="anna"):
    engine = patron.Engine(policy)
    engine.ingest("orders", {"customer": [customer], "time": ["2026-01-10"], "amount": [120], "order_id": ["a"]})
    engine.advance("2026-02-01")
    return engine


@pytest.mark.parametrize("policy", [POLICY, NUMBERS], ids=["texts", "numbers"])
def test_lists_without_a_value_are_columns_of_whatever_type_is_asked(policy):
    customer = "anna" if policy is POLICY else 7
    engine = living(policy, customer)
    before = engine.state_hash()
    nothing = {"customer": [], "time": [], "amount": [], "order_id": []}
    assert engine.ingest("orders", nothing).rows == 0
    assert engine.delete("orders", {"customer": [], "order_id": []}).rows == 0
    assert engine.set_attributes({"customer": [], "time": [], **{name: [] for name in POLICY["attributes"]}}).rows == 0
    assert engine.link({"first": [], "second": []}).rows == 0
    assert engine.unlink({"first": [], "second": []}).rows == 0
    assert engine.claim({"customer": [], "phone": []}).rows == 0
    assert len(engine.classes([])) == 0
    assert len(engine.profiles(customers=[])) == 0
    assert engine.state_hash() == before


def test_nulls_alone_are_refused_where_a_value_is_needed_and_said_to_be_nulls():
    engine = living()
    report = engine.ingest("orders", {"customer": [None], "time": [None], "amount": [None], "order_id": [None]})
    assert report.refused_rows == 1
    assert "null" in report.refused["reason"][0]
    report = engine.link({"first": [None], "second": [None]})
    assert report.refused["reason"].to_list() == ["null first"]
    report = engine.delete("orders", {"customer": ["anna"], "order_id": [None]})
    assert "null" in report.refused["reason"][0]


def test_nulls_alone_are_attributes_without_a_value():
    engine = living()
    values = {name: [None] for name in POLICY["attributes"]}
    assert engine.set_attributes({"customer": ["anna"], **values}).refused_rows == 0
    engine.set_attributes({"customer": ["anna"], "vip": [True], "level": [3]})
    report = engine.set_attributes({"customer": ["anna"], "time": ["2026-03-01"], **values}, nulls="clear")
    assert report.refused_rows == 0
    engine.advance("2026-03-02")
    assert engine.profile("anna")["level"].value is None


@pytest.mark.parametrize(("blank", "kind"), [([], float), ([None], object), ([float("nan")], float)])
def test_what_has_no_value_goes_with_every_column(blank, kind):
    pandas = pytest.importorskip("pandas")
    engine = patron.Engine(
        {
            "patron": 1,
            "name": "shop",
            "customer": {"id": "string"},
            "streams": {"orders": {"key": "order_id", "columns": {"gift": "bool", "sent": "date"}}},
            "attributes": {"city": {"type": "string"}},
        }
    )
    engine.advance("2026-01-01")
    known = {"customer": ["a"] * len(blank), "time": ["2026-01-01"] * len(blank), "amount": [5] * len(blank)}
    known = {name: pandas.Series(values, dtype=object) for name, values in known.items()}
    empty = {name: pandas.Series(blank, dtype=kind) for name in ("category", "gift", "sent")}
    keys = pandas.Series([f"k{i}" for i in range(len(blank))], dtype=object)
    report = engine.ingest("orders", pandas.DataFrame({**known, **empty, "order_id": keys}))
    assert (report.rows, report.accepted) == (len(blank), len(blank))
    cities = pandas.DataFrame({"customer": known["customer"], "city": pandas.Series(blank, dtype=kind)})
    assert engine.set_attributes(cities).refused_rows == 0
    nobody = pandas.Series(blank, dtype=kind)
    assert engine.link(pandas.DataFrame({"first": nobody, "second": nobody})).refused_rows == len(blank)
    numpy = pytest.importorskip("numpy")
    lists = {name: list(values) for name, values in known.items()}
    nothing = {name: numpy.array(blank, dtype=float) for name in empty}
    report = engine.ingest("orders", {**lists, **nothing, "order_id": [f"n{i}" for i in range(len(blank))]})
    assert report.accepted == len(blank)


def test_midnights_are_dates():
    pandas = pytest.importorskip("pandas")
    policy = {"patron": 1, "name": "x", "streams": {"orders": {}}, "attributes": {"birthday": {"type": "date"}}}
    engine = patron.Engine(policy)
    days = {"customer": ["a", "b"], "birthday": pandas.to_datetime(["1980-02-03 00:00", "1980-02-03 10:00"])}
    engine.advance("2026-01-01")
    report = engine.set_attributes(pandas.DataFrame(days))
    assert report.refused["reason"].to_list() == ["birthday: a time of day where a date is wanted"]
    seen = engine.profiles(["birthday"])
    assert engine.set_attributes(seen.to_pandas()).duplicates == 1


def test_a_time_that_is_none_says_why():
    engine = patron.Engine({"patron": 1, "name": "x", "streams": {"orders": {"key": "order_id"}}})
    order = {"customer": ["a"], "time": ["2026-02-30"], "amount": [1], "order_id": ["k"]}
    report = engine.ingest("orders", order, now="2026-03-01")
    assert report.refused["reason"][0] == (
        'time: text that is no time: "2026-02-30" has a day that 2026-02 does not have'
    )
    with pytest.raises(patron.DataError, match='whole numbers want "int64" as its type in the policy'):
        engine.ingest("orders", {**order, "order_id": [1]})


def test_the_least_integer_is_no_id_and_no_null():
    engine = living(NUMBERS, 7)
    report = engine.ingest(
        "orders", {"customer": [-(2**63), None, 8], "time": ["2026-02-02"] * 3, "amount": [1] * 3, "order_id": ["b"] * 3})
    assert sorted(zip(report.refused["row"], report.refused["reason"])) == [
        (0, "customer: out of range"), (1, "null customer")]
    assert report.accepted == 1


def test_a_whole_number_that_is_too_large_is_told_the_range():
    policy = patron.Policy({"patron": 1, "name": "shop", "streams": {"orders": {}}})
    with pytest.raises(patron.ArgumentError, match="memory_limit=.*from -9,223,372,036,854,775,808 to 9,223"):
        patron.Engine(policy, memory_limit=2**63)
    with pytest.raises(patron.ArgumentError, match="threads=4294967296: .*from -2,147,483,648 to 2,147,483,647"):
        patron.Engine(policy, threads=2**32)


def test_a_number_that_is_not_whole_is_said_to_be_none():
    engine = living()
    with pytest.raises(patron.errors.DataError, match=r'column "level", row 0: 1.5 is no whole number'):
        engine.set_attributes({"customer": ["anna"], "level": [1.5]})


@pytest.mark.parametrize("odd", ["NaN", "sNaN", "-Infinity"])
def test_a_decimal_that_is_no_number_is_a_bad_row_and_takes_no_digit_of_another(odd):
    orders = {"customer": ["anna", "berta"], "time": ["2026-01-10"] * 2, "order_id": ["a", "b"]}
    engine = patron.Engine(POLICY)
    report = engine.ingest("orders", {**orders, "amount": [Decimal("12.34"), Decimal(odd)]})
    assert (report.accepted, report.refused["reason"].to_list()) == (1, ["amount: NaN or infinite"])
    # As a double it would be .92 or .94: 2^53 + 1 cents.
    with pytest.raises(patron.DataError, match=f'"amount", row 1: -?{odd.strip("-")} is no number'):
        engine.ingest("orders", {**orders, "amount": [Decimal("90071992547409.93"), Decimal(odd)]})
    assert engine.stats().events == 1


def test_an_array_of_structs_is_a_table():
    pa = pytest.importorskip("pyarrow")
    columns = {"customer": ["x", "anna", "berta"], "time": ["2026-01-10"] * 3, "amount": [1.0, 2.0, 3.0],
               "order_id": ["a", "b", "c"]}
    orders = pa.StructArray.from_arrays([pa.array(c) for c in columns.values()], list(columns))
    engine = patron.Engine(POLICY)
    assert engine.ingest("orders", orders[1:]).accepted == 2
    assert engine.ingest("orders", pa.chunked_array([orders])).duplicates == 2


@pytest.mark.parametrize("days", [999_999_999, -999_999_999, 106_751_992])
def test_durations_beyond_64_bits_are_bad_rows_and_harm_no_other(days):
    engine = patron.Engine(POLICY)
    waits = [dt.timedelta(days=days), dt.timedelta(days=30)]
    report = engine.set_attributes({"customer": ["anna", "berta"], "time": ["2026-01-01"] * 2, "wait": waits})
    assert (report.accepted, report.refused["row"].to_list()) == (1, [0])
    assert report.refused["reason"].to_list() == ["wait: out of range"]


def test_phones_with_a_bracket_before_the_plus_are_phones():
    engine = living()
    report = engine.claim({"customer": ["anna", "ben"], "phone": ["(+49) 170 1234567", "0049 170 1234567"]})
    assert report.refused_rows == 0
    engine.advance("2026-02-02")
    assert engine.key_meetings()["linked"].to_list() == [True]


def test_damaged_bytes_are_one_kind_of_error():
    file = io.BytesIO()
    living().save(file)
    data = file.getvalue()
    kinds = set()
    for at in range(0, len(data), 7):
        for changed in (data[:at], data[:at] + bytes([data[at] ^ 0x41]) + data[at + 1:]):
            with pytest.raises(patron.errors.Error) as error:
                patron.Engine.load(changed)
            kinds.add(type(error.value))
    assert kinds == {patron.errors.PolicyError}
    assert patron.Engine.load(data).state_hash() == living().state_hash()


@pytest.mark.parametrize("call", ["progress", "on_transitions", "forecast", "compare", "profiles", "snapshot"])
def test_an_engine_is_not_closed_from_within_its_own_callbacks(call):
    engine = living()
    engine.ingest("orders", {"customer": ["ben"], "time": ["2026-02-10"], "amount": [500], "order_id": ["z"]})
    snapshot = engine.snapshot()
    closing = snapshot if call == "snapshot" else engine

    def close(_):
        closing.close()

    calls = {
        "progress": lambda: engine.advance("2026-03-01", progress=close),
        "on_transitions": lambda: engine.advance("2026-03-01", on_transitions=close),
        "forecast": lambda: engine.forecast("2026-12-01", progress=close),
        "compare": lambda: engine.compare({**POLICY, "name": "other"}, progress=close),
        "profiles": lambda: engine.profiles(progress=close),
        "snapshot": lambda: snapshot.profiles(progress=close),
    }
    with pytest.raises(patron.errors.StateError, match="close it when that has ended"):
        calls[call]()
    assert len(engine) == 2
    assert len(snapshot) == 2
    engine.close()
    engine.close()


def test_calibrations_are_listed():
    engine = patron.Engine({
        **POLICY, "calibrate": {"min_customers": 1},
        "classifications": [{"name": "abc", "kind": "rank", "by": "spend", "classes": [
            {"name": "A", "share": 0.6}, {"name": "B"}]}]})
    engine.ingest("orders", {"customer": ["anna", "ben"], "time": ["2026-01-10"] * 2, "amount": [90, 10],
                             "order_id": ["a", "b"]})
    engine.advance("2026-02-01")
    assert len(engine.calibrations()) == 0
    engine.calibrate()
    engine.calibrate()
    past = engine.calibrations()
    assert past["number"].to_list() == [1, 2]
    assert past["at"][0] == dt.datetime(2026, 2, 1, tzinfo=dt.timezone.utc)
    assert past["customers"].to_list() == [2, 2]
    assert past["moved"].to_list() == [1, 0]
    assert past["model"].to_list() == ["abc", "abc"]
    assert past["verdict"].to_list() == ["calibrated", "calibrated"]


def test_names_of_classifications_and_files_for_bytes_are_asked_for():
    engine = living()
    with pytest.raises(patron.errors.ArgumentError, match="classification=None: give the name of a classification"):
        engine.explain("anna", None)
    with pytest.raises(patron.errors.ArgumentError, match="value=1: give the name of a class"):
        engine.override("anna", "tier", "pin", 1)
    with pytest.raises(patron.errors.ArgumentError, match="give a file open for bytes; this one is for text"):
        engine.save(io.StringIO())


def test_values_without_an_instant_need_a_clock_that_has_been_moved():
    engine = patron.Engine(POLICY)
    name = next(iter(POLICY["attributes"]))
    for early in (
        lambda: engine.set_attributes({"customer": ["anna"], name: [None]}),
        lambda: engine.claim({"customer": ["anna"], "phone": ["+491701234567"]}),
    ):
        with pytest.raises(patron.StateError, match='give one to each row in a column "time", or advance the clock first'):
            early()
    engine.advance("2026-02-01")
    assert engine.claim({"customer": ["anna"], "phone": ["+491701234567"]}).accepted == 1
