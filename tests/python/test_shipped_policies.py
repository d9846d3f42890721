"""The five policies of examples/policies do what they are for, worked out by hand from the rules.

Times are local ones of the policy. Ages and windows of days are exact: an order of 10:00 leaves `90d` at 10:00, and is
older than 180 days a microsecond after it is 180 days old.
"""

import datetime as dt
import json
import random
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import patron

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "policies"
CHINA = ZoneInfo("Asia/Shanghai")
LATER = ".000001"


def opened(name, without=(), **streams):
    """An engine under a shipped policy, less some of its keys."""
    policy = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    engine = patron.Engine({key: value for key, value in policy.items() if key not in without})
    for stream, facts in streams.items():
        report = engine.ingest(stream, facts)
        assert report.refused_rows == 0, report.refused.to_dict()
    return engine


def columns(names, rows):
    return {name: [row[i] for row in rows] for i, name in enumerate(names.split())}


def moves(table, zone, classification):
    """(customer, local time, from, to, cause) of one classification."""
    return [(row["customer"], row["at"].astimezone(zone).replace(tzinfo=None).isoformat(" "), row["from"], row["to"],
             row["cause"])
            for row in table.to_dicts() if row["classification"] == classification]


def walked(engine, zone, classification, begin, end, steps):
    begin, end = (dt.datetime.fromisoformat(day).replace(tzinfo=zone) for day in (begin, end))
    for step in range(1, steps + 1):
        engine.advance(begin + (end - begin) * step / steps)
    return moves(engine.transitions(), zone, classification)


BABY = columns("customer time amount order_id", [
    (1, "2026-01-01T10:00", 800, "a1"), (1, "2026-02-01T10:00", 800, "a2"), (1, "2026-03-01T10:00", 800, "a3"),
    (1, "2026-09-10T12:00", 500, "a4"), (1, "2026-09-20T12:00", 900, "a5"), (1, "2026-10-01T12:00", 900, "a6"),
    (2, "2026-01-01T10:00", 800, "b1"), (2, "2026-02-01T10:00", 800, "b2"), (2, "2026-03-01T10:00", 800, "b3"),
    (2, "2026-05-05T10:00", 800, "b4"), (2, "2026-05-06T10:00", 100, "b5"),
    (3, "2026-02-10T09:00", 100, "c1")])
COMPLAINTS = columns("customer time kind ticket", [
    (3, "2026-03-01T09:00", "complaint", "t1"), (3, "2026-03-02T09:00", "complaint", "t2"),
    (3, "2026-03-05T15:00", "resolved", "t1")])

MOTHERS = [
    (1, "2026-01-01 10:00:00", None, "potential", "event"),
    (1, "2026-03-01 10:00:00", "potential", "loyal", "event"),  # the third order, 2,400.00
    # 2 May, 10:00: of three orders one is left, two are in the 90 days before. Nobody did anything.
    (1, "2026-05-02 10:00:00", "loyal", "nurture", "time"),
    (1, f"2026-08-28 10:00:00{LATER}", "nurture", "lapsed", "time"),  # 1 March and 180 days
    (1, "2026-09-10 12:00:00", "lapsed", "potential", "event"),
    (1, "2026-10-01 12:00:00", "potential", "loyal", "event"),
    # 19 December: the order of 20 September leaves, one is left, the two before it make "before".
    (1, "2026-12-19 12:00:00", "loyal", "nurture", "time"),
    (2, "2026-01-01 10:00:00", None, "potential", "event"),
    (2, "2026-03-01 10:00:00", "potential", "loyal", "event"),
    (2, "2026-05-02 10:00:00", "loyal", "nurture", "time"),
    # She buys on the 5th and the 6th: three orders in 90 days again, but nurture lasts at least 14 days.
    (2, "2026-05-16 10:00:00", "nurture", "loyal", "time"),
    # 5 May leaves on 3 August: one order against those of 1 March and 5 May.
    (2, "2026-08-03 10:00:00", "loyal", "nurture", "time"),
    (2, f"2026-11-02 10:00:00{LATER}", "nurture", "lapsed", "time"),  # 6 May and 180 days
    (3, "2026-02-10 09:00:00", None, "potential", "event"),
    (3, "2026-03-02 09:00:00", "potential", "lapsed", "event"),  # two open complaints
    (3, "2026-03-05 15:00:00", "lapsed", "potential", "event"),  # one is resolved
    (3, f"2026-08-09 09:00:00{LATER}", "potential", "lapsed", "time")]  # 10 February and 180 days


