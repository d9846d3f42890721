"""Models of lifetime value through Python: columns and tables of every kind, and bad input."""

import math

import kinds
import pytest
from ltv_customers import AGE, BG, CUSTOMERS, FREQUENCY, MONEY, PARETO, RECENCY, SPEND

import patron
from patron import ArgumentError, DataError, StateError, ltv

# -- Customers of every kind ---------------------------------------------------------------------


def numpy_columns():
    import numpy as np

    return {name: np.array(values) for name, values in CUSTOMERS.items()}


def pandas_columns():
    import pandas as pd

    return {name: pd.Series(values) for name, values in CUSTOMERS.items()}


def polars_columns():
    import polars as pl

    return {s.name: s for s in pl.DataFrame(CUSTOMERS, strict=False)}


def arrow_columns():
    import pyarrow as pa

    return {name: pa.chunked_array([pa.array(v, pa.float64())]) for name, v in CUSTOMERS.items()}


COLUMNS = [
    pytest.param(lambda: CUSTOMERS, id="lists"),
    pytest.param(lambda: {name: tuple(v) for name, v in CUSTOMERS.items()}, id="tuples"),
]
for needed, made in (
    ("numpy", numpy_columns),
    ("pandas", pandas_columns),
    ("polars", polars_columns),
    ("pyarrow", arrow_columns),
):
    if kinds.have(needed):
        COLUMNS.append(pytest.param(made, id=needed))


@pytest.mark.parametrize("made", COLUMNS)
def test_columns_of_any_kind_give_the_same(made):
    columns = made()
    x, t, T, m = (columns[name] for name in CUSTOMERS)
    expected = [BG.expected_purchases(39, *row) for row in zip(FREQUENCY, RECENCY, AGE, strict=True)]
    assert list(BG.expected_purchases(39, x, t, T)) == expected
    assert list(BG.expected_purchases(39, columns)) == expected
    assert BG.probability_alive(x, t, T, at=10)[2] == BG.probability_alive(2, 30.5, 38.75, at=10)
    assert ltv.BgNbd().fit(x, t, T, penalty=0.01).params_ == ltv.BgNbd().fit(
        CUSTOMERS, penalty=0.01
    ).params_
    worth = ltv.value(BG, SPEND, x, t, T, m, rate_per_year=0.1, horizon=52)
    assert worth.to_dict() == ltv.value(BG, SPEND, CUSTOMERS, rate_per_year=0.1, horizon=52).to_dict()


def tables():
    yield "patron", lambda: patron.Table._wrap(
        patron._inputs.open_table(CUSTOMERS, dict.fromkeys(CUSTOMERS, "amount"))
    )
    if kinds.have("pandas"):
        yield "pandas", lambda: __import__("pandas").DataFrame(CUSTOMERS)
    if kinds.have("polars"):
        yield "polars", lambda: __import__("polars").DataFrame(CUSTOMERS, strict=False)
    if kinds.have("pyarrow", "pandas"):
        yield "pyarrow", lambda: __import__("pyarrow").Table.from_pandas(
            __import__("pandas").DataFrame(CUSTOMERS)
        )
        yield "batches", lambda: (
            __import__("pyarrow")
            .Table.from_pandas(__import__("pandas").DataFrame(CUSTOMERS))
            .to_reader(max_chunksize=5)
        )
    if kinds.have("duckdb", "pandas"):

        def relation():
            import duckdb
            import pandas as pd

            frame = pd.DataFrame(CUSTOMERS)
            return duckdb.from_df(frame)

        yield "duckdb", relation


@pytest.mark.parametrize("made", [pytest.param(made, id=name) for name, made in tables()])
def test_tables_of_any_kind_give_the_same(made):
    expected = BG.expected_purchases(39, CUSTOMERS).to_list()
    assert BG.expected_purchases(39, made()).to_list() == expected
    assert ltv.GammaGamma().fit(made(), penalty=0.01).params_ == ltv.GammaGamma().fit(
        FREQUENCY, MONEY, penalty=0.01
    ).params_


def test_one_number_stands_for_every_row():
    answers = BG.expected_purchases(39, FREQUENCY[:3], RECENCY[:3], 40)
    assert list(answers) == [
        BG.expected_purchases(39, x, t, 40)
        for x, t in zip(FREQUENCY[:3], RECENCY[:3], strict=True)
    ]


def test_answers_go_to_every_library():
    answers = BG.expected_purchases(39, CUSTOMERS)
    assert isinstance(BG.expected_purchases(39, 2, 30, 38), float)
    if kinds.have("numpy"):
        import numpy as np

        assert np.asarray(answers).dtype == np.float64 and np.asarray(answers).shape == (12,)
    if kinds.have("pandas"):
        import pandas as pd

        frame = pd.DataFrame(CUSTOMERS).assign(expected=answers)
        assert frame["expected"][2] == answers[2]
    if kinds.have("polars"):
        import polars as pl

        assert pl.Series(answers)[2] == answers[2]


