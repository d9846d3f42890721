"""The tier models in examples/policies/tiers, each played through by hand.

What is expected is worked out from the rules of docs/classifications.md, and told in the local time of the
policy. The engine has to say the same in one step and in many.
"""

import datetime as dt
import json
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import patron

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "policies" / "tiers"
MODELS = sorted(path.stem for path in FOLDER.glob("*.json"))


def played(name, streams, attributes=None, steps=1):
    """Every change of class: (customer, local time, from, to, cause), of `tier`, or with its classification."""
    document = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    zone = ZoneInfo(json.loads(document)["timezone"])
    engine = patron.Engine(patron.Policy(document))
    if attributes:
        assert engine.set_attributes(attributes).refused_rows == 0
    for stream, facts in streams.items():
        report = engine.ingest(stream, facts)
        assert report.refused_rows == 0, report.refused.to_dict()
    begin, end = dt.datetime(2025, 12, 31, tzinfo=zone), dt.datetime(2031, 1, 1, tzinfo=zone)
    for step in range(1, steps + 1):
        engine.advance(begin + (end - begin) * step / steps)
    main = [c for c in dict.fromkeys(engine.policy.classes["classification"]) if c in ("tier", "status")]
    out = []
    for row in engine.transitions().to_dicts():
        what = "" if row["classification"] in main else row["classification"] + ": "
        local = row["at"].astimezone(zone).strftime("%Y-%m-%d %H:%M")
        out.append((row["customer"], local, row["from"] and what + row["from"], row["to"] and what + row["to"],
                    row["cause"]))
    return out


def check(name, streams, want, attributes=None):
    """The same for each customer, in one step, in weeks and in odd steps."""
    for steps in (1, 260, 1237):
        got = played(name, streams, attributes, steps)
        for customer in dict.fromkeys(row[0] for row in want):
            assert [r for r in got if r[0] == customer] == [r for r in want if r[0] == customer], (steps, customer)
        assert len(got) == len(want)


def orders(*rows, **columns):
    """(customer, time, amount) with keys by their places, and columns of one's own."""
    return {"orders": {
        "customer": [r[0] for r in rows], "time": [r[1] for r in rows], "amount": [r[2] for r in rows],
        columns.pop("key", "order_id"): [f"o{i}" for i in range(len(rows))], **columns}}


@pytest.mark.parametrize("name", MODELS)
def test_the_model_has_nothing_to_be_told_of(name):
    findings = patron.Policy((FOLDER / f"{name}.json").read_text(encoding="utf-8")).check()
    assert [f for f in findings if f.severity != "note"] == []


def test_the_page_shows_what_the_policies_say():
    page = (FOLDER.parents[2] / "docs" / "tier-models.md").read_text(encoding="utf-8")
    shown = re.findall(r"/(\w+)\.json\):\n\n```json\n(.*?)```", page, re.DOTALL)
    assert sorted(name for name, _ in shown) == MODELS
    for name, text in shown:
        policy = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        assert json.loads(text) == {key: policy[key] for key in ("tags", "classifications")}, name


def test_cumulative_growth_only_goes_up():
    check("cumulative", orders(
        ("anna", "2026-01-10T12:00", 1000),     # the mark itself is enough
        ("anna", "2026-03-01T12:00", 4000.01),
        ("anna", "2026-03-05T12:00", -4000.01), # the growth goes, the tier stays
        ("ben", "2026-02-28T12:00", 999.99),
        ("ben", "2027-02-28T12:00", 0.01)), [
        ("anna", "2026-01-10 12:00", None, "silver", "event"),
        ("anna", "2026-03-01 12:00", "silver", "gold", "event"),
        ("ben", "2026-02-28 12:00", None, "member", "event"),
        ("ben", "2027-02-28 12:00", "member", "silver", "event")])


