"""The options of rfm through Python; expected values are worked out by hand."""

import datetime as dt
import pickle

import kinds
import pytest

import patron

ORDERS = {
    "customer": [1, 1, 2, 2, 3, 4],
    "time": ["2026-01-01", "2026-03-01", "2026-01-15", "2026-01-15T18:00", "2025-06-01", "2026-02-20"],
    "amount": [10, 20, 5.005, 5, 100, 50],
}


def score(orders=ORDERS, **options):
    return patron.rfm(orders, customer="customer", time="time", amount="amount", **options)


def test_as_of_is_an_instant_in_every_form():
    forms = [
        "2026-02-25",
        "2026-02-25T00:00:00Z",
        "2026-02-25T08:00+08:00",
        dt.date(2026, 2, 25),
        dt.datetime(2026, 2, 25),
        dt.datetime(2026, 2, 25, 8, tzinfo=dt.timezone(dt.timedelta(hours=8))),
    ]
    if kinds.have("numpy"):
        import numpy as np

        forms += [np.datetime64("2026-02-25"), np.datetime64("2026-02-25T00:00", "ns")]
    if kinds.have("pandas"):
        import pandas as pd

        forms += [pd.Timestamp("2026-02-25"), pd.Timestamp("2026-02-25 08:00", tz="Asia/Shanghai")]
    for form in forms:
        result = score(as_of=form)
        assert result.as_of == dt.datetime(2026, 2, 25, tzinfo=dt.timezone.utc), form
        assert result.waiting == 1
        assert result["recency_days"].to_list() == [55, 41, 269, 5]


def test_a_wall_clock_and_a_date_are_those_of_the_time_zone():
    for form in ("2026-03-02", dt.date(2026, 3, 2), dt.datetime(2026, 3, 2)):
        result = score(as_of=form, timezone="Asia/Shanghai")
        assert result.as_of == dt.datetime(2026, 3, 1, 16, tzinfo=dt.timezone.utc)


def test_a_window_limits_frequency_and_money_but_not_recency():
    for window in ("30d", dt.timedelta(days=30), "720h"):
        result = score(window=window)
        assert result["frequency"].to_list() == [1, 0, 0, 1]
        assert result["monetary"].to_list() == [20.0, 0.0, 0.0, 50.0]
        assert result["recency_days"].to_list() == [0, 45, 273, 9]
        assert result["orders"].to_list() == [2, 2, 1, 1]
    assert score(window="2mo")["frequency"].to_list() == [1, 1, 0, 1]


def test_amounts_are_rounded_half_to_even_and_counted():
    result = score()
    assert result["monetary_minor"].to_list() == [3000, 1000, 10000, 5000]  # 5.005 is 5.00
    assert result.rounded == 1
    assert score(scale=3)["monetary_minor"].to_list() == [30000, 10005, 100000, 50000]
    assert score(scale=3).rounded == 0


def test_refunds_net_at_their_order_or_their_own_time_or_not_at_all():
    orders = {
        "customer": [1, 1, 1],
        "time": ["2026-01-01", "2026-03-01", "2026-03-02"],
        "amount": [100, 30, -40],
        "order": ["A", "B", "A"],
    }
    options = {"order": "order", "window": "30d"}
    assert score(orders, **options)["monetary"].to_list() == [30.0]
    assert score(orders, refunds="own_time", **options)["monetary"].to_list() == [-10.0]
    assert score(orders, refunds="ignore", order="order")["monetary"].to_list() == [130.0]
    assert score(orders, order="order")["monetary"].to_list() == [90.0]


def test_rows_of_one_order_id_are_one_order():
    orders = {
        "customer": [1, 1, 1],
        "time": ["2026-01-01", "2026-01-01", "2026-01-02"],
        "amount": [1, 2, 3],
        "order": [10, 10, 11],
    }
    assert score(orders)["orders"].to_list() == [3]
    result = score(orders, order="order")
    assert (result["orders"].to_list(), result["monetary"].to_list()) == ([2], [6.0])


def test_zero_amounts_count_only_when_asked():
    orders = {"customer": [1, 1], "time": ["2026-01-01", "2026-01-05"], "amount": [5, 0]}
    assert score(orders)["orders"].to_list() == [1]
    assert score(orders, zero="count")["orders"].to_list() == [2]
    assert score(orders).zero_amounts == 1


def test_fixed_cuts_score_by_the_number_of_cuts_below():
    cuts = {"recency": [1, 10, 60, 300], "frequency": [1, 2, 3, 4], "monetary": [10, 29.99, 30, 99.99]}
    result = score(cuts=cuts)
    # recency 0, 45, 273, 9 days; order days 2, 1, 1, 1; money 30, 10.00 (5.005 is 5.00), 100, 50.
    assert result["r"].to_list() == [5, 3, 2, 4]
    assert result["f"].to_list() == [2, 1, 1, 1]
    assert result["m"].to_list() == [3, 1, 5, 4]
    assert result["code"].to_list() == [523, 311, 215, 414]
    assert result.cuts.recency == patron.AxisCuts("fixed", (1, 10, 60, 300), result.cuts.recency.octant_split)
    assert result.cuts.monetary.cuts == (10.0, 29.99, 30.0, 99.99)


def test_fixed_cuts_of_one_axis_leave_the_others_calibrated():
    result = score(cuts={"recency": [30]}, table=None)
    assert result["r"].to_list() == [2, 1, 1, 2]
    assert [result.cuts.recency.method, result.cuts.frequency.method] == ["fixed", "quantile"]
    assert (result.cuts.recency.bins, result.cuts.frequency.bins) == (2, 5)