@pytest.mark.parametrize("steps", [1, 52, 371])
def test_falling_frequency_moves_a_mother_to_nurture_without_an_event_of_hers(steps):
    engine = opened("baby", orders=BABY, interactions=COMPLAINTS)
    assert sorted(walked(engine, CHINA, "group", "2025-12-31", "2026-12-31", steps)) == sorted(MOTHERS, key=lambda m: m[:2])


def test_who_goes_to_nurture_is_known_before():
    engine = opened("baby", orders={name: values[:3] for name, values in BABY.items()})
    engine.advance("2026-03-02")
    ahead = moves(engine.forecast("2026-12-31"), CHINA, "group")
    assert ahead == MOTHERS[2:4]


ACCOUNTS = columns("customer time cooperation_since willing_reference industry_leader", [
    ("harbour", "2026-01-05", "2023-06-01", True, None),
    ("lake", "2026-01-05", "2020-01-01", None, None),
    ("lake", "2026-04-01T09:00", None, True, None),
    ("lake", "2026-10-01T09:00", None, False, None),
    ("lake", "2027-03-01", None, None, False),
    ("star", "2026-01-05", None, None, True)])
CONTRACTS = columns("customer time amount margin product_line contract_no", [
    ("harbour", "2026-02-10T10:00", 1_000_000, 82_000, "pumps", "h1"),
    ("harbour", "2026-03-10T10:00", 0.01, 0, "pumps", "h2"),
    ("lake", "2026-02-10T10:00", 2_000_000, 15_000, "pumps", "l1"),
    ("small", "2026-02-10T10:00", 300_000, 3_000, "valves", "s1")])

ACCOUNT_CLASSES = [
    ("harbour", "2026-01-05 00:00:00", None, "standard", "event"),
    ("harbour", "2026-02-10 10:00:00", "standard", "key", "event"),  # 1,000,000 are not above 1,000,000
    # Above it since 10 March, and on 1 June three years of cooperation are complete.
    ("harbour", "2026-06-01 00:00:00", "key", "strategic", "time"),
    # The million leaves on 10 February 2027; the end of that year is the next at which she may leave, and
    # she is no key account then either.
    ("harbour", "2028-01-01 00:00:00", "strategic", "standard", "time"),
    ("lake", "2026-01-05 00:00:00", None, "standard", "event"),
    ("lake", "2026-02-10 10:00:00", "standard", "key", "event"),  # whether they would be a reference is not known
    ("lake", "2026-04-01 09:00:00", "key", "strategic", "event"),
    ("lake", "2027-01-01 00:00:00", "strategic", "key", "time"),  # no reference since October
    # On 10 February nothing is left, but whether they lead their industry is not known: held, until it is known on
    # 1 March that they do not, and 90 days of grace.
    ("lake", "2027-05-30 00:00:00", "key", "standard", "time"),
    ("small", "2026-02-10 10:00:00", None, "standard", "event"),  # 300,000 are not above 300,000
    ("star", "2026-01-05 00:00:00", None, "key", "event")]  # influence alone