def test_rolling_window_lets_go_at_the_end_of_the_month():
    check("rolling_window", orders(
        ("anna", "2026-01-31T10:00", 600), ("anna", "2026-03-15T18:00", 400),
        ("ben", "2028-02-29T09:00", 300),
        ("cleo", "2026-05-20T12:00", 1200), ("cleo", "2026-05-25T12:00", -250),
        ("cleo", "2026-06-10T12:00", -100), ("cleo", "2026-06-30T23:59", 60)), [
        ("anna", "2026-01-31 10:00", None, "silver", "event"),
        ("anna", "2026-03-15 18:00", "silver", "gold", "event"),
        # 600 leave on 31 January 2027 at 10:00, and 400 are silver's.
        ("anna", "2027-02-01 00:00", "gold", "silver", "time"),
        ("anna", "2027-04-01 00:00", "silver", "member", "time"),
        ("ben", "2028-02-29 09:00", None, "silver", "event"),
        # There is no 29 February 2029: the order leaves with the first instant of 1 March, and that is no
        # boundary later than itself.
        ("ben", "2029-04-01 00:00", "silver", "member", "time"),
        # 950 keep gold, 850 do not, and 910 just before the month is over do again.
        ("cleo", "2026-05-20 12:00", None, "gold", "event"),
        ("cleo", "2027-06-01 00:00", "gold", "member", "time")])


def test_calendar_year_holds_to_the_end_of_the_next():
    check("calendar_year", orders(
        ("anna", "2026-05-01T12:00", 1000), ("anna", "2027-03-10T12:00", 400),
        ("ben", "2026-12-31T23:30", 350),       # already 2027 in UTC, still 2026 in New York
        ("cleo", "2026-11-20T12:00", 1200), ("cleo", "2027-01-15T12:00", -300),
        refunded=[None, None, None, None, "o3"]), [
        ("anna", "2026-05-01 12:00", None, "gold", "event"),
        ("anna", "2028-01-01 00:00", "gold", "silver", "time"),
        ("anna", "2029-01-01 00:00", "silver", "member", "time"),
        ("ben", "2026-12-31 23:30", None, "silver", "event"),
        ("ben", "2028-01-01 00:00", "silver", "member", "time"),
        # The refund counts in the year of its order: 900 of 2026 are silver's.
        ("cleo", "2026-11-20 12:00", None, "gold", "event"),
        ("cleo", "2027-01-15 12:00", "gold", "silver", "event"),
        ("cleo", "2028-01-01 00:00", "silver", "member", "time")])


def test_anniversary_reviews_the_membership_year():
    check("anniversary", orders(
        ("anna", "2026-06-10T12:00", 1000), ("ben", "2028-05-01T12:00", 300)), [
        ("anna", "2026-02-01 00:00", None, "member", "event"),
        ("anna", "2026-06-10 12:00", "member", "gold", "event"),
        # The year to 1 February 2027 has the 1,000; that to 2028 has nothing, and that to 2029 neither.
        ("anna", "2028-02-01 00:00", "gold", "silver", "time"),
        ("anna", "2029-02-01 00:00", "silver", "member", "time"),
        # Joined on 29 February: her anniversary is 28 February in other years.
        ("ben", "2028-02-29 00:00", None, "member", "event"),
        ("ben", "2028-05-01 12:00", "member", "silver", "event"),
        ("ben", "2030-02-28 00:00", "silver", "member", "time")],
        attributes={"customer": ["anna", "ben"], "joined": ["2026-02-01", "2028-02-29"],
                    "time": ["2026-02-01", "2028-02-29"]})


def test_earned_in_six_months_and_maintained_year_by_year():
    check("earn_and_maintain", orders(
        # 700 are in the six months until 15 July 10:00: a minute is left.
        ("anna", "2026-01-15T10:00", 700), ("anna", "2026-07-15T09:59", 500),
        ("ben", "2026-01-15T10:00", 700), ("ben", "2026-07-15T09:59", 500), ("ben", "2027-07-01T12:00", 300),
        ("cleo", "2026-01-15T10:00", 700), ("cleo", "2026-07-15T10:00", 500)), [
        ("anna", "2026-01-15 10:00", None, "member", "event"),
        ("anna", "2026-07-15 09:59", "member", "gold", "event"),
        # 500 do not maintain it since 15 January 2027; the guaranteed year is longer than the grace.
        ("anna", "2027-07-15 09:59", "gold", "member", "time"),
        ("ben", "2026-01-15 10:00", None, "member", "event"),
        ("ben", "2026-07-15 09:59", "member", "gold", "event"),
        # 800 on 1 July maintain it; when the 500 leave, 300 do not, and the grace of 30 days begins.
        ("ben", "2027-08-14 09:59", "gold", "member", "time"),
        ("cleo", "2026-01-15 10:00", None, "member", "event")])


