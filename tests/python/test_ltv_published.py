"""What the papers and packages print of the CDNOW sample: tracking, hold-out, sums, spend and value."""

import csv
import datetime
import statistics
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from patron import ltv

CDNOW = Path(__file__).resolve().parents[3] / "shared" / "data" / "cdnow"

# Where the R package BTYD 2.4.3 stops, 1e-5 (BG/NBD) from the optimum.
BTYD_BG = ltv.BgNbd.from_params(r=0.2425982, alpha=4.4136842, a=0.7929899, b=2.4261667)
# The optimum, by Newton steps in high precision.
PARETO = ltv.ParetoNbd.from_params(r=0.553277047, alpha=10.577683463, s=0.606239989, beta=11.668735289)
WEEKS = range(20, 26)
# The customers whom the sample's own numbering calls 1 to 10.
FIRST_TEN = [4, 21, 50, 71, 86, 111, 112, 113, 114, 131]


@pytest.fixture(scope="module")
def orders():
    if not CDNOW.is_dir():
        pytest.skip("the optional folder ../shared/data/cdnow is not there")
    with (CDNOW / "sample_customers.csv").open() as file:
        sample = {int(row["customer_id"]) for row in csv.DictReader(file)}
    with (CDNOW / "orders.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if int(row["customer_id"]) in sample]
    return {
        "customer": [int(row["customer_id"]) for row in rows],
        "date": [row["date"] for row in rows],
        "amount": [float(row["amount"]) for row in rows],
    }


@pytest.fixture(scope="module")
def cdnow(orders):
    names = {"customer": "customer", "time": "date", "amount": "amount"}
    return ltv.summary(orders, **names, unit="week", calibration_end="1997-09-30")


def test_the_sample_is_that_of_the_papers(cdnow):
    columns = cdnow.to_dict()
    assert len(cdnow) == 2357 and sum(columns["frequency"]) == 2457
    assert sum(columns["recency"]) == pytest.approx(16135.571429, abs=5e-7)
    assert sum(columns["T"]) == pytest.approx(77111.285714, abs=5e-7)
    assert sum(columns["frequency_holdout"]) == 1882


# -- Tracking --------------------------------------------------------------------------------------


def expected_by_week(model, cdnow):
    """Repeat purchases of all up to the end of each week, counted from the first day of the sample."""
    ages = list(cdnow["T"])
    born = Counter(round(7 * (max(ages) - age)) for age in ages)
    return {
        week: sum(
            n * model.expected_purchases_new(week - day / 7) for day, n in born.items() if day <= 7 * week
        )
        for week in (WEEKS[0] - 1, *WEEKS)
    }


def test_repeat_purchases_by_week_are_those_of_the_walkthrough(orders):
    # BTYD's walkthrough. By hand from the log: days with an order, without a customer's first.
    days = defaultdict(set)
    for customer, date in zip(orders["customer"], orders["date"], strict=True):
        days[customer].add((datetime.date.fromisoformat(date[:10]) - datetime.date(1997, 1, 1)).days)
    repeats = [day for mine in days.values() for day in sorted(mine)[1:]]
    actual = [sum(day < 7 * week for day in repeats) for week in WEEKS]
    assert actual == [1359, 1414, 1484, 1517, 1573, 1672]


def test_bg_nbd_tracks_as_the_walkthrough(cdnow):
    # BTYD's walkthrough; its parameters have 7 digits, so its sums 6.
    printed = [1312.458, 1387.346, 1460.392, 1531.713, 1601.418, 1669.6]
    expected = expected_by_week(BTYD_BG, cdnow)
    assert [expected[week] for week in WEEKS] == pytest.approx(printed, abs=1.5e-3)


def test_pareto_nbd_tracks_as_the_walkthrough(cdnow):
    # BTYD's walkthrough, at a fit that stopped 1e-4 before the optimum; lifetimes tests the rounded sums.
    cumulative = [1308.856, 1385.275, 1459.923, 1532.906, 1604.32, 1674.253]
    incremental = [78.308, 76.419, 74.648, 72.983, 71.414, 69.933]
    expected = expected_by_week(PARETO, cdnow)
    assert [round(expected[week]) for week in WEEKS] == [round(value) for value in cumulative]
    weekly = [expected[week] - expected[week - 1] for week in WEEKS]
    assert weekly == pytest.approx(incremental, abs=5e-3)


# -- Hold-out ------------------------------------------------------------------------------------


def by_frequency(cdnow, values):
    """Means over customers with 0, 1, ... 6, 7 or more repeat purchases in the calibration."""
    groups = defaultdict(list)
    for frequency, value in zip(cdnow["frequency"], values, strict=True):
        groups[min(frequency, 7)].append(value)
    return [(len(groups[k]), statistics.fmean(groups[k])) for k in range(8)]


def test_the_holdout_by_frequency_is_that_of_the_walkthrough(cdnow):
    actual = by_frequency(cdnow, cdnow["frequency_holdout"])
    assert [n for n, _ in actual] == [1411, 439, 214, 100, 62, 38, 29, 64]
    printed = [0.237, 0.697, 1.393, 1.560, 2.532, 2.947, 3.862, 6.359]
    assert [mean for _, mean in actual] == pytest.approx(printed, abs=5e-4)


@pytest.mark.parametrize(
    ("model", "printed", "digits"),
    [
        (BTYD_BG, [0.225, 0.523, 1.044, 1.520, 2.164, 2.654, 3.504, 6.157], 5e-4),
        # At parameters of its own, 1e-4 away.
        (PARETO, [0.138, 0.600, 1.196, 1.714, 2.399, 2.907, 3.819, 6.403], 7.5e-4),
    ],
    ids=["bg_nbd", "pareto_nbd"],
)
def test_forecasts_of_the_holdout_are_those_of_the_walkthrough(cdnow, model, printed, digits):
    means = [mean for _, mean in by_frequency(cdnow, model.expected_purchases(39, cdnow))]
    assert means == pytest.approx(printed, abs=digits)


def test_the_paradox_of_increasing_frequency_in_both_models():
    # The walkthrough's table for x = 10, 15, 20, 25, t_x = 20, T = 39: its Pareto/NBD at a fit of its own.
    pareto = [PARETO.expected_purchases(52, x, 20, 39) for x in (10, 15, 20, 25)]
    assert pareto == pytest.approx([0.7062289, 0.1442396, 0.02250658, 0.00309267], rel=1e-3)
    bg = [BTYD_BG.expected_purchases(52, x, 20, 39) for x in (10, 15, 20, 25)]
    assert bg == pytest.approx([0.3474606, 0.04283391, 0.004158973, 0.0003583685], rel=1e-5)


# -- Money ---------------------------------------------------------------------------------------


def test_repeat_spend_is_that_of_the_paper(cdnow):
    # Fader, Hardie and Lee (2005, "RFM and CLV"), rounded to units.
    money = [m for x, m in zip(cdnow["frequency"], cdnow["monetary"], strict=True) if x > 0]
    assert len(money) == 946
    of_all = (statistics.fmean, statistics.stdev, min, statistics.median, max)
    assert [round(of(money)) for of in of_all] == [35, 30, 3, 27, 300]


def test_expected_spend_is_that_of_the_note(cdnow):
    # Fader and Hardie, note 025.
    spend = ltv.GammaGamma().fit(cdnow)
    printed = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]
    found = dict(zip(cdnow["customer"], spend.expected_spend(cdnow), strict=True))
    assert [found[customer] for customer in FIRST_TEN] == pytest.approx(printed, abs=5e-3)
    assert spend.expected_spend(2, 40.0) == pytest.approx(39.13052369, abs=2e-5)  # a BTYD run, 1e-6 away
    assert spend.expected_spend() == pytest.approx(35.17049924, abs=2e-4)


