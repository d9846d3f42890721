"""A whole customer in one call: a supermarket and a mail-order shop, from their files to profiles with sources.

    python examples/python/profiles.py [folder]

The folder holds `completejourney` (order lines, demographics, campaigns and coupon redemptions of the Complete Journey of
84.51°, CC0; the R package of that name ships them) and `cdnow` (orders.csv: customer_id, date, quantity, amount). Without
an argument it is ../shared/data beside the project. The policies are examples/policies/grocery.json and music.json. Some
seconds.
"""

import csv
import sys
from pathlib import Path

import patron

ROOT = Path(__file__).resolve().parents[2]
POLICIES = ROOT / "examples" / "policies"
DATA = ROOT.parent / "shared" / "data"


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def cents(text):
    return round(100 * float(text))


def columns_of(rows):
    """Rows, which are dicts of the same keys, as a dict of columns."""
    return {name: [row[name] for row in rows] for name in rows[0]}


def order_lines(folder):
    """What was in the baskets, numbered as in the file."""
    return columns_of([
        {
            "customer": int(row["household_id"]),
            "time": row["timestamp"],
            "line": number,
            "department": row["department"] or None,
            "brand": row["brand"] or None,
            "amount": float(row["sales_value"]),
            "quantity": int(row["quantity"]),
        }
        for number, row in enumerate(rows_of(folder / "order_lines.csv"))
    ])


def baskets(folder):
    """An order for each basket: what its lines add up to."""
    found = {}
    for row in rows_of(folder / "order_lines.csv"):
        basket = int(float(row["basket_id"]))  # the file writes round ones as 4.0128e+10
        order = found.setdefault(
            basket,
            {
                "customer": int(row["household_id"]),
                "time": row["timestamp"],
                "basket": basket,
                "store": row["store_id"],
                "amount": 0,
                "discount": 0,
            },
        )
        order["amount"] += cents(row["sales_value"])
        order["discount"] += cents(row["retail_discount"]) + cents(row["coupon_discount"])
    orders = columns_of(list(found.values()))
    for name in ("amount", "discount"):
        orders[name] = [value / 100 for value in orders[name]]
    return orders


def contacts(folder):
    """Who was mailed a campaign on the day it began, and who redeemed a coupon of it."""
    begin = {row["campaign_id"]: row["start_date"] for row in rows_of(folder / "campaign_descriptions.csv")}
    mailed = [
        {"customer": int(row["household_id"]), "time": begin[row["campaign_id"]], "kind": "mailed", "campaign": row["campaign_id"]}
        for row in rows_of(folder / "campaigns.csv")
    ]
    redeemed = [
        {"customer": int(row["household_id"]), "time": row["redemption_date"], "kind": "redeemed", "campaign": row["campaign_id"]}
        for row in rows_of(folder / "coupon_redemptions.csv")
    ]
    made = columns_of(mailed + redeemed)
    made["number"] = list(range(len(made["customer"])))
    return made


def answers(folder):
    """What households said of themselves, known from the first day."""
    return columns_of([
        {
            "customer": int(row["household_id"]),
            "time": "2017-01-01",
            "age": row["age"] or None,
            "income": row["income"] or None,
            "home_ownership": row["home_ownership"] or None,
            "marital_status": row["marital_status"] or None,
            "household_size": row["household_size"] or None,
            "kids": row["kids_count"] or None,
        }
        for row in rows_of(folder / "demographics.csv")
    ])


def grocery(folder):
    """An engine that has all facts of the supermarket; nothing has happened yet."""
    engine = patron.Engine(POLICIES / "grocery.json")
    for stream, table in (("orders", baskets(folder)), ("lines", order_lines(folder)), ("interactions", contacts(folder))):
        report = engine.ingest(stream, table)
        print(f"{stream}: {report.accepted:,} taken, {report.refused_rows} refused")
    report = engine.set_attributes(answers(folder))
    print(f"attributes: {report.accepted:,} taken, {report.refused_rows} refused")
    return engine


def music(folder, policy=POLICIES / "music.json"):
    """An engine that has all orders of the mail-order shop."""
    engine = patron.Engine(policy)
    report = engine.ingest("orders", columns_of([
        {"customer": int(row["customer_id"]), "time": row["date"], "amount": float(row["amount"]), "pieces": int(row["quantity"])}
        for row in rows_of(folder / "orders.csv")
    ]))
    print(f"orders: {report.accepted:,} taken, {report.refused_rows} refused")
    return engine


def show_profile(engine, customer):
    """Everything that is known of one customer, by category, with where it comes from."""
    print(f"\ncustomer {customer} at {engine.clock:%Y-%m-%d}")
    found = engine.profile(customer)
    for category in dict.fromkeys(value.category for value in found.values()):
        print(f"  {category or 'models and classes'}")
        for name, value in found.items():
            if value.category == category and value.value is not None:
                rests = f", newest of {value.as_of:%Y-%m-%d}" if value.as_of else ""
                reads = f" of {', '.join(value.reads)}" if value.reads else ""
                print(f"    {value.label or name}: {shown(value.value)} ({value.source}{reads}{rests})")


def shown(value):
    if isinstance(value, float):
        return f"{value:.4g}"
    return ", ".join(sorted(value)) if isinstance(value, (list, set, frozenset)) else str(value)


def show_classes(engine, names):
    for name in names:
        counts = engine.distribution(name)
        told = ", ".join(f"{label or 'none'} {count:,}" for label, count in zip(counts["class"], counts["customers"], strict=True))
        print(f"{name}: {told}")


def show_calibration(engine):
    found = engine.calibration
    print(f"\ncalibration {found.number} of {found.customers:,} customers")
    for model, message in zip(found.report["model"], found.report["message"], strict=True):
        print(f"  {model}: {message}")


def run(engine, until, customer, names):
    engine.advance(until)        # calibrates by itself, as the policy says
    engine.calibrate()           # and once more on everything that there is
    print(f"{len(engine.transitions()):,} changes of class until {until}")
    show_calibration(engine)
    show_classes(engine, names)
    show_profile(engine, customer)


def main(argv):
    folder = Path(argv[0]) if argv else DATA
    missing = [part for part in ("completejourney", "cdnow") if not (folder / part).is_dir()]
    if missing:
        print(f"{folder} has no {' and no '.join(missing)}: give the folder of the data sets that the first lines name", file=sys.stderr)
        return 2
    print("SUPERMARKET")
    run(grocery(folder / "completejourney"), "2018-01-01", 718, ("segment", "tier", "abc", "audiences"))
    print("\nMAIL ORDER")
    run(music(folder / "cdnow"), "1998-07-01", 5, ("segment", "stage", "tier", "abc", "audiences"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
