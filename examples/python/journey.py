"""Customers on their way: eighteen months of orders replayed month by month under examples/policies/music.json.

    python examples/python/journey.py [orders.csv]

The file has the columns customer_id, date and amount; without it the CDNOW log (seconds) is taken where it lies beside the
project, else orders are simulated. The stages are those of ecommerce.json. That policy also has classes of the lifetime
value, which is new every midnight for everybody; on CDNOW they take minutes.
"""

import csv
import datetime as dt
import random
import sys
from collections import Counter
from pathlib import Path

import patron

ROOT = Path(__file__).resolve().parents[2]
CDNOW = ROOT.parent / "shared" / "data" / "cdnow" / "orders.csv"
STAGES = ("new", "active", "returned", "silent", "lost")


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        "customer": [int(row["customer_id"]) for row in rows],
        "time": [row["date"] for row in rows],
        "amount": [float(row["amount"]) for row in rows],
    }


def simulated(customers=500, seed=7):
    """Everybody comes in the first quarter, buys at a pace of her own, and leaves one day."""
    chance = random.Random(seed)
    orders = {"customer": [], "time": [], "amount": []}
    for customer in range(1, customers + 1):
        day = dt.date(2025, 1, 1) + dt.timedelta(days=chance.randrange(90))
        pace, stays = chance.gammavariate(2, 30), chance.expovariate(1 / 200)
        end = day + dt.timedelta(days=stays)
        while day <= min(end, dt.date(2026, 6, 30)):
            orders["customer"].append(customer)
            orders["time"].append(day.isoformat())
            orders["amount"].append(round(chance.gammavariate(4, 10), 2))
            day += dt.timedelta(days=1 + round(chance.expovariate(1 / pace)))
    return orders


def months(first, last):
    """The first days of the months after `first`, up to the one after `last`."""
    day = first.replace(day=1)
    while day <= last:
        day = (day + dt.timedelta(days=32)).replace(day=1)
        yield day


def main(argv):
    if argv:
        orders, source = read(argv[0]), argv[0]
    elif CDNOW.exists():
        orders, source = read(CDNOW), "CDNOW"
    else:
        orders, source = simulated(), "simulated orders"
    engine = patron.Engine(ROOT / "examples" / "policies" / "music.json")
    report = engine.ingest("orders", orders)
    print(f"{source}: {report.accepted} orders, {report.refused_rows} refused\n")
    print(f"{'':10}" + "".join(f"{stage:>10}" for stage in STAGES) + "   moves of the month")
    days = [dt.date.fromisoformat(day) for day in (min(orders["time"]), max(orders["time"]))]
    read_so_far = 0
    for month in months(*days):
        engine.advance(month)
        moved = engine.transitions(after=read_so_far)
        read_so_far = moved["number"][-1] if len(moved) else read_so_far
        counts = engine.distribution("stage")
        standing = dict(zip(counts["class"], counts["customers"], strict=True))
        flow = Counter(
            (start, end)
            for what, start, end in zip(moved["classification"], moved["from"], moved["to"], strict=True)
            if what == "stage" and start is not None and start != "prospect"
        )
        told = ", ".join(f"{start} -> {end} {n}" for (start, end), n in flow.most_common(3))
        print(f"{month:%Y-%m-%d}" + "".join(f"{standing.get(stage, 0):>10}" for stage in STAGES) + f"   {told}")
    ahead = engine.forecast(engine.clock + dt.timedelta(days=31), "stage")
    print(f"\nif nothing happens, {len(ahead)} more change their stage within a month")
    if len(ahead):
        who = ahead["customer"][0]
        print(f"first {who}, {ahead['from'][0]} -> {ahead['to'][0]} at {ahead['at'][0]:%Y-%m-%d}; so far she was:")
        for name, end, at in zip(*(engine.history(who)[x] for x in ("classification", "to", "at")), strict=True):
            if name == "stage" and end is not None:
                print(f"  {at:%Y-%m-%d}  {end}")


if __name__ == "__main__":
    main(sys.argv[1:])
