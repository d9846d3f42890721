"""Bad input: each mistake is refused with a message that names the thing, the place and the remedy."""

import datetime as dt
import threading

import kinds
import pytest

import patron

GOOD = {"id": [1, 2], "at": ["2026-01-01", "2026-02-01"], "paid": [1.0, 2.0]}


def score(orders=GOOD, **options):
    return patron.rfm(orders, customer="id", time="at", amount="paid", **options)


def refused(kind, code_name, **options):
    orders = options.pop("orders", GOOD)
    with pytest.raises(kind) as caught:
        score(orders, **options)
    assert caught.value.code_name == code_name, caught.value
    return caught.value


def frames():
    yield GOOD
    if kinds.have("pandas"):
        yield __import__("pandas").DataFrame(GOOD)
    if kinds.have("polars"):
        yield __import__("polars").DataFrame(GOOD)
        yield __import__("polars").DataFrame(GOOD).lazy()
    if kinds.have("pyarrow"):
        yield __import__("pyarrow").table(GOOD)
        yield __import__("pyarrow").table(GOOD).to_reader()
    if kinds.have("duckdb"):
        yield __import__("duckdb").connect().sql('SELECT 1 AS id, \'2026\' AS "at", 2 AS paid')


@pytest.mark.parametrize("orders", list(frames()), ids=lambda o: type(o).__name__)
def test_an_unknown_column_is_named_with_those_there_are(orders):
    with pytest.raises(patron.DataError, match='no column "piad".*"paid".*"id", "at", "paid"') as caught:
        patron.rfm(orders, customer="id", time="at", amount="piad")
    assert caught.value.code_name == "column"


def test_an_unknown_column_of_a_result_is_named_by_the_library():
    with pytest.raises(patron.DataError, match="monetry.*monetary") as caught:
        patron.rfm(score(), customer="customer", time="last_order", amount="monetry")
    assert caught.value.code_name == "column"


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("id", [1.5, 2], 'column "id", row 0: 1.5 is no whole number; give integers, or strings where they are ids'),
        ("id", [1, "a"], "row 1: 'a' .str. beside 1 .int.; give integers or strings"),
        ("id", [True, False], "a truth value; give integers or strings"),
        ("id", [object(), object()], "give integers or strings"),
        ("at", ["2026-01-01", dt.date(2026, 1, 1)], "row 1: .* beside .*; give dates, datetimes or ISO"),
        ("at", [1, 2], 'column "at" is int64'),
        ("paid", ["1", "2"], 'column "paid" is'),
        ("paid", [1, "2"], "row 1: '2' .str. beside 1 .int.; give numbers"),
        ("paid", [1 + 2j, 3], "give numbers"),
        ("paid", {"a": 1}, 'column "paid" is a mapping'),
        ("paid", "12", "column \"paid\" is '12'; give a list"),
    ],
)
def test_a_column_of_the_wrong_type_says_which_would_be_right(column, values, message):
    with pytest.raises(patron.DataError, match=message) as caught:
        score({**GOOD, column: values})
    assert caught.value.code_name == "type"


def test_times_with_and_without_a_zone_do_not_mix():
    mixed = [dt.datetime(2026, 1, 1), dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc)]
    with pytest.raises(patron.DataError, match="row 1: .* has a zone, unlike .*; give all times"):
        score({**GOOD, "at": mixed})


def test_lengths_that_differ_are_named():
    error = refused(patron.DataError, "length", orders={**GOOD, "paid": [1.0]})
    assert str(error) == (
        'column "paid" has 1 rows, but "id" has 2; all columns of a table have one length'
    )


def test_an_empty_table_and_one_of_nulls_have_nothing_to_score():
    refused(patron.DataError, "empty", orders={"id": [], "at": [], "paid": []})
    nothing = {"id": [None, None], "at": ["2026-01-01"] * 2, "paid": [1, 2]}
    refused(patron.DataError, "empty", orders=nothing)
    refused(patron.DataError, "empty", orders={**GOOD, "paid": [None, None]})


def test_bad_rows_are_refused_with_number_column_and_reason():
    orders = {
        "id": [1, None, 1, 1, 1, 1, 1],
        "at": ["2026-01-01", "2026-01-02", None, "2026-01-04", "10000-01-05", "yesterday", "2026-01-07"],
        "paid": [1.0, 1.0, 1.0, float("nan"), 1.0, 1.0, float("inf")],
    }
    result = score(orders)
    assert result["orders"].to_list() == [1]
    listed = list(zip(*result.refused.to_dict().values()))
    assert [row for row, _, _ in listed] == [1, 2, 3, 4, 5, 6]
    assert [column for _, column, _ in listed] == ["id", "at", "paid", "at", "at", "paid"]
    assert listed[0][2] == "null customer"
    assert listed[2][2] == listed[5][2] == "amount is NaN or infinite"


