"""Every form of the same orders gives the same result."""

import datetime as dt
import gc
import weakref

import kinds
import pytest

import patron


def score(orders, **options):
    return patron.rfm(orders, customer="id", time="at", amount="paid", **options)


def expected(ids):
    return score(kinds.lists(ids)).to_dict()


@pytest.mark.parametrize("ids", [kinds.IDS, kinds.NAMES], ids=["ints", "strings"])
@pytest.mark.parametrize("make", kinds.installed(), ids=lambda make: make.__name__)
def test_every_kind_of_input_gives_the_same_result(make, ids):
    assert score(make(ids)).to_dict() == expected(ids)


def aware():
    """The forms whose times have a zone."""
    names = ("utc_times", "shanghai_times", "pandas_zone", "arrow_types")
    return [make for make in kinds.installed() if make.__name__ in names]


@pytest.mark.parametrize("make", aware(), ids=lambda make: make.__name__)
def test_times_with_a_zone_keep_their_instant_in_any_zone_of_the_call(make):
    result = score(make(kinds.IDS), timezone="Asia/Shanghai")
    assert result["last_order"][1] == dt.datetime(2026, 2, 11, 12, tzinfo=dt.timezone.utc)
    # 20 January 23:59:59.999999 UTC is the 21st in Shanghai, and 11 February 18:45 is the 12th.
    assert result["recency_days"].to_list() == [2, 1, 1, 43]


def test_the_common_result_is_right_by_hand():
    # ann/7: orders on 5 January and 10 February; the refund of 5.50 counts as money only.
    # bob/8: 20 January and 11 February. 9: 80.00 on 11 February; 0.00 on the 12th is no order.
    # 10: 31 December. as_of is the newest time in the rows, 12 February 07:00.
    result = expected(kinds.IDS)
    assert result["customer"] == [7, 8, 9, 10]
    assert result["orders"] == [2, 2, 1, 1]
    assert result["order_days"] == [2, 2, 1, 1]
    assert result["recency_days"] == [2, 1, 1, 43]
    assert result["monetary_minor"] == [5000, 1535, 8000, 4400]
    assert result["monetary"] == [50.0, 15.35, 80.0, 44.0]
    utc = dt.timezone.utc
    assert result["first_order"][0] == dt.datetime(2026, 1, 5, 9, 30, tzinfo=utc)
    assert result["last_order"][1] == dt.datetime(2026, 2, 11, 12, tzinfo=utc)


def test_counts_come_with_the_result():
    result = score(kinds.lists(kinds.IDS))
    assert (result.rows, result.zero_amounts, result.refunds) == (8, 1, 1)
    assert (result.rounded, result.waiting, len(result.refused)) == (0, 0, 0)
    assert result.as_of == dt.datetime(2026, 2, 12, 7, tzinfo=dt.timezone.utc)


def test_a_result_is_an_input():
    first = score(kinds.lists(kinds.IDS))
    second = patron.rfm(first, customer="customer", time="last_order", amount="monetary")
    assert second["customer"].to_list() == [7, 8, 9, 10]
    assert second["monetary"].to_list() == first["monetary"].to_list()


def test_columns_of_a_table_are_columns_of_a_mapping():
    first = score(kinds.lists(kinds.IDS))
    orders = {"who": first["customer"], "when": first["last_order"], "paid": [1.0, 2.0, 3.0, 4.0]}
    result = patron.rfm(orders, customer="who", time="when", amount="paid")
    assert result["monetary"].to_list() == [1.0, 2.0, 3.0, 4.0]


def test_dates_mean_their_local_midnight():
    orders = {"id": [1], "at": [dt.date(2026, 3, 1)], "paid": [1]}
    result = score(orders, timezone="Asia/Shanghai")
    assert result["first_order"][0] == dt.datetime(2026, 2, 28, 16, tzinfo=dt.timezone.utc)


def test_dates_beside_datetimes_without_a_zone_are_midnights():
    orders = {"id": [1, 1], "at": [dt.date(2026, 3, 1), dt.datetime(2026, 3, 1, 5)], "paid": [1, 1]}
    result = score(orders)
    assert (result["orders"][0], result["order_days"][0]) == (2, 1)
    assert result["first_order"][0] == dt.datetime(2026, 3, 1, tzinfo=dt.timezone.utc)


