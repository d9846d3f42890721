"""Models of lifetime value through Python: published numbers, fits, intervals, values that last."""

import collections
import copy
import csv
import math
import pickle
import runpy
import warnings
from pathlib import Path

import pytest
from ltv_customers import AGE, BG, CUSTOMERS, FREQUENCY, PARETO, RECENCY, SPEND

from patron import ArgumentError, PolicyError, StateError, ltv

# -- Published numbers ---------------------------------------------------------------------------


# Hardie's spreadsheet of BG/NBD, and the R package BTYD at these parameters.
def test_bg_nbd_says_what_is_published():
    assert BG.expected_purchases(39, 2, 30.43, 38.86) == pytest.approx(1.226028175, abs=5e-10)
    assert BG.probability_alive(2, 30.43, 38.86) == pytest.approx(0.7265785701, abs=5e-11)
    fitted = ltv.BgNbd.from_params(r=0.2425945, alpha=4.4136020, a=0.7929220, b=2.4259068)
    sheet = {0.1429: 0.0078, 1: 0.0532, 3: 0.1506, 31.8571: 1.0405, 32: 1.0437}
    for weeks, expected in sheet.items():
        assert fitted.expected_purchases_new(weeks) == pytest.approx(expected, abs=5e-5)
    assert fitted.expected_purchases_new(78) == pytest.approx(1.8576, abs=5e-4)  # as lifetimes compares
    pmf = [0.5737863521, 0.1993952808, 0.08542975954, 0.04586035385, 0.02767144934, 0.01796549387]
    assert BG.purchase_pmf(range(6), 39) == pytest.approx(pmf, abs=5e-11)
    tail = [1.9995214e-3, 1.5170236e-3, 1.1633150e-3, 9.003148e-4, 7.023638e-4]
    assert BG.purchase_pmf(range(11, 16), 30) == pytest.approx(tail, abs=5e-6)  # the manual's five decimals


# The manual and the walkthrough of the R package BTYD.
def test_pareto_nbd_says_what_is_published():
    manual = ltv.ParetoNbd.from_params(r=0.55, alpha=10.56, s=0.61, beta=11.64)
    new = [manual.expected_purchases_new(t) for t in range(10)]
    printed = [0, 0.05077821, 0.09916088, 0.14542507, 0.18979930]
    printed += [0.23247466, 0.27361274, 0.31335159, 0.35181024, 0.38909211]
    assert new == pytest.approx(printed, abs=5e-9)
    pmf = [0.5935692918, 0.165585279, 0.0824992288, 0.04904723399, 0.03170044853, 0.02148802519]
    assert PARETO.purchase_pmf(range(6), 39) == pytest.approx(pmf, abs=5e-11)
    model = ltv.ParetoNbd.from_params(r=0.55, alpha=10.58, s=0.61, beta=11.67)
    answers = model.expected_purchases(10, [132, 133], [200, 200], [200, 200])
    assert list(answers) == pytest.approx([6.2060517889632418, 6.2528722475748113], rel=1e-13)


# The R package BTYD; Fader, Hardie and Shang (2010), table 6.
def test_bg_bb_says_what_is_published():
    model = ltv.BgBb.from_params(alpha=1.20, beta=0.75, gamma=0.66, delta=2.78, unit="year")
    assert model.expected_purchases(10, 3, 4, 6) == pytest.approx(1.840812702, abs=5e-10)
    # BTYD's is the chance to be alive at the next opportunity.
    assert model.probability_alive(3, 4, 6, at=1) == pytest.approx(0.4383438546, abs=5e-11)
    assert model.probability_alive(3, 4, n=6, at=1) == model.probability_alive(3, 4, 6, at=1)
    discounted = model.discounted_expected_purchases(3, 4, 6, rate_per_year=0.1)
    assert discounted == pytest.approx(1.621379186, abs=5e-10)
    fitted = ltv.BgBb.from_params(alpha=1.203510, beta=0.749712, gamma=0.656745, delta=2.783611)
    alive = fitted.probability_alive([0, 2, 6], [0, 4, 6], [6, 6, 6], at=1)
    assert list(alive) == pytest.approx([0.11, 0.59, 0.93], abs=5e-3)
    assert fitted.expected_purchases_new(10) == pytest.approx(3.179805, abs=2.5e-5)


