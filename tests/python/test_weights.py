"""Weights through Python: published examples, second methods, and what is refused."""

import math
import random

import kinds
import pytest

import patron
from patron import weights

# Saaty (2003), Decision-making with the AHP: Why is the principal eigenvector necessary.
HOUSE = [5, 3, 7, 6, 6, 1 / 3, 1 / 4, 1 / 3, 5, 3, 3, 1 / 5, 1 / 7, 6, 3, 4, 6, 1 / 5, 1 / 3, 1 / 4, 1 / 7]
HOUSE += [1 / 8, 1 / 2, 1 / 5, 1 / 6, 1 / 5, 1 / 6, 1 / 2]
NAMES = ["size", "transport", "neighborhood", "age", "yard", "modern", "condition", "finance"]


def matrix_of(size, upper):
    """The whole matrix from the comparisons above its diagonal, row by row."""
    matrix = [[1.0] * size for _ in range(size)]
    pairs = [(i, j) for i in range(size) for j in range(i + 1, size)]
    for (i, j), value in zip(pairs, upper, strict=True):
        matrix[i][j], matrix[j][i] = value, 1 / value
    return matrix


def test_manual_weights_are_divided_by_their_sum():
    given = weights.manual([50, 30, 20])
    assert given == (0.5, 0.3, 0.2)
    assert (given.names, repr(given)) == ((), "patron.Weights(0.5, 0.3, 0.2)")


def test_manual_weights_that_add_up_to_one_stay():
    assert weights.manual([0.1] * 10) == (0.1,) * 10


def test_manual_weights_keep_the_names_of_a_mapping():
    given = weights.manual({"recency": 3, "money": 1})
    assert given.to_dict() == {"recency": 0.75, "money": 0.25}
    assert given.names == ("recency", "money")
    assert weights.manual({1: 3, 2: 1}).names == ()
    with pytest.raises(patron.ArgumentError, match="no names"):
        weights.manual([1]).to_dict()


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ([1, -2], patron.ArgumentError, "weights/1: -2 is no weight"),
        ([0, 0], patron.ArgumentError, "all are zero"),
        ([], patron.DataError, "there are none"),
        ([1, math.nan], patron.DataError, "weights/1: nan"),
        ([1, "much"], patron.ArgumentError, "weights/1='much': give a number"),
        (5, patron.ArgumentError, "weights are 5"),
        ("55", patron.ArgumentError, "weights are '55'"),
    ],
)
def test_manual_weights_that_are_none_are_refused(values, kind, message):
    with pytest.raises(kind, match=message):
        weights.manual(values)


def test_ahp_gives_the_weights_of_saatys_house():
    judged = weights.ahp(matrix_of(8, HOUSE), NAMES, max_consistency_ratio=0.2)
    published = [0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333]
    assert list(judged) == pytest.approx(published, abs=5.1e-4)
    assert judged.lambda_max == pytest.approx(9.669, abs=5e-4)
    assert judged.consistency_ratio == pytest.approx(0.17, abs=5e-3)
    assert judged.consistency_index == pytest.approx(judged.consistency_ratio * judged.random_index)
    assert (judged.worst.row, judged.worst.column, judged.worst.given) == (2, 6, 6.0)
    assert judged.names == tuple(NAMES)


def test_ahp_names_the_comparison_to_judge_again():
    with pytest.raises(
        patron.ArgumentError, match='"neighborhood" against "condition".*is 6, but.*imply 0.471'
    ) as caught:
        weights.ahp(matrix_of(8, HOUSE), NAMES)
    assert caught.value.row == 2


def test_ahp_of_two_criteria_has_no_worst_comparison():
    judged = weights.ahp([[1, 3], [1 / 3, 1]])
    assert list(judged) == pytest.approx([0.75, 0.25])
    assert judged.worst is None


def test_entropy_gives_the_weights_of_xu():
    # Xu (2004), European Journal of Operational Research 156, 530-532.
    data = {"a": [30, 19, 19, 68], "b": [30, 54, 15, 70], "c": [38, 86, 85, 60], "d": [29, 29, 28.9, 29]}
    found = weights.entropy(data, benefit=list(data), scaling="share")
    assert list(found) == pytest.approx([0.4630, 0.3992, 0.1378, 0.0000], abs=5e-5)
    assert found.names == ("a", "b", "c", "d")


