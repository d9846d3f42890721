"""Ranks and classes through Python; expected values are worked out by hand."""

import array
from decimal import Decimal

import kinds
import pytest

import patron


def test_abc_by_share_takes_in_whoever_crosses_it():
    # Of 1000: 500 (50 %), 300 (80 %), 150 (95 %), 30 (98 %), 20 (100 %).
    abc = patron.rank([500, 20, 300, 30, 150], share=(0.8, 0.95))
    assert abc["rank"].to_list() == [1, 5, 2, 4, 3]
    assert abc["cumulative_share"].to_list() == [0.5, 1.0, 0.8, 0.98, 0.95]
    assert abc["class"].to_list() == [0, 2, 0, 2, 1]
    assert (abc.members, abc.cuts, abc.ranked) == ([2, 1, 2], [300.0, 150.0], 5)


def test_ties_share_a_rank_and_a_class():
    # Of 10: 4, then 2 + 2 together reach 80 %, so both are inside 50 %.
    result = patron.rank([2, 4, 2, 1, 1], share=0.5)
    assert result["rank"].to_list() == [2, 1, 2, 4, 4]
    assert result["class"].to_list() == [0, 0, 0, 1, 1]


def test_top_leaves_out_a_group_that_does_not_fit():
    result = patron.rank([5, 3, 3, 1], top=2)
    assert result["class"].to_list() == [0, 1, 1, 1]
    assert (result.members, result.cuts) == ([1, 3], [5.0])


def test_top_percent_counts_the_values_that_are_there():
    result = patron.rank([4, None, 3, 2, 1], top_percent=(25, 50))
    assert result["class"].to_list() == [0, None, 1, 2, 2]
    assert result["rank"].to_list() == [1, None, 2, 3, 4]
    assert result.ranked == 4


@pytest.mark.parametrize(
    "values",
    [
        [3, 1, 2],
        (3.0, 1.0, 2.0),
        [Decimal("3.00"), Decimal(1), Decimal("2.0")],
        array.array("i", [3, 1, 2]),
        range(3, 0, -1),
    ],
    ids=["ints", "floats", "decimals", "array", "range"],
)
def test_every_kind_of_number_is_ranked(values):
    result = patron.rank(values, top=1)
    assert sorted(result["rank"]) == [1, 2, 3]
    assert result.cuts == [3.0]


def test_a_column_of_a_result_is_ranked():
    orders = {"c": [1, 2, 3], "t": ["2026-01-01"] * 3, "a": [1, 5, 3]}
    scored = patron.rfm(orders, customer="c", time="t", amount="a")
    assert patron.rank(scored["monetary_minor"], top=1)["rank"].to_list() == [3, 1, 2]


if kinds.have("numpy"):

    def test_arrays_are_ranked():
        import numpy as np

        for kind in ("f8", "f4", "i2", "u8", ">i4"):
            values = np.array([3, 1, 2], dtype=kind)
            assert patron.rank(values, top=1)["rank"].to_list() == [1, 3, 2]


if kinds.have("pandas"):

    def test_series_of_pandas_are_ranked():
        import pandas as pd

        series = pd.Series([3, 1, None], dtype="Int64", index=[5, 6, 7])
        assert patron.rank(series, top=1)["rank"].to_list() == [1, 2, None]


if kinds.have("polars"):

    def test_series_of_polars_are_ranked():
        import polars as pl

        assert patron.rank(pl.Series([3, 1, None]), top=1)["rank"].to_list() == [1, 2, None]


if kinds.have("pyarrow"):

    def test_arrays_of_pyarrow_are_ranked():
        import pyarrow as pa

        assert patron.rank(pa.array([3, 1, None]), top=1)["rank"].to_list() == [1, 2, None]
        chunked = pa.chunked_array([[3.5], [1], [None]])
        assert patron.rank(chunked, top=1)["rank"].to_list() == [1, 2, None]
        assert patron.rank(pa.array([9, 3, 4, 2])[1:3], top=1)["rank"].to_list() == [2, 1]

    def test_arrays_that_hold_no_numbers_are_refused():
        import pyarrow as pa

        with pytest.raises(patron.DataError, match='"values" is list.*give numbers'):
            patron.rank(pa.array([[1], [2]]), top=1)
        with pytest.raises(patron.DataError, match='"values" is a table; give one of its columns'):
            patron.rank(pa.table({"a": [1, 2]}), top=1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "exactly one of share=, top= and top_percent="),
        ({"share": 0.5, "top": 1}, "exactly one.*not share and top"),
        ({"share": (0.9, 0.8)}, "0.8 comes after 0.9"),
        ({"share": 1.5}, "1.5"),
        ({"top_percent": 0}, "0"),
        ({"top": -1}, "-1"),
        ({"top": 1.5}, "top=1.5"),
        ({"share": "most"}, "share='most'"),
    ],
)
def test_options_that_make_no_sense_are_refused(options, message):
    with pytest.raises(patron.ArgumentError, match=message):
        patron.rank([1, 2], **options)


def test_values_that_cannot_be_ranked_are_refused():
    with pytest.raises(patron.DataError) as caught:
        patron.rank([1.0, float("nan")], top=1)
    assert (caught.value.code_name, caught.value.row) == ("number", 1)
    with pytest.raises(patron.ArgumentError) as negative:
        patron.rank([1.0, -2.0], share=0.5)
    assert negative.value.row == 1
    for nothing in ([], [None, None]):
        with pytest.raises(patron.DataError) as empty:
            patron.rank(nothing, top=1)
        assert empty.value.code_name in ("empty", "type")
    with pytest.raises(patron.DataError, match="'x'.*give numbers"):
        patron.rank(["x", 1], top=1)
    with pytest.raises(patron.DataError, match='column "values" is 5'):
        patron.rank(5, top=1)


def test_a_table_in_place_of_a_column_is_refused():
    table = patron.rank([1, 2], top=1)
    with pytest.raises(patron.DataError, match='"values" is a table; give one of its columns') as caught:
        patron.rank(table, top=1)
    assert caught.value.code_name == "type"
    with pytest.raises(patron.DataError, match='"scores" is a table; give one of its columns'):
        patron.nps(table)