# A row alone gets what it gets among many, to the last bit: prediction.h promises it.
def test_a_customer_alone_gets_what_she_gets_among_many():
    many = {
        "frequency": [i % 23 for i in range(5000)],
        "recency": [0.0 if i % 23 == 0 else 30 * ((i * 7919) % 1000) / 1000 for i in range(5000)],
        "T": [30 + i % 11 for i in range(5000)],
    }
    for model in (BG, PARETO, ltv.MbgNbd.from_params(r=0.5, alpha=6, a=0.8, b=1.9)):
        for threads in (1, 2):
            everyone = model.expected_purchases(39, many, threads=threads).to_list()
            for i in range(0, 5000, 97):
                row = (many[name][i] for name in ("frequency", "recency", "T"))
                assert model.expected_purchases(39, *row) == everyone[i]


# -- Bad input -----------------------------------------------------------------------------------

BAD = [
    ({"recency": 50.0}, "recency", 2, "above T"),
    ({"frequency": -1.0}, "frequency", 2, "negative"),
    ({"frequency": 1.5}, "frequency", 2, "whole"),
    ({"frequency": 0.0}, "recency", 2, "frequency is 0"),
    ({"T": math.nan}, "T", 2, "not finite"),
    ({"T": None}, "T", 2, "null"),
    ({"recency": math.inf}, "recency", 2, "not finite"),
]


@pytest.mark.parametrize(("change", "column", "row", "says"), BAD)
def test_rows_that_cannot_be_are_left_out_and_told(change, column, row, says):
    bad = {name: list(values) for name, values in CUSTOMERS.items()}
    for name, value in change.items():
        bad[name][row] = value
    model = ltv.MbgNbd().fit(bad, penalty=0.01)
    left_out = model.excluded_.to_dict()
    assert (left_out["row"], left_out["column"]) == ([row], [column])
    assert says in left_out["reason"][0]
    assert model.n_customers_ == 11
    with pytest.raises((DataError, ArgumentError), match=says) as caught:
        ltv.MbgNbd().fit(bad, penalty=0.01, on_bad_row="raise")
    assert caught.value.row == row
    with pytest.raises((DataError, ArgumentError), match=says) as caught:
        BG.expected_purchases(39, bad)
    assert caught.value.row == row
    answers = BG.expected_purchases(39, bad, on_bad_row="null")
    assert answers[row] is None and answers[1] == BG.expected_purchases(39, 1, 9, 38.5)


def test_weights_and_money_out_of_their_domain_are_left_out():
    model = ltv.BgNbd().fit(FREQUENCY, RECENCY, AGE, weights=[0, -1] + [1] * 10, penalty=0.01)
    assert model.excluded_["row"].to_list() == [0, 1]
    with pytest.warns(ltv.ConvergenceWarning, match="too few"):
        spend = ltv.GammaGamma().fit([1, 2, 3, 0, 2], [10.0, -4.0, 30.0, 0.0, 0.0])
    assert spend.excluded_["row"].to_list() == [1, 3, 4]
    assert "above 0" in spend.excluded_["reason"][0]