def test_none_in_lists_is_null():
    orders = {
        "id": [1, None, 1, 1],
        "at": ["2026-01-01", "2026-01-02", None, "2026-01-04"],
        "paid": [1.5, 1, 1, None],
    }
    refused = score(orders).refused.to_dict()
    assert refused["row"] == [1, 2, 3]
    assert refused["column"] == ["id", "at", "paid"]
    assert refused["reason"] == ["null customer", "null time", "null amount"]


def test_ids_beyond_int64_are_unsigned_and_refused_one_by_one():
    orders = {"id": [2**63 - 1, 2**64 - 1], "at": ["2026-01-01"] * 2, "paid": [1, 2]}
    result = score(orders)
    assert result["customer"].to_list() == [2**63 - 1]
    assert result.refused["row"].to_list() == [1]


def test_floats_of_a_list_are_ids_again_when_whole():
    orders = {"id": [1.0, float("nan"), 2.0], "at": ["2026-01-01"] * 3, "paid": [1, 2, 3]}
    result = score(orders)
    assert result["customer"].to_list() == [1, 2]
    assert result.refused["reason"].to_list() == ["null customer"]


def float_id_tables():
    """Ids 2, missing, 2, 1 as float64, as tables of several libraries, in one chunk and in two."""
    columns = {"id": [2.0, None, 2.0, 1.0], "at": ["2026-01-01"] * 4, "paid": [1.0, 2.0, 3.0, 4.0]}
    if kinds.have("polars"):
        pl = __import__("polars")
        frame = pl.DataFrame(columns)
        yield "polars", frame
        yield "polars in chunks", pl.concat([frame[:1], frame[1:]], rechunk=False)
        yield "polars, lazy", frame.lazy()
        yield "polars, NaN", frame.with_columns(pl.col("id").fill_null(float("nan")))
        yield "polars, float32", frame.with_columns(pl.col("id").cast(pl.Float32))
        yield "polars series", {name: frame[name] for name in frame.columns}
    if kinds.have("pyarrow"):
        pa = __import__("pyarrow")
        table = pa.table(columns)
        yield "pyarrow", table
        yield "pyarrow in chunks", pa.concat_tables([table[:1], table[1:]])
        yield "pyarrow arrays", {name: table[name] for name in table.column_names}
    if kinds.have("pandas"):
        yield "pandas", __import__("pandas").DataFrame(columns)


@pytest.mark.parametrize("orders", [o for _, o in float_id_tables()], ids=[n for n, _ in float_id_tables()])
def test_float_ids_of_tables_are_whole_numbers_and_nulls(orders):
    result = score(orders)
    assert result["customer"].to_list() == [1, 2]
    assert result["monetary"].to_list() == [4.0, 4.0]
    assert result.refused["row"].to_list() == [1]
    assert result.refused["reason"].to_list() == ["null customer"]


@pytest.mark.skipif(not kinds.have("polars"), reason="needs Polars")
def test_float_order_ids_of_polars_are_whole_numbers():
    columns = {"id": [1, 1, 1], "at": ["2026-01-01"] * 3, "paid": [1, 2, 3], "order": [7.0, 7.0, 8.0]}
    assert score(__import__("polars").DataFrame(columns), order="order")["orders"].to_list() == [2]


@pytest.mark.skipif(not kinds.have("polars"), reason="needs Polars")
def test_float_ids_with_a_fraction_are_refused():
    orders = __import__("polars").DataFrame({"id": [2.0, 1.5], "at": ["2026-01-01"] * 2, "paid": [1, 2]})
    with pytest.raises(patron.DataError, match="row 1: 1.5 is no whole number"):
        score(orders)


def test_a_generator_is_a_column():
    orders = {"id": (i for i in (1, 2)), "at": ["2026-01-01"] * 2, "paid": range(1, 3)}
    assert score(orders)["monetary"].to_list() == [1.0, 2.0]


