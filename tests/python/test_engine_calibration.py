"""Calibrations of engines through Python: learned, reported, kept as a document, merged from shards."""

import datetime as dt
import json
import pickle
import random
from decimal import Decimal

import pytest

import patron
from patron import ltv

POLICY = {
    "patron": 1,
    "name": "shop",
    "timezone": "Europe/Berlin",
    "money": {"currency": "EUR", "scale": 2},
    "customer": {"id": "string"},
    "streams": {"orders": {}},
    "attributes": {"born": {"type": "date"}},
    "tags": [
        {"name": "spend", "label": "Spending", "metric": {"sum": "orders.amount"}},
        {"name": "last_order", "metric": {"last": "orders.time"}},
    ],
    "classifications": [
        {
            "name": "abc",
            "kind": "rank",
            "by": "spend",
            "classes": [{"name": "A", "share": 0.6}, {"name": "B", "share": 0.95}, {"name": "C"}],
        }
    ],
    "calibrate": {"every": "month", "min_customers": 1},
}

# Of 200.00, 120 are Anna's (60 %), 60 Ben's (90 %), 20 Cleo's.
ORDERS = {
    "customer": ["anna", "ben", "cleo"],
    "time": ["2026-01-10T09:00", "2026-01-12T18:30", "2026-01-20T12:00"],
    "amount": [120, 60, 20],
}


def filled(orders=ORDERS, shard=False):
    engine = patron.Engine(POLICY, shard=shard)
    engine.ingest("orders", orders, now="2026-01-25")
    return engine


def test_ranks_are_the_last_class_until_they_are_calibrated():
    engine = filled()
    assert engine.classes()["abc"].to_list() == ["C", "C", "C"]
    assert engine.calibration.number == 0
    assert engine.calibration.at is None
    assert engine.calibration_due == dt.datetime(2026, 1, 31, 23, tzinfo=dt.timezone.utc)
    found = engine.calibrate()
    assert engine.classes()["abc"].to_list()[0] == "A"
    assert (found.number, found.customers, found.complete) == (1, 3, True)
    assert found.at == engine.clock
    assert found.report["verdict"].to_list() == ["calibrated"]
    assert engine.transitions()["cause"].to_list()[-1] == "calibration"
    assert engine.transitions()["calibration"].to_list()[-1] == 1
    assert "number 1" in repr(found)


def test_a_calibration_is_a_document_that_another_engine_takes():
    first = filled()
    found = first.calibrate()
    again = patron.Calibration(found.to_json())
    assert again == found
    assert hash(again) == hash(found)
    assert pickle.loads(pickle.dumps(found)) == found
    second = filled()
    second.calibration = again
    assert second.state_hash() == first.state_hash()
    with pytest.raises(patron.ArgumentError, match="give a Calibration"):
        second.calibration = found.to_json()
    with pytest.raises(patron.PolicyError):
        patron.Calibration("{")
    with pytest.raises(patron.ArgumentError):
        patron.Calibration(5)


def test_the_first_of_the_month_calibrates():
    engine = filled()
    engine.advance("2026-02-02")
    assert engine.calibration.number == 1
    assert engine.calibration.at == dt.datetime(2026, 1, 31, 23, tzinfo=dt.timezone.utc)


def test_shards_that_merge_are_one_engine():
    whole = filled()
    whole.advance("2026-02-05")
    parts = [{name: [values[i]] for name, values in ORDERS.items()} for i in range(3)]
    shards = [filled(part, shard=True) for part in parts]
    for shard in shards:
        with pytest.raises(patron.StateError, match="calibration is due"):
            shard.advance("2026-02-05")
    for _ in range(10):
        summary = patron.merge_summaries(shard.summary_for_merge() for shard in shards)
        assert summary == patron.merge_summaries([shard.summary_for_merge() for shard in reversed(shards)])
        found = shards[0].learn(summary)
        for shard in shards:
            shard.calibration = found
        if found.complete:
            break
    for shard in shards:
        shard.advance("2026-02-05")
    classes = [shard.classes()["abc"].to_list()[0] for shard in shards]
    assert classes == whole.classes()["abc"].to_list()
    with pytest.raises(patron.Error):
        patron.merge_summaries([])
    with pytest.raises(patron.ArgumentError, match="summary_for_merge"):
        patron.merge_summaries(["x"])
    with pytest.raises(patron.Error):
        shards[0].learn(b"x")
    with pytest.raises(patron.ArgumentError):
        shards[0].learn("x")