@pytest.mark.parametrize(
    ("column", "bad", "code_name"),
    [
        ("id", None, "null"),
        ("at", None, "null"),
        ("paid", None, "null"),
        ("paid", float("nan"), "number"),
        ("paid", float("-inf"), "number"),
        ("paid", 1e300, "overflow"),
        ("at", "soon", "time"),
        ("at", "12026-01-01", "time"),
    ],
)
def test_the_first_bad_row_fails_the_call_when_asked(column, bad, code_name):
    orders = {name: [*values, values[0]] for name, values in GOOD.items()}
    orders[column] = [*GOOD[column], bad]
    error = refused(patron.DataError, code_name, orders=orders, on_bad_row="raise")
    assert error.row == 2
    assert score(orders).refused["row"].to_list() == [2]


def test_a_customer_whose_money_overflows_is_named():
    orders = {"id": [5, 5], "at": ["2026-01-01"] * 2, "paid": [9e16, 9e16]}
    error = refused(patron.DataError, "overflow", orders=orders)
    assert "5" in str(error)


def test_as_of_before_the_first_order_is_refused():
    error = refused(patron.DataError, "time", as_of="2025-12-31")
    assert "2025-12-31" in str(error)


@pytest.mark.parametrize("as_of", [20260101, 1.5, "", "NaT", b"2026-01-01"])
def test_as_of_that_is_no_time_says_what_is(as_of):
    with pytest.raises((patron.ArgumentError, patron.DataError), match="as_of|ISO|time"):
        score(as_of=as_of)


def test_an_unknown_zone_proposes_the_nearest():
    error = refused(patron.PolicyError, "zone", timezone="Asia/Shangai")
    assert "Asia/Shangai" in str(error) and "Asia/Shanghai" in str(error)


def test_a_column_that_is_there_twice_is_refused():
    twice = []
    if kinds.have("pandas"):
        pandas = __import__("pandas")
        twice.append(pandas.concat([pandas.DataFrame(GOOD)] * 2, axis=1))
    if kinds.have("pyarrow"):
        table = __import__("pyarrow").table(GOOD)
        twice.append(table.append_column("id", table["id"]))
        twice.append(twice[-1].to_reader())
    for orders in twice:
        error = refused(patron.DataError, "column", orders=orders)
        assert str(error) == '2 columns are named "id"; rename all but one'


def test_a_window_longer_than_time_is_refused_and_does_not_wrap_around():
    # 2^64 microseconds are 213,503,982.3 days.
    with pytest.raises(patron.ArgumentError, match="too long; nothing lasts beyond the year 9999"):
        score(window=dt.timedelta(days=213_503_983))
    assert score(window=dt.timedelta(days=100_000_000))["frequency"].to_list() == [1, 1]
    if kinds.have("numpy"):
        numpy = __import__("numpy")
        assert score(window=numpy.timedelta64(30, "D"))["frequency"].to_list() == [0, 1]
        for days in (213_503_983, 2**62):
            with pytest.raises(patron.ArgumentError, match="too long"):
                score(window=numpy.timedelta64(days, "D"))
        for value in (numpy.timedelta64(1, "Y"), numpy.timedelta64("NaT")):
            with pytest.raises(patron.ArgumentError, match="give text with a unit"):
                score(window=value)


def test_a_window_needs_a_unit():
    error = refused(patron.PolicyError, "syntax", window="90")
    assert "90d" in str(error)
    with pytest.raises(patron.ArgumentError, match="window=90: give text with a unit"):
        score(window=90)
    with pytest.raises(patron.ArgumentError, match="above zero"):
        score(window=dt.timedelta(0))


def test_a_table_with_gaps_or_other_bins_is_refused():
    error = refused(patron.PolicyError, "document", table="rfm_r_0_2")
    assert "gap" in str(error)
    error = refused(patron.ArgumentError, "argument", scores=4)
    assert "for 5 scores an axis, but recency has 4" in str(error)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"scores": 1, "table": None}, "1"),
        ({"scores": 11, "table": None}, "11"),
        ({"scores": "5"}, "scores"),
        ({"scores": (5, 5)}, "scores=.5, 5.: give one for all axes, or three"),
        ({"scores": 2.5}, "scores=2.5"),
        ({"scores": {"money": 5}}, "no axis 'money'; the axes are recency, frequency, monetary"),
        ({"method": "median"}, "method='median': give one of 'quantile', 'nearest', 'fixed'"),
        ({"method": "fixed"}, 'needs cuts={"recency"'),
        ({"cuts": {"recency": [9, 3]}, "table": None}, "recency cut 2 is below the one before it"),
        ({"cuts": {"r": [3]}}, "no axis 'r'"),
        ({"cuts": {"recency": "x"}}, "give a list of numbers"),
        ({"cuts": 5}, "cuts=5: give an RfmCuts"),
        ({"refunds": "no"}, "refunds='no': give one of 'net', 'own_time', 'ignore'"),
        ({"zero": True}, "zero=True"),
        ({"scale": 12}, "12"),
        ({"scale": "2"}, "scale='2'"),
        ({"threads": 0}, "threads=0"),
        ({"octant": "mode"}, "octant='mode'"),
        ({"octant_names": "new"}, "octant_names='new'"),
        ({"language": "de"}, "language='de'"),
        ({"on_gap": None}, "on_gap=None"),
        ({"on_bad_row": "skip"}, "on_bad_row='skip'"),
        ({"timezone": None}, "timezone=None"),
        ({"order": "at"}, "already used for another purpose"),
        ({"order": ""}, "order='': give the name of a column"),
    ],
)
def test_options_outside_their_domain_say_what_is_inside(options, message):
    with pytest.raises(patron.ArgumentError, match=message):
        score(**options)


