"""Another policy takes over an engine through Python, or is tried; who was where at other instants."""

import copy

import pytest

import patron
from test_engine import POLICY, filled, rows


def lowered():
    """Gold from 100 on, called platinum in level."""
    policy = copy.deepcopy(POLICY)
    tier = policy["classifications"][0]
    tier["name"] = "level"
    tier["classes"][0]["name"] = "platinum"
    tier["classes"][0]["enter"] = "spend >= 100 || or_else(vip, false)"
    return policy


MAPPING = {"tier": {"to": "level", "classes": {"gold": "platinum"}}}


def test_what_a_comparison_says_is_what_publishing_does():
    engine = filled()
    before = engine.state_hash()
    moves = engine.compare(lowered(), MAPPING)
    assert rows(moves, "customer", "from", "to", "cause") == [("ben", "guest", "platinum", "policy")]
    assert engine.state_hash() == before
    report = engine.publish(lowered(), MAPPING)
    assert (report.number, report.same, report.uncalibrated) == (2, False, [])
    engine.advance(engine.clock)
    assert engine.classes()["level"].to_list() == ["platinum", "platinum", "guest"]
    last = engine.transitions(after=5)
    assert rows(last, "customer", "classification", "cause", "policy") == [("ben", "level", "policy", 2)]
    assert engine.policy.hash == patron.Policy(lowered()).hash
    assert engine.policies["number"].to_list() == [1, 2]
    again = engine.publish(lowered())
    assert again.same


def test_who_has_no_place_there_stops_it():
    engine = filled()
    before = engine.state_hash()
    with pytest.raises(patron.StateError):
        engine.publish(lowered())
    with pytest.raises(patron.DataError, match="teir"):
        engine.publish(lowered(), {"teir": None})
    with pytest.raises(patron.ArgumentError, match="mapping"):
        engine.publish(lowered(), "tier")
    assert engine.state_hash() == before
    assert "tier" in engine.classes().columns


def test_who_was_where_is_read_from_the_transitions():
    engine = filled()
    assert engine.distribution("tier", "2026-01-20").to_dict() == {
        "class": ["gold", "guest", None],
        "customers": [0, 2, 1],
    }
    assert engine.distribution("tier", engine.clock).to_dict() == engine.distribution("tier").to_dict()
    ways = engine.migration("tier", "2026-01-20", engine.clock)
    moved = {(a, b): n for a, b, n in rows(ways, "from", "to", "customers") if n}
    assert moved == {("guest", "gold"): 1, ("guest", "guest"): 1, (None, "guest"): 1}
    with pytest.raises(patron.ArgumentError):
        engine.distribution("tier", "2030-01-01")
    with pytest.raises(patron.Error):
        engine.migration("marks", "2026-01-20", engine.clock)