def textbook(columns):
    """1 - entropy of each column of shares, divided by their sum: the formula as books print it."""
    spread = []
    for column in columns:
        shares = [value / math.fsum(column) for value in column]
        entropy = -math.fsum(p * math.log(p) for p in shares if p > 0) / math.log(len(column))
        spread.append(1 - entropy)
    return [d / math.fsum(spread) for d in spread]


def test_entropy_is_that_of_the_textbook_formula():
    seeded = random.Random(11)
    gains = [[seeded.uniform(-5, 20) for _ in range(50)] for _ in range(3)]
    found = weights.entropy(
        {"a": gains[0], "b": gains[1], "c": gains[2]}, benefit=["a", "c"], cost="b"
    )
    scaled = [
        [(x - min(gains[0])) / (max(gains[0]) - min(gains[0])) for x in gains[0]],
        [(x - min(gains[2])) / (max(gains[2]) - min(gains[2])) for x in gains[2]],
        [(max(gains[1]) - x) / (max(gains[1]) - min(gains[1])) for x in gains[1]],
    ]
    assert found.names == ("a", "c", "b")
    assert list(found) == pytest.approx(textbook(scaled), abs=1e-12)


def test_entropy_takes_a_result_of_patron():
    orders = {"c": [1, 2, 2, 3], "t": ["2026-01-01", "2026-01-02", "2026-02-01", "2026-01-09"], "a": [1, 5, 3, 2]}
    scored = patron.rfm(orders, customer="c", time="t", amount="a")
    found = weights.entropy(scored, benefit=["frequency", "monetary_minor"], cost="recency_days")
    assert sum(found) == pytest.approx(1)
    assert len(found.entropies) == 3


def test_entropy_leaves_out_rows_with_a_null():
    # Customer 4 has a refund and no order, so nothing is known of her recency.
    orders = {
        "c": [1, 2, 2, 3, 4],
        "t": ["2026-01-01", "2026-01-02", "2026-02-01", "2026-01-09", "2026-01-20"],
        "a": [1, 5, 3, 2, -7],
    }
    scored = patron.rfm(orders, customer="c", time="t", amount="a")
    columns = {"benefit": ["frequency", "monetary_minor"], "cost": "recency_days"}
    with pytest.raises(patron.DataError, match="row 3: null"):
        weights.entropy(scored, **columns)
    found = weights.entropy(scored, on_null="skip", **columns)
    known = {name: scored[name].to_list()[:3] for name in ("frequency", "monetary_minor", "recency_days")}
    assert list(found) == list(weights.entropy(known, **columns))


@pytest.mark.parametrize("chunks", [[4], [1, 3], [2, 0, 2], [3, 1]])
def test_entropy_finds_nulls_in_every_chunk(chunks):
    pyarrow = pytest.importorskip("pyarrow")
    values, parts, begin = [1.0, None, 4.0, 2.0], [], 0
    for rows in chunks:
        parts.append(pyarrow.array(values, "float64")[begin : begin + rows])
        begin += rows
    table = pyarrow.table({"x": pyarrow.chunked_array(parts, "float64")})
    assert weights.entropy(table, benefit="x", on_null="skip").entropies == weights.entropy(
        {"x": [1.0, 4.0, 2.0]}, benefit="x"
    ).entropies


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({}, patron.ArgumentError, "name the columns"),
        ({"benefit": "x", "on_null": "drop"}, patron.ArgumentError, "on_null='drop'"),
        ({"benefit": "z"}, patron.DataError, 'no column "z"'),
        ({"benefit": "x", "scaling": "z"}, patron.ArgumentError, "scaling='z'"),
        ({"benefit": "flat"}, patron.ArgumentError, "all values are equal"),
        ({"benefit": "below", "scaling": "share"}, patron.ArgumentError, "row 0: -1 is negative"),
        ({"cost": "x", "scaling": "share"}, patron.ArgumentError, "a cost has no effect"),
        ({"benefit": "x", "cost": "x"}, patron.ArgumentError, "named twice"),
        ({"benefit": "holes"}, patron.DataError, "row 1: null"),
        ({"benefit": [1]}, patron.ArgumentError, r"benefit=\[1\]"),
    ],
)
def test_entropy_refuses_what_has_none(options, kind, message):
    data = {"x": [1, 2], "flat": [3, 3], "below": [-1, 1], "holes": [1, None]}
    with pytest.raises(kind, match=message):
        weights.entropy(data, **options)