def test_a_year_by_months_is_worth_what_lifetimes_says(cdnow):
    # lifetimes 0.11.3: purchases of a month of 4.345 weeks, discounted at its end by 1 % a month. It
    # stops 1e-4 from the optimum; its file has times of two decimals.
    times = {name: [round(time, 2) for time in cdnow[name]] for name in ("recency", "T")}
    rounded = {"frequency": cdnow["frequency"], **times}
    model, spend = ltv.BgNbd().fit(rounded), ltv.GammaGamma().fit(cdnow)
    assert model.log_likelihood_ == pytest.approx(-9582.425561, abs=5e-7)
    ahead = [list(model.expected_purchases(4.345 * month, rounded)) for month in range(13)]
    worth = {
        customer: money * sum((ahead[k][i] - ahead[k - 1][i]) / 1.01**k for k in range(1, 13))
        for i, (customer, money) in enumerate(
            zip(cdnow["customer"], spend.expected_spend(cdnow), strict=True)
        )
    }
    assert sum(worth.values()) == pytest.approx(71509.8993, rel=5e-5)
    found = [worth[FIRST_TEN[k - 1]] for k in (1, 2, 3, 6)]
    assert found == pytest.approx([36.278496, 4.637466, 8.344093, 283.523593], rel=3e-4)
    # The same money discounted as it comes is worth half a month's interest more, about.
    year = ltv.value(model, spend, cdnow, horizon=12 * 4.345, rate_per_year=1.01**12 - 1)
    assert sum(year["value"]) == pytest.approx(sum(worth.values()), rel=1e-2)
    assert sum(year["value"]) > sum(worth.values())