def test_frozen_cuts_bring_their_own_bins():
    cuts = score().cuts
    with pytest.raises(patron.ArgumentError, match="bring their own"):
        score(cuts=cuts, scores=4)


def test_invalid_utf8_is_refused():
    error = refused(patron.DataError, "utf8", orders={**GOOD, "id": [b"a", b"\xff\xfe"]})
    assert "id" in str(error)
    error = refused(patron.DataError, "utf8", orders={**GOOD, "id": ["a", "\udcff"]})
    assert error.row == 1 and "lone surrogate" in str(error)


@pytest.mark.parametrize("orders", [None, 5, "orders.csv", [1, 2], object()], ids=repr)
def test_what_is_no_table_is_refused(orders):
    with pytest.raises(patron.ArgumentError, match="is no table; give a DataFrame"):
        score(orders)


def test_a_capsule_that_was_taken_before_is_refused():
    capsule = score().__arrow_c_stream__()

    class Once:
        def __arrow_c_stream__(self, requested_schema=None):
            return capsule

    options = {"customer": "customer", "time": "last_order", "amount": "monetary"}
    assert len(patron.rfm(Once(), **options)) == 2
    with pytest.raises((patron.StateError, patron.DataError), match="released"):
        patron.rfm(Once(), **options)


def test_a_capsule_that_is_none_is_refused():
    class Wrong:
        def __init__(self, value):
            self.value = value

        def __arrow_c_stream__(self, requested_schema=None):
            return self.value

    for value in (None, 5, score().__arrow_c_schema__()):
        with pytest.raises(patron.DataError, match="no Arrow capsule named arrow_array_stream"):
            score(Wrong(value))


if kinds.have("pyarrow"):

    def test_types_that_patron_does_not_read_are_named():
        import pyarrow as pa

        table = pa.table({**GOOD, "id": [[1], [2]]})
        with pytest.raises(patron.DataError, match="id") as caught:
            score(table)
        assert caught.value.code_name == "type"

    def test_invalid_utf8_of_arrow_is_refused():
        import pyarrow as pa

        broken = pa.array([b"a", b"\xff"]).view(pa.string())
        error = refused(patron.DataError, "utf8", orders=pa.table({**GOOD, "id": broken}))
        assert "id" in str(error)


if kinds.have("numpy"):

    def test_arrays_of_two_dimensions_and_odd_types_are_refused():
        import numpy as np

        with pytest.raises(patron.DataError, match=r"shape \(2, 1\); give an array of one dimension"):
            score({**GOOD, "paid": np.ones((2, 1))})
        with pytest.raises(patron.DataError, match="array of complex128"):
            score({**GOOD, "paid": np.ones(2, dtype=complex)})
        with pytest.raises(patron.DataError, match=r"timedelta64\[Y\]|int64|duration"):
            score({**GOOD, "at": np.ones(2, dtype="m8[Y]")})
        with pytest.raises(patron.DataError, match="row 1: 2.5 is no whole number"):
            score({**GOOD, "id": np.array([1, 2.5])})


def test_every_error_is_a_patron_error_and_a_builtin_one():
    from patron import errors

    parents = {
        "ArgumentError": ValueError,
        "PolicyError": ValueError,
        "DataError": ValueError,
        "StateError": RuntimeError,
        "IoError": OSError,
        "ResourceError": MemoryError,
        "Cancelled": patron.Error,
        "CallbackError": patron.Error,
        "InternalError": patron.Error,
    }
    for name, parent in parents.items():
        kind = getattr(patron, name)
        error = kind("text", row=3)
        assert isinstance(error, patron.Error) and isinstance(error, parent)
        assert (str(error), error.row, error.byte_offset) == ("text", 3, None)
    for code, name in errors.CODE_NAMES.items():
        assert errors.error_from_code(code, "x").code_name == name


def test_a_failed_call_leaves_nothing_behind_for_other_threads():
    results, failures = [], []

    def work(good):
        for _ in range(20):
            try:
                results.append(score().to_dict() if good else score(timezone="X/Y"))
            except patron.PolicyError as error:
                failures.append(str(error))

    threads = [threading.Thread(target=work, args=(i % 2 == 0,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == len(failures) == 40
    assert all("X/Y" in text for text in failures)
    assert all(result == results[0] for result in results)