@pytest.mark.parametrize(
    ("matrix", "kind", "message"),
    [
        ([[1, 2]], patron.ArgumentError, "row 0: 2 numbers in a matrix of 1 rows"),
        ([[1, 2], [1]], patron.ArgumentError, "row 1: 1 numbers"),
        ([[1, 2], [2, 1]], patron.ArgumentError, "want one over it here, 0.5"),
        ([[1, math.nan], [1, 1]], patron.DataError, "nan is no comparison"),
        ([[1] * 16] * 16, patron.ResourceError, "at most 15"),
        ([], patron.DataError, "there are none"),
        (5, patron.ArgumentError, "comparisons are 5"),
        ([[1, "x"], [1, 1]], patron.ArgumentError, "comparisons/1='x'"),
    ],
)
def test_ahp_refuses_what_is_no_matrix_of_comparisons(matrix, kind, message):
    with pytest.raises(kind, match=message):
        weights.ahp(matrix)


def test_ahp_refuses_names_and_limits_that_are_none():
    pair = [[1, 3], [1 / 3, 1]]
    with pytest.raises(patron.ArgumentError, match="names='ab'"):
        weights.ahp(pair, "ab")
    with pytest.raises(patron.DataError, match="names: 1 for 2 criteria"):
        weights.ahp(pair, ["a"])
    with pytest.raises(patron.ArgumentError, match="max_consistency_ratio='x'"):
        weights.ahp(pair, max_consistency_ratio="x")
    with pytest.raises(patron.ArgumentError, match="max_consistency_ratio: -1"):
        weights.ahp(pair, max_consistency_ratio=-1)


if kinds.have("numpy"):

    def test_ahp_is_the_eigenvector_of_numpy():
        import numpy as np

        seeded = random.Random(12)
        for _ in range(100):
            size = seeded.randint(3, 15)
            upper = [9 ** seeded.uniform(-1, 1) for _ in range(size * (size - 1) // 2)]
            matrix = np.array(matrix_of(size, upper))
            values, vectors = np.linalg.eig(matrix)
            at = int(np.argmax(values.real))
            wanted = np.abs(vectors[:, at].real)
            judged = weights.ahp(matrix, max_consistency_ratio=math.inf)
            assert judged.lambda_max == pytest.approx(values[at].real, rel=1e-10)
            assert np.allclose(np.asarray(judged), wanted / wanted.sum(), rtol=1e-9, atol=0)

    def test_ahp_of_consistent_comparisons_is_the_geometric_mean_of_the_rows():
        import numpy as np

        truth = np.array([0.4, 0.3, 0.2, 0.1])
        judged = weights.ahp(np.outer(truth, 1 / truth))
        assert np.allclose(judged, truth, rtol=1e-14, atol=0)
        assert judged.consistency_ratio < 1e-12

    def test_arrays_are_weights():
        import numpy as np

        assert weights.manual(np.array([3.0, 1.0])) == (0.75, 0.25)


if kinds.have("pandas"):

    def test_frames_and_series_of_pandas_bring_their_names():
        import pandas as pd

        frame = pd.DataFrame([[1, 3], [1 / 3, 1]], columns=["price", "service"])
        assert weights.ahp(frame).names == ("price", "service")
        assert weights.manual(pd.Series({"a": 1, "b": 1})).to_dict() == {"a": 0.5, "b": 0.5}
        table = pd.DataFrame({"x": [1, 2, 4], "y": [1.0, 1.5, 9]})
        found = weights.entropy(table, benefit=["x", "y"])
        assert pd.Series(found, index=found.names)["y"] == found[1]


if kinds.have("polars"):

    def test_frames_of_polars_bring_their_names():
        import polars as pl

        frame = pl.DataFrame({"price": [1.0, 1 / 3], "service": [3.0, 1.0]})
        assert list(weights.ahp(frame)) == pytest.approx([0.75, 0.25])
        assert weights.ahp(frame).names == ("price", "service")
        assert len(weights.entropy(pl.DataFrame({"x": [1, 2, 4]}), benefit="x")) == 1