def test_bins_and_methods_are_those_of_each_axis():
    result = score(scores=(2, 3, 4), method=("quantile", "nearest", "quantile"), table=None)
    assert [a.bins for a in (result.cuts.recency, result.cuts.frequency, result.cuts.monetary)] == [2, 3, 4]
    assert result.cuts.frequency.method == "nearest"
    again = score(
        scores={"recency": 2, "frequency": 3, "monetary": 4}, method={"frequency": "nearest"}, table=None
    )
    assert again.to_dict() == result.to_dict()


def test_quantiles_are_type_7_by_hand():
    # Money 10, 30, 50, 100: the median of type 7 is 40.
    result = score(scores=2, table=None)
    assert result.cuts.monetary.cuts == (40.0,)
    assert result["m"].to_list() == [1, 1, 2, 2]


def test_frozen_cuts_score_other_customers_by_the_same_yardstick():
    learned = score().cuts
    others = {"customer": [9], "time": ["2026-03-01"], "amount": [1000]}
    result = score(others, cuts=learned)
    assert (result["r"][0], result["m"][0]) == (5, 5)
    assert result.cuts == learned


def test_cuts_are_a_value():
    cuts = score(timezone="Asia/Shanghai").cuts
    again = patron.RfmCuts.from_json(cuts.to_json())
    assert again == cuts and hash(again) == hash(cuts)
    assert pickle.loads(pickle.dumps(cuts)) == cuts
    assert cuts != score(scores=4, table=None).cuts
    assert (cuts.customers, cuts.timezone, cuts.scale) == (4, "Asia/Shanghai", 2)
    lines = repr(cuts).splitlines()
    assert lines[0] == "patron.RfmCuts from 4 customers, days in Asia/Shanghai:"
    assert lines[1].split() == ["recency", "quantile", *lines[1].split()[2:6], "days"]
    with pytest.raises(patron.PolicyError) as caught:
        patron.RfmCuts.from_json("{")
    assert caught.value.byte_offset == 1
    with pytest.raises(patron.ArgumentError, match="no JSON text"):
        patron.RfmCuts.from_json(b"{}")


def test_a_table_of_ones_own_names_the_segments():
    rows = [{"name": "Fresh", "r": [4, 5]}, {"name": "Old"}]
    assert set(score(table=rows)["segment"]) == {"Fresh", "Old"}
    assert set(score(table=patron.segment_table(rows))["segment"]) == {"Fresh", "Old"}
    three = [{"name": "Fresh", "r": 3}, {"name": "Old"}]
    assert set(score(table=three, scores=3)["segment"]) == {"Fresh", "Old"}
    with pytest.raises(patron.PolicyError, match="scores go from 1 to 3"):
        score(table=rows, scores=3)
    assert set(score(table=None)["segment"]) == {None}


def test_gaps_are_an_error_or_null():
    rows = [{"name": "Fresh", "r": [4, 5]}]
    with pytest.raises(patron.PolicyError, match="gap|no row"):
        score(table=rows)
    assert None in score(table=rows, on_gap="null")["segment"].to_list()


def test_overlaps_are_an_error_or_the_first_row_wins():
    with pytest.raises(patron.PolicyError, match='"Hibernating" and "Lost"'):
        score(table="putler")
    named = score(table="putler", on_overlap="first")
    table = patron.segment_table("putler")
    for r, f, m, segment in zip(named["r"], named["f"], named["m"], named["segment"]):
        assert segment == (table.segment_of(r, f, m) if r else "prospect")


def test_names_come_in_two_languages_and_two_systems():
    # Customers that are high-low-high, low-high-high, low-high-low and low-low-low, by these splits.
    orders = {
        "customer": [1, 2, 2, 3, 3, 4],
        "time": ["2026-03-01", "2026-01-01", "2026-01-02", "2026-01-01", "2026-01-02", "2026-01-01"],
        "amount": [90, 50, 50, 1, 1, 1],
    }
    split = {"octant": (5, 1.5, 50)}
    assert score(orders, language="zh", **split)["octant"].to_list() == [
        "重要发展",
        "重要保持",
        "一般保持",
        "一般挽留",
    ]
    assert score(orders, language="zh", octant_names="ve", **split)["octant"].to_list() == [
        "重要深耕",
        "重要唤回",
        "一般维持",
        "流失",
    ]
    assert all(name.isascii() for name in score(orders, **split)["octant"])


def test_octants_split_where_they_are_told():
    high = {"customer": [1, 2], "time": ["2026-01-01", "2026-01-11"], "amount": [1, 9]}
    split = score(high, octant=(5, 0.5, 5), language="zh")["octant"].to_list()
    assert split == ["一般保持", "重要价值"]
    assert score(high, octant="median").cuts.monetary.octant_split == 5.0
    assert score(high, octant=("mean", "median", 3)).cuts.monetary.octant_split == 3.0


def test_any_number_of_threads_gives_the_same_result():
    one = score(threads=1).to_dict()
    assert score(threads=2).to_dict() == one
    assert score(threads=None).to_dict() == one


def test_bad_rows_are_listed_or_fail_the_call():
    orders = {"customer": [1, None, 2], "time": ["2026-01-01", "2026-01-02", "soon"], "amount": [1, 2, 3]}
    assert "2 rows refused" in repr(score(orders))
    one = {name: values[:2] for name, values in orders.items()}
    assert "1 row refused" in repr(score(one))
    refused = score(orders).refused.to_dict()
    assert refused["row"] == [1, 2]
    assert refused["column"] == ["customer", "time"]
    assert refused["reason"][0] == "null customer"
    with pytest.raises(patron.DataError) as caught:
        score(orders, on_bad_row="raise")
    assert (caught.value.row, caught.value.code_name) == (1, "null")