@pytest.mark.parametrize("steps", [1, 40, 611])
def test_strategic_accounts_buy_for_a_million_stay_three_years_and_speak_for_us(steps):
    # The ladder reads no model; without calibrations what happens on the first of a month is the work of time alone.
    engine = opened("b2b", without=["calibrate"], orders=CONTRACTS)
    # A cell without a value would take the value away: the three attributes are told apart.
    for name in ("cooperation_since", "willing_reference", "industry_leader"):
        rows = [i for i, value in enumerate(ACCOUNTS[name]) if value is not None]
        table = {column: [ACCOUNTS[column][i] for i in rows] for column in ("customer", "time", name)}
        assert engine.set_attributes(table).refused_rows == 0
    assert sorted(walked(engine, CHINA, "account_class", "2026-01-01", "2028-02-01", steps)) == ACCOUNT_CLASSES


def principal(matrix, rounds=200):
    """The eigenvector of the greatest eigenvalue, by powers: what AHP weights are (Saaty 1980)."""
    vector = [1.0] * len(matrix)
    for _ in range(rounds):
        vector = [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]
        vector = [value / sum(vector) for value in vector]
    return vector


def test_cooperation_and_introductions_count_in_the_importance_of_an_account():
    orders = columns("customer time amount margin product_line contract_no", [
        ("a", "2026-02-01", 1000, 82, "pumps", "1"), ("a", "2026-02-02", 0.5, 0, "pumps", "2"),
        ("b", "2026-02-01", 400, 15, "pumps", "3"), ("b", "2026-02-02", 100.5, 0, "valves", "4"),
        ("b", "2026-02-03", 100, 0, "service", "5"), ("c", "2026-02-01", 0.5, 3, "pumps", "6")])
    # A referral is a fact of both: c has introduced one, and the newcomer n has no account yet.
    engine = opened("b2b", orders=orders, referrals=columns("referrer referred time", [("c", "n", "2026-02-01")]))
    engine.advance("2026-03-02")
    power, depth, reach = principal([[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]])
    # Scaled between the least and the greatest: purchases 1000.50, 600.50 and 0.50 of 0 (n) to 1000.50; product lines 1,
    # 3 and 1 of 0 (n) to 3; introduced 0, 0 and 1.
    wanted = {"a": power + depth / 3, "b": power * 600.5 / 1000.5 + depth, "c": power * 0.5 / 1000.5 + depth / 3 + reach}
    table = engine.profiles(customers=["a", "b", "c"])
    assert dict(zip(table["customer"], table["importance"], strict=True)) == pytest.approx(wanted, rel=1e-9)
    # Margins 82, 15 and 3 of 100: who crosses 80 % is A, who crosses 95 % is B.
    assert dict(zip(table["customer"], table["value_abc"], strict=True)) == {"a": "A", "b": "B", "c": "C"}


SHOP = columns("customer time amount", [
    (1, "2025-01-10T12:00", 20), (1, "2026-02-01T08:00", 30), (1, "2026-03-20T08:00", 30),
    (2, "2025-01-01", 5), (2, "2025-01-11", 5), (2, "2025-01-21", 5),
    (3, "2025-01-01", 5), (3, "2025-03-25", -5)])

STAGES = [
    (1, "2025-01-05 09:00:00", None, "prospect", "event"),
    (1, "2025-01-10 12:00:00", "prospect", "new", "event"),
    (1, f"2025-03-11 12:00:00{LATER}", "new", "active", "time"),  # 60 days
    (1, f"2025-04-10 12:00:00{LATER}", "active", "silent", "time"),  # 90 days
    (1, f"2026-01-10 12:00:00{LATER}", "silent", "lost", "time"),  # 365 days
    (1, "2026-02-01 08:00:00", "lost", "returned", "event"),
    (1, f"2026-03-03 08:00:00{LATER}", "returned", "active", "time"),  # 30 days
    (2, "2025-01-01 00:00:00", None, "new", "event"),
    (2, "2025-01-11 00:00:00", "new", "active", "event"),
    (2, f"2025-04-21 00:00:00{LATER}", "active", "silent", "time"),
    (2, f"2026-01-21 00:00:00{LATER}", "silent", "lost", "time"),
    (3, "2025-01-01 00:00:00", None, "new", "event"),
    (3, f"2025-03-02 00:00:00{LATER}", "new", "active", "time"),
    (3, f"2025-04-01 00:00:00{LATER}", "active", "silent", "time"),  # sending something back is not buying
    (3, f"2026-01-01 00:00:00{LATER}", "silent", "lost", "time")]