# Fader and Hardie (2007), of whose 1,000 customers so many were left after each year.
def test_sbg_is_fitted_as_published():
    model = ltv.Sbg(unit="year").fit_survivors([1000, 631, 468, 382, 326, 289, 262, 241])
    assert model.params_ == pytest.approx({"alpha": 0.704077, "beta": 1.182043}, abs=5e-7)
    assert model.log_likelihood_ == pytest.approx(-1680.2652, abs=5e-5)
    assert model.survival(12) == pytest.approx(0.1700, abs=5e-5)
    again = ltv.Sbg(unit="year").fit([1, 1, 2, 3], [True, True, False, False], weights=[300, 69, 1, 5], penalty=0.01)
    assert again.n_customers_ == 375


def test_the_mean_of_spend_is_that_of_the_formula():
    assert SPEND.expected_spend(2, 40.0) == pytest.approx(6.25 * (15.44 + 80) / (12.5 + 2.74))
    assert SPEND.expected_spend() == pytest.approx(6.25 * 15.44 / 2.74)
    heavy = ltv.GammaGamma.from_params(p=6.25, q=0.9, v=15.44)
    assert math.isnan(heavy.expected_spend())
    assert heavy.expected_spend([0, 3], [0.0, 20.0])[0] is None


# -- Fits ----------------------------------------------------------------------------------------


def test_a_fit_says_what_it_found():
    model = ltv.MbgNbd().fit(FREQUENCY, RECENCY, AGE, penalty=0.01)
    assert model.converged_ and model.verdict_ == "converged" and model.message_
    assert list(model.params_) == ["r", "alpha", "a", "b"]
    assert model.n_customers_ == 12 and model.n_unique_ == 12 and model.n_iterations_ > 0
    assert model.aic_ == pytest.approx(8 - 2 * model.log_likelihood_)
    assert model.bic_ == pytest.approx(4 * math.log(12) - 2 * model.log_likelihood_)
    assert model.gradient_norm_ < 1e-8
    variances = [row[i] for i, row in enumerate(model.covariance_)]
    errors = list(model.standard_errors_.values())
    assert errors == pytest.approx([math.sqrt(v) for v in variances])
    assert len(model.excluded_) == 0


def test_a_fit_that_is_no_optimum_warns():
    with pytest.warns(ltv.ConvergenceWarning, match="penalty"):
        model = ltv.MbgNbd().fit(FREQUENCY, RECENCY, AGE)
    assert not model.converged_ and model.verdict_ == "boundary"
    assert all(math.isnan(v) for v in model.standard_errors_.values())
    with pytest.raises(ArgumentError, match="no optimum"):
        model.expected_purchases(39, 2, 30, 38, interval="confidence")


def test_a_warning_points_to_who_fitted():
    for fit in (
        lambda: ltv.BgNbd().fit([2, 1], [1.0, 2.0], [3.0, 3.0]),
        lambda: ltv.BgBb().fit([2, 1], [2, 2], n=[3, 3]),
        lambda: ltv.Sbg().fit_survivors([10]),
    ):
        with pytest.warns(ltv.ConvergenceWarning) as caught:
            fit()
        assert caught[0].filename == __file__


ORDERS = {
    "customer": [i % 40 for i in range(400)],
    "date": [f"2026-{1 + i * i % 12:02}-{1 + i * 7 % 28:02}" for i in range(400)],
    "amount": [1.0 + i % 37 for i in range(400)],
}


def summary_with(**options):
    return ltv.summary(ORDERS, customer="customer", time="date", amount="amount", **options)