if kinds.have("numpy"):
    import numpy as np

    def test_contiguous_arrays_are_read_where_they_are():
        from patron._numpy import column_from_numpy

        for values in (np.arange(5), np.arange(5.0), np.arange(5).astype("M8[us]")):
            column = column_from_numpy("x", values, "any")
            assert column.values.address == values.__array_interface__["data"][0]

    def test_arrays_live_no_longer_than_the_call():
        orders = kinds.numpy_arrays(kinds.IDS)
        watched = weakref.ref(orders["paid"])
        result = score(orders)
        del orders
        gc.collect()
        assert watched() is None
        assert len(result) == 4

    def test_not_a_time_is_a_null_time():
        orders = kinds.numpy_arrays(kinds.IDS)
        orders["at"][3] = np.datetime64("NaT")
        refused = score(orders).refused
        assert refused.to_dict() == {"row": [3], "column": ["at"], "reason": ["null time"]}

    def test_nan_in_an_array_is_refused_with_its_row():
        orders = kinds.numpy_arrays(kinds.IDS)
        orders["paid"][[1, 4]] = [np.nan, -np.inf]
        refused = score(orders).refused
        assert refused["row"].to_list() == [1, 4]
        assert set(refused["reason"]) == {"amount is NaN or infinite"}

    def test_masked_values_are_null():
        orders = kinds.numpy_arrays(kinds.IDS)
        orders["paid"] = np.ma.masked_array(orders["paid"], mask=[0, 1, 0, 0, 0, 0, 0, 0])
        assert score(orders).refused["reason"].to_list() == ["null amount"]

    def test_float_ids_with_a_nan_are_whole_numbers_and_a_null():
        orders = kinds.numpy_arrays([1.0, float("nan"), 2, 1, 1, 1, 1, 1])
        result = score(orders)
        assert result["customer"].to_list() == [1, 2]
        assert result.refused["reason"].to_list() == ["null customer"]

    @pytest.mark.parametrize("unit", ["D", "h", "m", "s", "ms"])
    def test_every_unit_of_datetime64_is_understood(unit):
        times = np.array(["2026-01-01", "2026-02-03"], dtype=f"M8[{unit}]")
        result = score({"id": [1, 1], "at": times, "paid": [1, 1]})
        assert result["last_order"][0] == dt.datetime(2026, 2, 3, tzinfo=dt.timezone.utc)


if kinds.have("pandas"):
    import pandas as pd

    def test_pandas_nulls_of_every_sort_are_nulls():
        frame = pd.DataFrame(
            {
                "id": pd.array([1, pd.NA, 1, 1], dtype="Int64"),
                "at": [pd.Timestamp("2026-01-01"), pd.Timestamp("2026-01-02"), pd.NaT, pd.Timestamp("2026-01-04")],
                "paid": pd.array([1.5, 1, 1, pd.NA], dtype="Float64"),
            }
        )
        expected_reasons = ["null customer", "null time", "null amount"]
        assert score(frame).refused["reason"].to_list() == expected_reasons
        assert score(frame.astype(object)).refused["reason"].to_list() == expected_reasons

    def test_a_missing_string_or_category_is_a_null_customer():
        for kind in ("object", "category", "string"):
            frame = pd.DataFrame({"id": ["a", None], "at": ["2026-01-01"] * 2, "paid": [1, 2]})
            frame["id"] = frame["id"].astype(kind)
            result = score(frame)
            assert result["customer"].to_list() == ["a"], kind
            assert result.refused["reason"].to_list() == ["null customer"], kind

    def test_a_frame_is_not_changed():
        frame = kinds.pandas_frame(kinds.IDS)
        before = frame.copy()
        score(frame)
        pd.testing.assert_frame_equal(frame, before)

    def test_the_index_of_a_frame_does_not_matter():
        frame = kinds.pandas_frame(kinds.IDS)
        assert score(frame.set_index(frame["paid"] * 3)).to_dict() == expected(kinds.IDS)


if kinds.have("pyarrow"):

    def test_arrays_of_arrow_are_given_back_when_the_call_is_over():
        import pyarrow as pa

        from patron import _arrow

        before = pa.total_allocated_bytes()
        orders = kinds.dict_of_arrow(kinds.NAMES)
        score(orders)
        assert _arrow._adopted == {}
        del orders
        gc.collect()
        assert pa.total_allocated_bytes() == before


if kinds.have("duckdb"):

    def test_a_duckdb_column_may_have_any_name():
        import duckdb

        query = 'SELECT 1 AS "the ""id""", DATE \'2026-01-01\' AS at, 2 AS paid'
        relation = duckdb.connect().sql(query)
        result = patron.rfm(relation, customer='the "id"', time="at", amount="paid")
        assert result["monetary"].to_list() == [2.0]