@pytest.mark.parametrize("steps", [1, 65, 456])
def test_customers_of_a_shop_are_new_active_silent_lost_and_returned(steps):
    utc = ZoneInfo("UTC")
    engine = opened("ecommerce", orders=SHOP)
    engine.set_attributes(columns("customer time registered", [(1, "2025-01-05T09:00", "2025-01-05T09:00")]))
    assert sorted(walked(engine, utc, "stage", "2024-12-31", "2026-04-01", steps)) == STAGES
    # Three orders ten days apart: overdue when the fourth has not come for twenty.
    risk = [m for m in moves(engine.transitions(), utc, "risk") if m[0] == 2]
    assert risk == [(2, f"2025-02-10 00:00:00{LATER}", None, "overdue", "time")]


def test_every_stage_that_asks_for_action_names_one():
    policy = json.loads((FOLDER / "ecommerce.json").read_text(encoding="utf-8"))
    stages = {c["name"]: c.get("on_enter") for c in policy["classifications"][0]["classes"]}
    assert {name: action for name, action in stages.items() if action} == {
        "returned": ["welcome_back"], "new": ["starter_guide"], "silent": ["return_coupon"]}
    assert all(action in policy["actions"] for actions in stages.values() for action in actions or ())


def test_no_more_customers_have_a_manager_than_there_are_managers():
    # Customer i has i * 100.00 and so a need of i / 100; every twelfth does not want to be profiled. Of 12,000 there
    # are 11,000 to choose from: 2,000 seats, then those who are in the first 20 % (2,200), then everybody else.
    names = [f"{i:05}" for i in range(1, 12_001)]
    wants = {name: int(name) % 12 != 0 for name in names}
    shuffled = random.Random(5).sample(names, len(names))
    engine = opened("bank")
    engine.set_attributes({
        "customer": shuffled, "time": ["2026-01-10"] * len(names),
        "assets": [int(name) * 100 for name in shuffled], "consent_profiling": [wants[name] for name in shuffled]})
    engine.advance("2026-01-31")
    assert Counter(engine.classes()["service"]) == {"automated": 12_000}  # nobody has been chosen yet
    engine.advance("2026-02-02")
    ranked = [name for name in reversed(names) if wants[name]]
    classes = dict(zip(*(engine.classes()[x] for x in ("customer", "service")), strict=True))
    assert {n for n, c in classes.items() if c == "private_manager"} == set(ranked[:2000])
    assert {n for n, c in classes.items() if c == "hotline_priority"} == set(ranked[2000:2200])
    assert Counter(classes.values())["automated"] == 9_800

    # Ten with a manager withdraw their consent, and somebody becomes rich: ten seats are empty until 1 March.
    engine.set_attributes({"customer": ranked[:10], "consent_profiling": [False] * 10})
    engine.set_attributes({"customer": [ranked[-1]], "assets": [9_000_000]})
    engine.advance("2026-02-15")
    classes = dict(zip(*(engine.classes()[x] for x in ("customer", "service")), strict=True))
    assert Counter(classes.values())["private_manager"] == 1_990
    assert {classes[name] for name in ranked[:10]} == {"automated"}
    assert classes[ranked[-1]] == "hotline_priority"  # above the cut of 20 %, but there is no seat for her
    engine.advance("2026-03-02")
    classes = dict(zip(*(engine.classes()[x] for x in ("customer", "service")), strict=True))
    seated = {name for name, c in classes.items() if c == "private_manager"}
    assert seated == set(ranked[10:2009]) | {ranked[-1]}

    # 180 days protect a member from those who need it more, not the bank from a full house.
    engine.set_attributes({"customer": ranked[3000:5500], "assets": [20_000_000] * 2500})
    for month in range(4, 12):
        engine.advance(f"2026-{month:02}-02")
        counts = engine.distribution("service")
        assert counts["customers"].to_list()[0] <= 2000