def test_customers_that_say_nothing_are_told():
    with pytest.raises(DataError, match="repeat purchase"):
        ltv.BgNbd().fit([0, 0], [0, 0], [10, 20])
    with pytest.raises(DataError, match="no rows"):
        ltv.BgNbd().fit([], [], [])
    with pytest.warns(ltv.ConvergenceWarning):
        few = ltv.BgNbd().fit([1, 2, 3], [1, 2, 3], [10, 20, 30])
    assert not few.converged_ and few.verdict_ == "too_little_data"
    with pytest.warns(ltv.ConvergenceWarning):
        alike = ltv.BgNbd().fit([2] * 50, [20] * 50, [40] * 50)
    assert not alike.converged_


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: BG.expected_purchases(-1, 2, 30, 38), "horizon: -1"),
        (lambda: BG.expected_purchases(math.nan, 2, 30, 38), "horizon"),
        (lambda: BG.expected_purchases("39", 2, 30, 38), "horizon"),
        (lambda: BG.discounted_expected_purchases(2, 30, 38, rate_per_year=-1), "rate_per_year: -1"),
        (lambda: BG.purchase_pmf(-1, 39), "count: -1"),
        (lambda: BG.purchase_pmf("3", 39), "n='3'"),
        (lambda: BG.next_purchase(2, 30, 38, probability=1), "probability: 1"),
        (lambda: BG.expected_purchases(39, 2, 30, 38, level=1, interval="prediction"), "level: 1"),
        (lambda: BG.expected_purchases(39, 2, 30, 38, interval="sure"), "interval='sure'"),
        (lambda: BG.expected_purchases(39, 2, 30, 38, level=0.9), "level=0.9 is of an interval"),
        (lambda: ltv.value(BG, SPEND, CUSTOMERS, rate_per_year=0.1, level=5), "level=5 is of an"),
        (lambda: BG.expected_purchases(39, 2, 39, 38), "recency 39"),
        (lambda: BG.expected_purchases(39, 2, 30), "T is missing"),
        (lambda: BG.expected_purchases(39, CUSTOMERS, RECENCY), "recency is read from it"),
        (lambda: BG.expected_purchases(39, 2, 30, 38, interval="confidence"), "Fit it"),
        (lambda: ltv.BgNbd().fit(CUSTOMERS, penalty=-1), "penalty"),
        (lambda: ltv.BgNbd().fit(CUSTOMERS, max_iterations=0), "max_iterations"),
        (lambda: ltv.BgNbd().fit(CUSTOMERS, threads=0), "threads=0"),
        (lambda: ltv.BgNbd().fit(CUSTOMERS, weights=[1] * 12), "name of a column"),
        (lambda: ltv.BgNbd(unit="fortnight"), "unit='fortnight'"),
        (lambda: ltv.BgNbd.from_params(r=1, alpha=1, a=1), "b is missing"),
        (lambda: ltv.BgNbd.from_params(r=1, alpha=1, a=1, b=1, c=1), "c is no parameter"),
        (lambda: ltv.BgNbd.from_params(r=1, alpha=0, a=1, b=1), "alpha is 0"),
        (lambda: ltv.value(SPEND, BG, CUSTOMERS, rate_per_year=0.1), "model of purchases"),
        (lambda: ltv.value(BG, SPEND, CUSTOMERS, rate_per_year=0.1, margin=2), "margin: 2"),
        (lambda: BG.simulate(5, T=-1, seed=1), "T"),
        (lambda: BG.simulate(5, T=1, seed=-1), "seed=-1"),
        (lambda: BG.simulate(5, T=[1, 2], seed=1), "of one length"),
        (lambda: BG.simulate(5, T="year", seed=1), "T='year'"),
        (lambda: BG.simulate(5, seed=1), "T is missing"),
        (lambda: SPEND.simulate(5, seed=1), "orders is missing"),
        (lambda: SPEND.simulate(orders=5, seed=1), "orders=5"),
        (lambda: SPEND.simulate(orders=b"x", seed=1), "orders=b'x'"),
        (lambda: BG.expected_purchases(10**400, 2, 30, 38), "that a float can hold"),
        (lambda: BG.expected_purchases(39, 2, 30, 10**400), "T=1000"),
        (lambda: ltv.Sbg().fit_survivors([100, 60, 65]), "survivors[2] is 65, above the 60"),
        (lambda: ltv.Sbg().fit_survivors([100, math.nan, 65]), "survivors[1] is nan"),
        (lambda: ltv.Sbg().fit_survivors([100, 60, -5]), "survivors[2] is -5"),
        (lambda: ltv.BgBb().fit([1], [1], n=[2], T=[2]), "n and T are two names"),
        (lambda: ltv.Sbg().fit_survivors(5), "survivors=5"),
        (lambda: ltv.Sbg().fit_survivors({100: 1}), "survivors={100: 1}"),
    ],
)
def test_wrong_questions_are_refused(call, says):
    with pytest.raises(ArgumentError) as caught:
        call()
    assert says in str(caught.value)


def test_columns_that_are_not_there_are_told():
    with pytest.raises(DataError, match="recency"):
        BG.expected_purchases(39, {"frequency": [1], "T": [2]})
    with pytest.raises(DataError, match="rows"):
        BG.expected_purchases(39, [1, 2], [1.0], [3.0, 4.0])


def test_a_model_without_parameters_says_so():
    with pytest.raises(StateError, match="fit it"):
        ltv.BgNbd().expected_purchases(39, 2, 30, 38)
    with pytest.raises(StateError, match="no fit to report"):
        _ = BG.log_likelihood_


def test_who_gave_all_money_back_has_no_value_and_the_message_says_how_to_go_on():
    spend = ltv.GammaGamma.from_params(p=6.25, q=3.74, v=15.44)
    rows = {"frequency": [1, 1], "recency": [4, 4], "T": [8, 8], "monetary": [0.0, 25.0]}
    with pytest.raises(patron.ArgumentError, match=r"row 0 is not above 0.*\(on_bad_row\)"):
        ltv.value(BG, spend, rows, rate_per_year=0.1)
    none, some = ltv.value(BG, spend, rows, rate_per_year=0.1, on_bad_row="null")["value"]
    assert none is None and some > 0


@pytest.mark.parametrize("kind", [ltv.Nbd, ltv.BgNbd, ltv.MbgNbd, ltv.ParetoNbd, ltv.BgBb, ltv.Sbg, ltv.BdW, ltv.GammaGamma])
def test_a_fit_of_the_class_says_how_to_make_a_model(kind):
    for arguments in ([CUSTOMERS], [[1, 2], [1.0, 2.0], [3.0, 4.0]], []):
        with pytest.raises(ArgumentError, match=rf'{kind.__name__}\(unit="week"\).fit\(...\)'):
            kind.fit(*arguments)
    assert kind.fit.__doc__ == kind().fit.__doc__


def test_a_method_may_be_called_with_its_model():
    model = ltv.BgNbd()
    with pytest.raises(DataError):
        ltv.BgNbd.fit(model, ["a"], [1.0], [2.0])
    with pytest.raises(ArgumentError, match="fit_survivors"):
        ltv.Sbg.fit_survivors([100, 80, 70])
