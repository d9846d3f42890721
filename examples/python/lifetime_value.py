"""Who is worth most? Summaries, three models held against what happened, and value with intervals.

    python lifetime_value.py [ORDERS.csv]

The file has the columns customer_id, date, amount; without one, customers are simulated.
"""

import csv
import datetime as dt
import math
import sys

from patron import ltv

WEEKS = 39  # of calibration, and of hold-out


def simulated_orders():
    """Orders of 3,000 customers who first bought in the first twelve weeks of 2026."""
    model = ltv.MbgNbd.from_params(r=0.52, alpha=6.2, a=0.9, b=1.6)
    starts = [i % 84 for i in range(3000)]
    ages = [2 * WEEKS - start / 7 for start in starts]
    _, events = model.simulate(T=ages, seed=1, events=True)
    first = dt.datetime(2026, 1, 1, 12)
    rows = [(i, first + dt.timedelta(days=start)) for i, start in enumerate(starts)]
    rows += [
        (i, first + dt.timedelta(days=starts[i] + 7 * week))
        for i, week in zip(events["customer"], events["time"], strict=True)
    ]
    spend = ltv.GammaGamma.from_params(p=6.25, q=3.74, v=15.44)
    money = spend.simulate(orders=[1] * len(rows), seed=2)["monetary"].to_list()
    return {
        "customer": [row[0] for row in rows],
        "date": [row[1] for row in rows],
        "amount": money,
    }


def orders_of(path):
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        "customer": [int(row["customer_id"]) for row in rows],
        "date": [row["date"] for row in rows],
        "amount": [float(row["amount"]) for row in rows],
    }


def main(arguments):
    orders = orders_of(arguments[0]) if arguments else simulated_orders()
    first = min(orders["date"])
    first = dt.datetime.fromisoformat(first) if isinstance(first, str) else first
    customers = ltv.summary(
        orders,
        customer="customer",
        time="date",
        amount="amount",
        unit="week",
        calibration_end=(first + dt.timedelta(weeks=WEEKS)).date(),
    )
    later = customers["frequency_holdout"].to_list()
    actual = sum(later)
    print(f"{len(customers)} customers; {actual} purchases in the hold-out")

    fitted = [kind().fit(customers) for kind in (ltv.BgNbd, ltv.MbgNbd, ltv.ParetoNbd)]
    for model in fitted:
        expected = model.expected_purchases(WEEKS, customers).to_list()
        off = 100 * (sum(expected) / actual - 1)
        rmse = math.sqrt(sum((e - n) ** 2 for e, n in zip(expected, later, strict=True)) / len(later))
        print(
            f"{type(model).__name__:10} AIC {model.aic_:.1f}, expected {sum(expected):.0f} ({off:+.1f} %), "
            f"RMSE of a customer {rmse:.3f}"
        )
    best = min(fitted, key=lambda model: model.aic_)

    spend = ltv.GammaGamma().fit(customers)
    worth = ltv.value(
        best,
        spend,
        customers,
        horizon=52.1775,
        rate_per_year=0.1,
        margin=0.3,
        interval="confidence",
        on_bad_row="null",  # whose repeat purchases were all free
    ).to_dict()
    order = sorted(range(len(customers)), key=lambda i: -(worth["value"][i] or 0))
    print("worth most in the coming year, by", best)
    for i in order[:5]:
        value, low, high = (worth[name][i] for name in ("value", "low", "high"))
        print(f"  customer {customers['customer'][i]}: {value:.2f} ({low:.2f} to {high:.2f})")


if __name__ == "__main__":
    main(sys.argv[1:])