# What the shop knows of one customer; the tags below are worked out at 2026-06-15T00:00 in Shanghai.
def shop_of_wang():
    orders = columns("customer time amount category channel order_id", [
        ("wang", "2025-03-01T10:00", 500, "shoes", "store", "w1"),  # before the last 365 days, in the year before
        ("wang", "2025-12-01T10:00", 300.5, "tea", "online", "w2"),
        ("wang", "2026-01-10T10:00", 200, "tea", "store", "w3"),
        ("wang", "2026-06-01T10:00", 450, "books", "online", "w4"),
        ("wang", "2026-06-05T10:00", -50, "books", "online", "w5")])
    chance = random.Random(7)
    for i in range(200):  # whom the models compare her with: each at a pace of her own, until she leaves
        day = dt.date(2025, 1, 1) + dt.timedelta(days=chance.randrange(90))
        pace, end = chance.gammavariate(2, 30), day + dt.timedelta(days=chance.expovariate(1 / 200))
        while day <= min(end, dt.date(2026, 6, 14)):
            row = (f"o{i:03}", day.isoformat(), round(chance.gammavariate(4, 40), 2), "tea", "store", f"x{len(orders['time'])}")
            for name, value in zip(orders, row, strict=True):
                orders[name].append(value)
            day += dt.timedelta(days=1 + round(chance.expovariate(1 / pace)))
    views = [("wang", f"2026-06-{day:02}T20:00", "view", dt.timedelta(seconds=90), "tea") for day in range(1, 5)]
    interactions = columns("customer time kind duration category", [
        *views, ("wang", "2026-05-16T00:00", "view", dt.timedelta(hours=1), "tea"),  # 30 days ago: out
        ("wang", "2026-02-01T09:00", "complaint", None, "tea")])
    surveys = columns("customer time kind score keywords", [
        ("wang", "2025-09-01", "nps", 4, "slow"), ("wang", "2026-03-01", "nps", 9, "fresh"),
        ("wang", "2026-04-01", "csat", 2, "tasty")])
    return {"orders": orders, "interactions": interactions, "surveys": surveys,
            "referrals": columns("referrer referred time", [("wang", "o001", "2026-02-10"), ("wang", "o002", "2025-01-10")])}


WANG = {
    "gender": "female", "birth_date": dt.date(1990, 2, 28), "income_level": "middle", "region": "Hangzhou", "occupation": "teacher",
    "spend_12m": 900.5,  # 300.50 + 200 + 450 - 50
    "orders_12m": 3, "orders_30d": 1,
    "last_order": dt.datetime(2026, 6, 1, 10, tzinfo=CHINA), "first_order": dt.datetime(2025, 3, 1, 10, tzinfo=CHINA),
    "purchase_cycle": dt.timedelta(days=142),  # 275, 40 and 142 days
    "favourite_category": "tea",  # 500.50 against 400
    "browse_time_30d": dt.timedelta(minutes=6), "views_30d": 4,
    "nps_score": 9, "review_keywords": {"fresh", "tasty", "slow"}, "complaints_12m": 1,
    "complaint_rate": pytest.approx(1 / 3), "referred_customers": 1,
    "annual_spend": 800.5,  # the calendar year 2025
    "repeat_buyer": True, "browses_without_buying": False,
    "nps.score": 9, "nps.class": "promoter", "rfm.recency_days": 14, "rfm.frequency": 4}


