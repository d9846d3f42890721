"""Feedback scores through Python; expected values are worked out by hand."""

import datetime as dt
import math
import sys
from decimal import Decimal

import pytest

import patron

SCORES = [10, 9, 9, 8, 7, 3, 10, 0, 9, 5]  # 5 promoters, 2 passives, 3 detractors


def test_nps_is_promoters_less_detractors():
    result = patron.nps(SCORES)
    assert (result.score, result.count) == (20.0, 10)
    assert (result.promoters, result.passives, result.detractors) == (5, 2, 3)
    # (0.8 - 0.04) / 10
    assert result.standard_error == pytest.approx(100 * math.sqrt(0.076))
    # Rocks (2016), AW(3, T): 5.75 and 3.75 of 13.
    center, variance = 2 / 13, (9.5 / 13 - (2 / 13) ** 2) / 13
    assert result.low == pytest.approx(100 * (center - 1.959963984540054 * math.sqrt(variance)))
    assert result.to_dict()["score"] == [20.0]
    assert len(result.drivers) == 0
    assert result.as_of is None
    assert "20.0 [" in repr(result)


@pytest.mark.parametrize("interval", ["wald", "adjusted_wald", "score"])
def test_every_interval_holds_the_score_and_shrinks_with_confidence(interval):
    wide = patron.nps(SCORES, interval=interval, confidence=0.99)
    narrow = patron.nps(SCORES, interval=interval, confidence=0.5)
    assert wide.low < narrow.low < 20 < narrow.high < wide.high


def test_everything_numeric_is_read():
    for values in (SCORES, tuple(SCORES), map(float, SCORES), [Decimal(s) for s in SCORES]):
        assert patron.nps(values).score == 20.0


def test_a_column_of_a_result_is_scored():
    first = patron.nps(SCORES, group=SCORES)
    assert patron.nps(first["group"]).count == 7


def test_bad_rows_are_refused_or_raised():
    result = patron.nps([9, None, 11, 8.5, math.nan, 10])
    assert (result.score, result.count) == (100.0, 2)
    assert result.refused["row"].to_list() == [1, 2, 3, 4]
    assert result.refused["reason"].to_list()[:3] == [
        "null score",
        "score outside the scale",
        "score is no whole number",
    ]
    with pytest.raises(patron.ArgumentError, match="row 1: score outside the scale") as caught:
        patron.nps([9, 12], on_bad_row="raise")
    assert caught.value.row == 1
    with pytest.raises(patron.DataError, match="all 2 rows were refused"):
        patron.nps([None, 99])


def test_groups_by_a_sequence_or_by_a_column():
    by_sequence = patron.nps([10, 9, 3, 8], group=["b", "a", "a", None])
    table = {"answer": [10, 9, 3, 8], "team": ["b", "a", "a", None]}
    by_column = patron.nps(table, score="answer", group="team")
    for result in (by_sequence, by_column):
        assert result["group"].to_list() == ["a", "b", None]
        assert result["score"].to_list() == [0.0, 100.0, 0.0]
        assert result.score == 25.0


def test_kinds_are_never_mixed():
    answers = {"s": [10, 9, 2, 3], "k": ["relational", "relational", "visit", "visit"]}
    result = patron.nps(answers, score="s", kind="k")
    assert {kind: one.score for kind, one in result.kinds.items()} == {
        "relational": 100.0,
        "visit": -100.0,
    }
    with pytest.raises(patron.ArgumentError, match="several kinds"):
        result.score  # noqa: B018
    one = patron.nps(answers, score="s", kind="k", only="visit")
    assert (one.score, one.other) == (-100.0, 2)


def test_the_last_response_of_each_customer_in_a_window():
    result = patron.nps(
        [0, 9, 10, 3, 9],
        customer=["u", "u", "v", "w", "v"],
        time=["2026-01-01", "2026-01-08", "2026-01-05", "2025-06-01", "2026-03-01"],
        as_of=dt.date(2026, 1, 20),
        window="30d",
    )
    assert (result.count, result.score) == (2, 100.0)
    assert (result.waiting, result.old, result.superseded) == (1, 1, 1)
    assert result.as_of == dt.datetime(2026, 1, 20, tzinfo=dt.timezone.utc)


def test_topics_by_text_by_flags_and_by_column():
    scores = [0, 3, 9, 10, 8]  # 2 promoters, 2 detractors
    by_text = patron.nps(scores, topics={"topic": ["slow", "slow", "price", None, "price"]})
    assert by_text.drivers["topic"].to_list() == ["price", "slow"]
    assert by_text.drivers["mentions"].to_list() == [2, 2]
    # Without price: 10 against 0 and 3; without slow: 9 and 10 of three.
    assert by_text.drivers["effect"].to_list() == pytest.approx([100 / 3, -200 / 3])
    late = [True, True, False, None, False]
    by_flag = patron.nps(scores, topics={"late": late})
    by_column = patron.nps({"s": scores, "late": late}, score="s", topics=["late"])
    for result in (by_flag, by_column):
        assert result.drivers["topic"].to_list() == ["late"]
        assert result.drivers["effect"].to_list() == pytest.approx([-200 / 3])


