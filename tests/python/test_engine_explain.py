"""Why a customer is in her class, through Python."""

import json

import pytest

import patron
from test_engine import filled


def test_an_explanation_says_what_is_missing():
    engine = filled()
    why = engine.explain("ben", "tier")
    assert (why.customer, why.classification, why.kind) == ("ben", "tier", "ladder")
    assert why.classes == ["guest"]
    assert why.at == engine.clock
    (gold,) = why.better
    assert (gold.name, gold.how) == ("gold", "by_facts")
    # Ben spent 120.50 of 500.00.
    (missing,) = gold.missing
    assert missing.wanted
    assert missing.condition.text == "spend >= 500"
    assert "379.50" in missing.more
    assert "379.50" in str(why)
    assert str(why) == why.text
    assert engine.explain("ben", "tier", "zh").text != why.text


def test_what_an_explanation_proposes_gives_the_class():
    engine = filled()
    (gold,) = engine.explain("ben", "tier").better
    (fact,) = gold.missing[0].facts
    assert (fact.name, fact.attribute, fact.count) == ("orders", False, 1)
    order = {"customer": ["ben"], "time": [engine.clock], "amount": [379.5], "order_id": ["o9"]}
    engine.ingest("orders", order, now=engine.clock)
    assert engine.classes(["ben"])["tier"].to_list() == ["gold"]


def test_who_is_in_the_best_class_may_lose_it_by_time_alone():
    engine = filled()
    why = engine.explain("anna", "tier")
    assert (why.classes, why.better) == (["gold"], [])
    assert (why.next.from_, why.next.to) == ("gold", "guest")
    assert why.next.at == engine.forecast("2026-06-01")["at"][0]
    assert any(reason.text == "spend >= 500" for reason in why.reasons)


def test_transitions_say_what_decided_them():
    moves = filled().transitions()
    because = json.loads(moves["because"][2])
    assert because[0]["text"] == "spend >= 500"
    assert because[0]["holds"] is True
    assert moves["policy"].to_list() == [1] * 5


def test_who_or_what_is_not_there_is_refused():
    engine = filled()
    with pytest.raises(patron.ArgumentError, match="nobody"):
        engine.explain("nobody", "tier")
    with pytest.raises(patron.DataError, match='"tier"'):
        engine.explain("ben", "teir")
    with pytest.raises(patron.ArgumentError, match="'en' or 'zh'"):
        engine.explain("ben", "tier", "de")