def test_a_profile_says_what_each_value_rests_on():
    engine = filled()
    engine.set_attributes({"customer": ["anna"], "born": ["1990-05-01"]})
    engine.advance(engine.clock)
    profile = engine.profile("anna")
    assert list(profile)[:4] == ["born", "spend", "last_order", "abc"]
    assert list(profile)[4:] == ["abc.previous", "abc.since", "abc.time_in", "abc.moves"], "history tags"
    assert profile["born"].value == dt.date(1990, 5, 1)
    spend = profile["spend"]
    assert (spend.value, spend.currency, spend.label) == (Decimal("120.00"), "EUR", "Spending")
    assert (spend.source, spend.reads) == ("metric", ["orders"])
    assert spend.as_of == dt.datetime(2026, 1, 10, 8, tzinfo=dt.timezone.utc)
    assert profile["last_order"].value == spend.as_of
    assert profile["abc"].value == "C"
    assert engine.profile("ben")["born"].value is None
    with pytest.raises(patron.ArgumentError, match="nobody"):
        engine.profile("nobody")


def test_profiles_of_some_and_any_number_of_threads():
    engine = filled()
    assert engine.profiles(["spend"], ["cleo", "x", "anna"]).to_dict() == {
        "customer": ["anna", "cleo"],
        "spend": [Decimal("120.00"), Decimal("20.00")],
    }
    with pytest.raises(patron.DataError, match='"spend"'):
        engine.profiles(["spned"])
    one = patron.Engine(POLICY, threads=1)
    one.ingest("orders", ORDERS, now="2026-01-25")
    assert one.profiles().to_dict() == engine.profiles().to_dict()


def test_a_calibration_has_the_parameters_of_a_fit_over_the_same_orders_without_those_for_nothing():
    draw = random.Random(11)
    orders = {"customer": [], "time": [], "amount": []}
    for number in range(800):       # as BG/NBD has it: each her own rate of orders and of leaving
        rate, leaves, day = draw.gammavariate(0.6, 0.25) / 7, draw.betavariate(0.8, 2.4), draw.uniform(0, 60)
        gone = False
        while day < 300 and not gone:
            orders["customer"].append(f"c{number}")
            orders["time"].append(dt.datetime(2026, 1, 1, 12) + dt.timedelta(days=day))
            orders["amount"].append(draw.choice([0.0, 12.5, 20.0, 33.0]))
            day += draw.expovariate(rate)
            gone = draw.random() < leaves
    engine = patron.Engine({
        "patron": 1, "name": "shop", "timezone": "America/New_York", "money": {"currency": "USD", "scale": 2},
        "customer": {"id": "string"}, "streams": {"orders": {}},
        "models": {"ltv": {"model": "bg_nbd", "unit": "week", "horizon": "52w", "min_customers": 100}}})
    engine.ingest("orders", orders, now="2026-11-01")
    of_engine = json.loads(engine.calibrate().to_json())["models"]["ltv"]["ltv"]["purchases"]["parameters"]
    names = {"customer": "customer", "time": "time", "amount": "amount", "unit": "week"}
    fits = {
        zero: ltv.BgNbd().fit(ltv.summary(
            orders, **names, timezone="America/New_York", observation_end="2026-11-01", zero=zero)).params_
        for zero in ("ignore", "count")
    }
    assert of_engine == pytest.approx(dict(fits["ignore"]), rel=1e-9)
    assert of_engine != pytest.approx(dict(fits["count"]), rel=1e-3)