def test_a_summary_is_refused_where_its_numbers_mean_something_else():
    months, weeks = summary_with(unit="month"), summary_with()
    for call in (
        lambda: ltv.BgNbd().fit(months, penalty=0.01),
        lambda: BG.expected_purchases(12, months),
        lambda: BG.probability_alive(months),
        lambda: ltv.value(BG, SPEND, months, rate_per_year=0.1),
    ):
        with pytest.raises(ArgumentError, match=r"in months and this BgNbd in weeks; use BgNbd\(unit='month'\)"):
            call()
    assert ltv.BgNbd(unit="month").fit(months, penalty=0.01).unit == "month"
    assert len(SPEND.expected_spend(months)) == len(months)  # reads no time
    for option, value in (("money", "total"), ("first_order", "keep")):
        other = summary_with(**{option: value})
        for call in (
            lambda other=other: ltv.GammaGamma().fit(other),
            lambda other=other: SPEND.expected_spend(other),
            lambda other=other: ltv.value(BG, SPEND, other, rate_per_year=0.1),
        ):
            with pytest.raises(ArgumentError, match=f"made with {option}='{value}'"):
                call()
        assert len(BG.expected_purchases(12, other)) == len(weeks)  # reads no money


def test_weights_stand_for_customers():
    doubled = [list(values) * 2 for values in (FREQUENCY, RECENCY, AGE)]
    first = ltv.BgNbd().fit(*doubled, penalty=0.01)
    second = ltv.BgNbd().fit(FREQUENCY, RECENCY, AGE, weights=[2] * 12, penalty=0.01)
    table = {**CUSTOMERS, "w": [2.0] * 12}
    third = ltv.BgNbd().fit(table, weights="w", penalty=0.01)
    assert first.params_ == second.params_ == third.params_
    assert third.n_customers_ == 24 and third.n_unique_ == 12


# What docs/ltv.md says of parts: each made distinct and counted by itself, put together in any order.
def test_parts_with_their_weights_are_the_whole():
    drawn = ltv.MbgNbd.from_params(r=0.5, alpha=6, a=0.9, b=1.6).simulate(20_000, T=39, seed=9).to_dict()
    rows = [
        (x, 0.0 if x == 0 else math.ceil(7 * t) / 7, 39 - i % 70 / 7 if x == 0 else 39.0)
        for i, (x, t) in enumerate(zip(drawn["frequency"], drawn["recency"], strict=True))
    ]
    whole = ltv.MbgNbd().fit(*zip(*rows, strict=True))
    parts = [[(*row, n) for row, n in collections.Counter(rows[k::3]).items()] for k in range(3)]
    for order in ((0, 1, 2), (2, 0, 1)):
        x, t, T, n = zip(*(row for k in order for row in parts[k]), strict=True)
        merged = ltv.MbgNbd().fit(x, t, T, weights=n)
        assert whole.converged_ and merged.params_ == whole.params_
        assert merged.covariance_ == whole.covariance_ and merged.bic_ == whole.bic_


def test_any_number_of_threads_gives_the_same():
    models = [ltv.ParetoNbd().fit(CUSTOMERS, penalty=0.01, threads=n).to_json() for n in (1, 2, None)]
    assert len(set(models)) == 1
    answers = [
        BG.expected_purchases(39, CUSTOMERS, interval="prediction", threads=n).to_dict()
        for n in (1, 2, None)
    ]
    assert answers[0] == answers[1] == answers[2]


def test_progress_is_told_and_may_stop():
    shares = []
    ltv.BgNbd().fit(CUSTOMERS, penalty=0.01, progress=shares.append)
    assert shares and shares[-1] == 1 and shares == sorted(shares)

    def stop(share):
        raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        ltv.BgNbd().fit(CUSTOMERS, penalty=0.01, progress=stop)
    with pytest.raises(KeyError, match="enough"):
        ltv.value(BG, SPEND, CUSTOMERS, rate_per_year=0.1, progress=stop)


# -- Intervals -----------------------------------------------------------------------------------