def test_points_expire_and_the_oldest_are_spent_first():
    check("points_balance", {"points": {
        "customer": ["anna"] * 3, "entry": ["p1", "p2", "p3"], "amount": [1000, -300, 500],
        "time": ["2026-01-31T10:00", "2026-05-01T10:00", "2026-06-01T10:00"]}}, [
        ("anna", "2026-01-31 10:00", None, "gold", "event"),
        ("anna", "2026-05-01 10:00", "gold", "silver", "event"),    # 700
        ("anna", "2026-06-01 10:00", "silver", "gold", "event"),    # 1,200
        ("anna", "2027-01-31 10:00", "gold", "silver", "time"),     # what is left of January, 700, is over
        ("anna", "2027-06-01 10:00", "silver", "member", "time")])


def test_any_of_several_criteria():
    stays = [("anna", f"2026-0{month}-01T12:00", 100) for month in (2, 3, 4, 5)]
    stays.append(("anna", "2026-06-01T12:00", 2600))
    unknown = [("ben", f"2026-01-0{day}T12:00", 400) for day in range(1, 9)]
    check("any_criteria", orders(*stays, *unknown, key="stay", nights=[2, 2, 2, 2, 12] + [None] * 8), [
        ("anna", "2026-02-01 12:00", None, "guest", "event"),
        ("anna", "2026-05-01 12:00", "guest", "silver", "event"),       # four stays
        ("anna", "2026-06-01 12:00", "silver", "gold", "event"),        # 3,000.00 and 20 nights
        # On 1 February 2027 two nights and 100.00 leave: neither mark is met, and 30 days are given.
        ("anna", "2027-03-03 12:00", "gold", "silver", "time"),
        ("anna", "2027-07-01 12:00", "silver", "guest", "time"),
        # Her nights are not known; 1,200.00 are silver's on the third day, and on the eighth two marks are met.
        ("ben", "2026-01-01 12:00", None, "guest", "event"),
        ("ben", "2026-01-03 12:00", "guest", "silver", "event"),
        ("ben", "2026-01-08 12:00", "silver", "gold", "event"),
        # The first stay leaves on 1 January: no mark is met any more. When the 30 days are over, none is left.
        ("ben", "2027-01-31 12:00", "gold", "guest", "time")])


def test_growth_fades_without_activity():
    check("inactivity", orders(("anna", "2026-01-01T12:00", 1250), ("anna", "2026-07-10T12:00", 100)), [
        ("anna", "2026-01-01 12:00", None, "gold", "event"),
        # 1,000 on 2 March, 800 on 1 May (the mark), 640 on 30 June: 180 days of 24 hours, an hour later by
        # the summer's clock.
        ("anna", "2026-06-30 13:00", "gold", "silver", "time"),
        # 740 on 10 July; 592, 473.6, 378.88, 303.104, and 242.48 after 300 days.
        ("anna", "2027-05-06 12:00", "silver", "member", "time")])


def test_three_years_of_gold_are_gold_for_life():
    check("lifetime_floor", orders(
        ("anna", "2026-01-10T10:00", 1000), ("anna", "2026-12-01T10:00", 1000),
        ("anna", "2027-11-01T10:00", 1000), ("anna", "2028-10-01T10:00", 1000),
        ("ben", "2026-01-10T10:00", 1000)), [
        ("anna", "2026-01-10 10:00", None, "earned: gold", "event"),
        ("anna", "2026-01-10 10:00", None, "gold", "event"),
        ("anna", "2029-01-10 10:00", None, "lifetime: gold_for_life", "time"),
        # 1 October at 10:00 and 30 days of 24 hours, an hour earlier by the winter's clock.
        ("anna", "2029-10-31 09:00", "earned: gold", "earned: member", "time"),
        ("ben", "2026-01-10 10:00", None, "earned: gold", "event"),
        ("ben", "2026-01-10 10:00", None, "gold", "event"),
        ("ben", "2027-02-09 10:00", "earned: gold", "earned: member", "time"),
        ("ben", "2027-02-09 10:00", "gold", "member", "time")])