def test_the_whole_profile_of_a_shopper_comes_out_of_one_call():
    engine = opened("retail", **shop_of_wang())
    engine.set_attributes({"customer": ["wang"], "time": ["2025-01-01"], **{name: [WANG[name]] for name in (
        "gender", "birth_date", "income_level", "region", "occupation")}})
    engine.advance("2026-06-15")
    profile = engine.profile("wang")
    got = {name: profile[name].value for name in WANG}
    got["review_keywords"] = set(got["review_keywords"])
    got |= {name: float(got[name]) for name in ("spend_12m", "annual_spend")}
    assert got == WANG
    policy = json.loads((FOLDER / "retail.json").read_text(encoding="utf-8"))
    declared = [*policy["attributes"].items(), *((tag["name"], tag) for tag in policy["tags"])]
    for name, about in declared:
        assert profile[name].category == about["category"], name
        assert profile[name].label == about.get("label", profile[name].label), name
    assert {"basic", "behaviour", "value", "sentiment"} <= {value.category for value in profile.values()}
    # The models are in it, and the classes.
    for name in ("rfm.r", "rfm.f", "rfm.m", "rfm.segment", "rfm.octant", "ltv.p_alive", "ltv.value", "score", "segment", "tier"):
        assert profile[name].value is not None, name
    assert profile["segment"].value == profile["rfm.segment"].value


def test_every_value_of_the_profile_says_where_it_comes_from():
    engine = opened("retail", **shop_of_wang())
    engine.set_attributes({"customer": ["wang"], "time": ["2025-01-01"], "gender": ["female"]})
    engine.advance("2026-06-15")
    profile = engine.profile("wang")
    assert (profile["gender"].source, profile["gender"].as_of) == ("attribute", dt.datetime(2025, 1, 1, tzinfo=CHINA))
    spend = profile["spend_12m"]
    assert (spend.label, spend.source, spend.reads, spend.currency) == ("近12个月消费", "metric", ["orders"], "CNY")
    assert spend.as_of == dt.datetime(2026, 6, 5, 10, tzinfo=CHINA)  # what came back is the newest that counts
    rate = profile["complaint_rate"]
    assert (rate.source, set(rate.reads)) == ("expression", {"complaints_12m", "orders_12m"})
    assert profile["nps_score"].as_of == dt.datetime(2026, 3, 1, tzinfo=CHINA)
    assert (profile["segment"].source, profile["rfm.r"].source) == ("classification", "model")
    assert all(value.source for value in profile.values())


def in_need(numbers, time, needs=None):
    """Customer n has 10,000 n of assets, so her need is n."""
    return {"customer": [f"c{n}" for n in numbers], "time": [time] * len(numbers),
            "assets": [10_000.0 * n for n in needs or numbers], "consent_profiling": [True] * len(numbers)}


def managed(engine):
    table = engine.classes()
    return {int(who[1:]) for who, held in zip(table["customer"], table["service"], strict=True) if held == "private_manager"}


def test_a_manager_is_kept_for_180_days_and_then_goes_to_who_needs_one_more():
    engine = opened("bank")
    engine.set_attributes(in_need(range(3000), "2026-01-15"))
    engine.set_attributes(in_need(range(20_000, 20_500), "2026-02-10"))
    engine.advance("2026-02-01")
    assert managed(engine) == set(range(1000, 3000))
    # 500 come who need one more. The seats of 1 February are protected until 31 July, and given at calibrations.
    for month in range(3, 8):
        engine.advance(f"2026-{month:02}-01")
        assert managed(engine) == set(range(1000, 3000))
    engine.advance("2026-07-31T23:59")
    assert managed(engine) == set(range(1000, 3000))
    engine.advance("2026-08-01")
    assert managed(engine) == set(range(1500, 3000)) | set(range(20_000, 20_500))


def test_equals_for_whom_there_are_not_seats_enough_stay_without_a_manager():
    engine = opened("bank")
    engine.set_attributes(in_need(range(1001, 2996), "2026-01-15"))  # 1,995 for 2,000 seats, and ten equals
    engine.set_attributes(in_need(range(10), "2026-01-15", [500] * 10))
    engine.advance("2026-02-01")
    assert managed(engine) == set(range(1001, 2996))