def test_intervals_lie_around_what_they_are_about():
    model = ltv.MbgNbd().fit(CUSTOMERS, penalty=0.01)
    one = model.expected_purchases(39, 2, 30, 38, interval="confidence")
    assert isinstance(one, ltv.Prediction) and one.low < one.value < one.high
    narrow = model.expected_purchases(39, 2, 30, 38, interval="confidence", level=0.5)
    assert one.low < narrow.low < narrow.high < one.high
    table = model.expected_purchases(39, CUSTOMERS, interval="prediction")
    assert table.columns == ["value", "low", "high"]
    assert all(low == int(low) <= high for low, high in zip(table["low"], table["high"], strict=True))
    with pytest.raises(ArgumentError, match="ask for confidence"):
        model.probability_alive(CUSTOMERS, interval="prediction")
    alive = model.probability_alive(CUSTOMERS, interval="confidence")
    for low, value, high in zip(alive["low"], alive["value"], alive["high"], strict=True):
        assert 0 <= low <= value <= high <= 1
    spend = ltv.GammaGamma().fit(CUSTOMERS, penalty=0.01)
    worth = ltv.value(model, spend, CUSTOMERS, rate_per_year=0.1, horizon=52, interval="confidence")
    assert all(a < b < c for a, b, c in zip(worth["low"], worth["value"], worth["high"], strict=True))


# -- Values that last ----------------------------------------------------------------------------


def test_a_model_is_pickled_copied_and_written():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ltv.ConvergenceWarning)
        fitted = ltv.ParetoNbd(unit="day").fit(CUSTOMERS, penalty=0.01)
    for again in (
        pickle.loads(pickle.dumps(fitted)),
        copy.copy(fitted),
        copy.deepcopy(fitted),
        ltv.from_json(fitted.to_json()),
        ltv.ParetoNbd.from_json(fitted.to_json()),
    ):
        assert type(again) is ltv.ParetoNbd and again.unit == "day"
        assert again.params_ == fitted.params_ and again.covariance_ == fitted.covariance_
        assert again.message_ == fitted.message_
    assert pickle.loads(pickle.dumps(ltv.BgNbd(unit="day"))).unit == "day"
    assert repr(ltv.BgNbd(unit="day")) == "patron.ltv.BgNbd(unit='day', not fitted)"
    assert repr(BG) == "patron.ltv.BgNbd(unit='week', r=0.243, alpha=4.414, a=0.793, b=2.426)"
    with pytest.raises(ArgumentError, match="pareto_nbd"):
        ltv.BgNbd.from_json(fitted.to_json())
    with pytest.raises(PolicyError):
        ltv.from_json("{}")


def test_a_saved_model_is_small():
    customers = ltv.MbgNbd.from_params(r=0.5, alpha=6, a=0.9, b=1.6).simulate(20_000, T=39, seed=1)
    model = ltv.MbgNbd().fit(customers)
    assert model.converged_ and len(pickle.dumps(model)) < 1200


def test_a_model_is_cloned_as_scikit_learn_does():
    model = ltv.BgNbd(unit="day")
    assert ltv.BgNbd(**model.get_params()).unit == "day"
    assert model.set_params(unit="month").unit == "month"
    with pytest.raises(StateError, match="another model"):
        copy.copy(BG).set_params(unit="day")


def test_simulated_customers_are_those_of_the_seed():
    customers, events = BG.simulate(500, T=52, seed=3, events=True)
    assert BG.simulate(500, T=52, seed=3, threads=2).to_dict() == customers.to_dict()
    counts = [0] * 500
    for row in events["customer"]:
        counts[row] += 1
    assert customers["frequency"].to_list() == counts
    assert set(customers["T"]) == {52.0}
    each = BG.simulate(T=[1.0, 2.0, 3.0], seed=1)
    assert each["T"].to_list() == [1.0, 2.0, 3.0]
    assert SPEND.simulate(orders=[1, 2, 3], seed=1)["frequency"].to_list() == [1, 2, 3]