def test_csat_is_the_share_of_the_top_boxes():
    result = patron.csat([5, 4, 4, 2, 1, 5, 3, 5] * 2)
    assert (result.score, result.satisfied, result.count) == (62.5, 10, 16)
    # 13 of 16: Wilson 0.5699 to 0.9341 (Fagerland, Lydersen and Laake 2017).
    wilson = patron.csat([5] * 13 + [1] * 3)
    assert (wilson.low, wilson.high) == (pytest.approx(56.99, abs=0.01), pytest.approx(93.41, abs=0.01))
    assert patron.csat([7, 6, 5, 4], scale=7, top_boxes=3).score == 75.0
    assert patron.csat([0, 1, 1], scale=(0, 1), top_boxes=1).score == pytest.approx(200 / 3)


def test_ces_is_a_mean():
    result = patron.ces([3, 5, 5, 7])
    assert (result.score, result.high) == (5.0, 7.0)
    assert result.low == pytest.approx(5 - 3.182446 * math.sqrt(2 / 3), abs=1e-5)
    one = patron.ces([6])
    assert (one.standard_error, one.low, one.high) == (None, 1.0, 7.0)
    assert one["standard_error"].to_list() == [None]


def test_a_census_has_no_error():
    result = patron.nps(SCORES, population=10)
    assert (result.low, result.high, result.standard_error) == (20.0, 20.0, 0.0)
    with pytest.raises(patron.ArgumentError, match="population is 9"):
        patron.nps(SCORES, population=9)


def test_two_periods():
    # 0.3 and 0.1 with variances 0.61 / 100 and 0.69 / 100.
    a = patron.nps([10] * 50 + [8] * 30 + [3] * 20)
    b = patron.nps([10] * 40 + [8] * 30 + [3] * 30)
    change = patron.nps_difference(a, b, interval="wald")
    assert change.difference == pytest.approx(20)
    assert change.z == pytest.approx(0.2 / math.sqrt(0.013))
    assert change.p == pytest.approx(0.079411, abs=1e-6)
    raw = patron.nps_difference([10] * 50 + [8] * 30 + [3] * 20, b, interval="wald")
    assert raw == change
    means = patron.nps_difference(patron.ces([3, 5, 5, 7]), patron.ces([2, 3, 4]))
    assert (means.z, means.degrees) == (pytest.approx(2), pytest.approx(4.909091))
    with pytest.raises(patron.ArgumentError, match="different questions"):
        patron.nps_difference(a, patron.csat([5, 4]))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"interval": "wilson"}, "give one of 'auto', 'wald'"),
        ({"confidence": 95}, "between 0 and 1"),
        ({"confidence": "high"}, "give a number"),
        ({"threads": 0}, "give 1 or more"),
        ({"group": "team"}, "needs score="),
        ({"topics": ["late"]}, "mapping of names"),
        ({"population": 1.5}, "whole number"),
        ({"on_bad_row": "skip"}, "'refuse', 'raise'"),
        ({"window": "90d"}, "window needs to know when"),
        ({"only": "x"}, "kind column"),
        ({"timezone": ""}, "IANA name"),
    ],
)
def test_options_that_say_nothing_are_refused(options, says):
    with pytest.raises(patron.ArgumentError, match=says):
        patron.nps(SCORES, **options)


def test_columns_that_are_not_there_are_refused():
    with pytest.raises(patron.DataError, match="skore"):
        patron.nps({"score": SCORES}, score="skore")
    with pytest.raises(patron.ArgumentError, match="name of a column"):
        patron.nps({"score": SCORES}, score="score", group=SCORES)
    with pytest.raises(patron.ArgumentError, match="list of names"):
        patron.nps({"score": SCORES}, score="score", topics="late")
    with pytest.raises(patron.DataError, match="all columns of a table have one length"):
        patron.nps(SCORES, group=[1])
    with pytest.raises(patron.ArgumentError, match="lowest and the highest"):
        patron.csat([1], scale=(1, 2, 3))
    with pytest.raises(patron.ArgumentError, match="another name"):
        patron.nps(SCORES, topics={"scores": SCORES})


def test_progress_is_told_and_stops_the_call():
    shares = []
    patron.nps(SCORES, progress=shares.append)
    assert shares[-1] == 1.0

    def stop(share):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        patron.nps(SCORES, progress=stop)


def frames():
    data = {"score": SCORES, "team": ["x", "y"] * 5}
    pandas = pytest.importorskip("pandas")
    yield pandas.DataFrame(data)
    yield pandas.DataFrame(data).astype({"team": "category"})
    for name in ("polars", "pyarrow"):
        if name in sys.modules or __import__("importlib.util").util.find_spec(name):
            module = __import__(name)
            yield module.table(data) if name == "pyarrow" else module.DataFrame(data)


def test_every_table_is_read():
    for frame in frames():
        result = patron.nps(frame, score="score", group="team")
        # x: 10, 9, 7, 10, 9; y: 9, 8, 3, 0, 5
        assert result["group"].to_list() == ["x", "y"]
        assert result["score"].to_list() == [80.0, -40.0]


def test_arrays_and_series_are_read():
    numpy = pytest.importorskip("numpy")
    pandas = pytest.importorskip("pandas")
    for dtype in ("i1", "u2", "i4", "i8", "f4", "f8"):
        assert patron.nps(numpy.array(SCORES, dtype)).score == 20.0
    series = pandas.Series(SCORES)
    team = pandas.Series(["x", "y"] * 5)
    assert patron.nps(series, group=team)["score"].to_list() == [80.0, -40.0]
    flags = numpy.array([s < 7 for s in SCORES])
    effect = patron.nps(series, topics={"angry": flags}).drivers["effect"].to_list()
    assert effect == pytest.approx([20 - 500 / 7])