def test_the_example_says_who_is_worth_most(capsys):
    path = Path(__file__).resolve().parents[2] / "examples" / "python" / "lifetime_value.py"
    runpy.run_path(str(path))["main"]([])
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("3000 customers; ")
    off = {line.split()[0]: float(line.split("(")[1].split()[0]) for line in said[1:4]}
    assert abs(off["MbgNbd"]) < 10  # the model that the customers were drawn from
    rmse = {line.split()[0]: float(line.split()[-1]) for line in said[1:4]}
    assert 0.5 < rmse["MbgNbd"] < 1.5 and rmse["MbgNbd"] <= 1.05 * min(rmse.values())
    assert said[4].startswith("worth most in the coming year, by patron.ltv.MbgNbd")
    assert len(said) == 10


# -- CDNOW, from orders to value -----------------------------------------------------------------

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "cdnow"


@pytest.fixture(scope="module")
def cdnow():
    if not DATA.is_dir():
        pytest.skip("the optional folder ../shared/data is not there")
    with (DATA / "sample_customers.csv").open() as file:
        sample = {int(row["customer_id"]) for row in csv.DictReader(file)}
    with (DATA / "orders.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if int(row["customer_id"]) in sample]
    orders = {
        "customer": [int(row["customer_id"]) for row in rows],
        "date": [row["date"] for row in rows],
        "amount": [float(row["amount"]) for row in rows],
    }
    names = {"customer": "customer", "time": "date", "amount": "amount"}
    return ltv.summary(orders, **names, unit="week", calibration_end="1997-09-30")


# Optima of the likelihoods by Newton steps in high precision; standard errors there.
CDNOW = [
    (
        ltv.BgNbd,
        -9582.429206674,
        [0.242594522, 4.413602019, 0.792922017, 2.425906777],
        [0.0125574, 0.3782240, 0.1857338, 0.7054143],
    ),
    (
        ltv.MbgNbd,
        -9582.135715554,
        [0.524843159, 6.183085280, 0.891359391, 1.614002240],
        [0.0832684, 0.6956215, 0.1547900, 0.5374957],
    ),
    (
        ltv.ParetoNbd,
        -9594.976178940,
        [0.553277047, 10.577683463, 0.606239989, 11.668735289],
        [0.0476280, 0.8427230, 0.1872822, 6.2111461],
    ),
]


@pytest.mark.parametrize(("kind", "likelihood", "params", "errors"), CDNOW)
def test_cdnow_from_orders_to_parameters(cdnow, kind, likelihood, params, errors):
    model = kind().fit(cdnow)
    assert model.converged_, model.message_
    assert model.log_likelihood_ == pytest.approx(likelihood, rel=1e-9)
    assert list(model.params_.values()) == pytest.approx(params, rel=1e-6)
    assert list(model.standard_errors_.values()) == pytest.approx(errors, rel=1e-5)


def test_cdnow_from_orders_to_value(cdnow):
    # Sums of packages, which stop short of the optimum: BTYD by 1e-3 in beta.
    sums = {ltv.BgNbd: (1653.408, 1e-3), ltv.MbgNbd: (1576.712, 0.02), ltv.ParetoNbd: (1665.69, 0.2)}
    for kind, (total, near) in sums.items():
        assert sum(kind().fit(cdnow).expected_purchases(39, cdnow)) == pytest.approx(total, abs=near)
    spend = ltv.GammaGamma().fit(cdnow)
    assert spend.params_ == pytest.approx({"p": 6.249572271, "q": 3.744224667, "v": 15.443520963})
    assert spend.n_customers_ == 946
    alive = {ltv.BgNbd: 0.8134, ltv.MbgNbd: 0.4487, ltv.ParetoNbd: 0.4463}
    for kind, mean in alive.items():
        found = kind().fit(cdnow).probability_alive(cdnow)
        assert sum(found) / len(found) == pytest.approx(mean, abs=5e-5)
    model = ltv.BgNbd().fit(cdnow)
    worth = ltv.value(model, spend, cdnow, rate_per_year=0.1, interval="confidence", level=0.9)
    columns = worth.to_dict()
    assert len(worth) == 2357 and min(columns["value"]) > 0
    for low, value, high in zip(columns["low"], columns["value"], columns["high"], strict=True):
        assert low < value < high
