"""What engines are asked through Python: profiles under a condition, snapshots, and who is told of transitions."""

import threading

import pytest

import patron
from test_engine import ORDERS, POLICY, filled, rows


def test_profiles_of_those_for_whom_a_condition_holds():
    engine = filled()
    assert engine.profiles(["spend"], where="spend > 100")["customer"].to_list() == ["anna", "ben"]
    assert engine.profiles(where="'regular' in marks")["customer"].to_list() == ["anna"]
    assert engine.profiles(["spend"], ["ben", "cleo"], "tier == 'guest' && spend > 100").to_dict()["customer"] == ["ben"]
    assert engine.profiles(where="vip")["customer"].to_list() == [], "unknown is not true"
    with pytest.raises(patron.PolicyError, match="spend"):
        engine.profiles(where="spned > 100")
    with pytest.raises(patron.PolicyError, match="true or false"):
        engine.profiles(where="orders_ever + 1")
    with pytest.raises(patron.ArgumentError, match="where"):
        engine.profiles(where=5)


def test_a_snapshot_stays_as_it_was():
    engine = filled()
    seen = engine.snapshot()
    assert seen.clock == engine.clock
    assert seen.policy is engine.policy
    assert len(seen) == 3
    before = (seen.classes().to_dict(), seen.profiles().to_dict(), seen.distribution("tier").to_dict())
    assert before == (engine.classes().to_dict(), engine.profiles().to_dict(), engine.distribution("tier").to_dict())
    anna = seen.profile("anna")
    assert anna == engine.profile("anna")
    engine.ingest("orders", {**ORDERS, "amount": [1, 2, 3, 4]}, now="2026-06-01")
    engine.forget("anna")
    assert (seen.classes().to_dict(), seen.profiles().to_dict(), seen.distribution("tier").to_dict()) == before
    engine.close()
    assert seen.profile("anna") == anna
    assert seen.classes(["anna", "nobody"])["tier"].to_list() == ["gold"]
    assert seen.profiles(["spend"], where="tier == 'gold'")["customer"].to_list() == ["anna"]
    assert "3 customers" in repr(seen)
    with pytest.raises(patron.ArgumentError, match="nobody"):
        seen.profile("nobody")
    with pytest.raises(TypeError, match="pickled"):
        seen.__reduce__()
    with pytest.raises(TypeError, match="snapshot"):
        patron.Snapshot()
    with seen:
        pass
    with pytest.raises(patron.StateError, match="this snapshot is closed"):
        seen.classes()
    assert repr(seen) == "patron.Snapshot (closed)"
    assert patron.Engine(POLICY).snapshot().clock is None


def test_threads_read_a_snapshot_while_the_engine_goes_on():
    engine = filled()
    seen = engine.snapshot()
    want = seen.profiles().to_dict()
    found = []

    def read():
        for _ in range(20):
            found.append(seen.profiles().to_dict() == want and seen.distribution("tier")["customers"].to_list() == [1, 2])

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for day in range(1, 20):
        late = {"customer": ["dora"], "time": [f"2026-03-{day:02}"], "amount": [600], "order_id": [f"d{day}"]}
        engine.ingest("orders", late, now=f"2026-03-{day:02}T12:00")
    for reader in readers:
        reader.join()
    assert found == [True] * 60


def test_a_handler_is_told_what_an_advance_changed():
    engine = patron.Engine(POLICY)
    engine.ingest("orders", ORDERS)
    told = []

    def handler(moves):
        assert engine.clock is not None, "it may ask"
        told.append((moves, engine.classes(["anna"])["tier"].to_list()))
        for change in (
            lambda: engine.advance("2026-04-01"),
            lambda: engine.ingest("orders", ORDERS),
            lambda: engine.set_attributes({"customer": ["anna"], "vip": [True]}),
            lambda: engine.delete("orders", {"customer": ["anna"], "order_id": ["o1"]}),
            lambda: engine.link({"first": ["anna"], "second": ["ben"]}),
            lambda: engine.forget("anna"),
            lambda: engine.override("anna", "tier", "hold"),
            lambda: engine.clear_override("anna", "tier", "hold"),
            lambda: engine.calibrate(),
        ):
            with pytest.raises(patron.StateError, match="when that call has ended"):
                change()

    engine.advance("2026-03-01", on_transitions=handler)
    assert [len(moves) for moves, _ in told] == [5]
    assert rows(told[0][0], "number", "customer") == rows(engine.transitions(), "number", "customer")
    assert told[0][1] == ["gold"]
    engine.advance("2026-03-02", on_transitions=handler)
    assert len(told) == 1, "nothing changed"
    assert engine.forget("anna")


def test_what_a_handler_raises_comes_out_and_the_engine_goes_on():
    engine = patron.Engine(POLICY)
    engine.ingest("orders", ORDERS)

    def handler(moves):
        raise RuntimeError("outbox is full")

    with pytest.raises(RuntimeError, match="outbox is full"):
        engine.advance("2026-03-01", on_transitions=handler)
    assert engine.state_hash() == filled().state_hash()
    with pytest.raises(patron.ArgumentError, match="on_transitions"):
        engine.advance("2026-03-02", on_transitions=5)


def test_a_handler_is_told_a_thousand_at_a_time():
    engine = patron.Engine(POLICY)
    many = {
        "customer": [f"c{i:04}" for i in range(2500)],
        "time": ["2026-01-10"] * 2500,
        "amount": [10] * 2500,
        "order_id": [f"o{i}" for i in range(2500)],
    }
    engine.ingest("orders", many)
    told = []
    engine.advance("2026-03-01", on_transitions=lambda moves: told.extend(moves["number"].to_list()))
    assert told == list(range(1, 2501))


def test_the_numbers_of_transitions_are_kept_when_somebody_is_forgotten():
    engine = filled()
    engine.forget("ben")
    assert engine.transitions()["number"].to_list() == [1, 3, 4, 5]
    assert engine.transitions(after=1, limit=1)["number"].to_list() == [3]
    assert engine.history("anna")["number"].to_list() == [1, 3, 4]


def test_the_history_table_says_where_everybody_was_before():
    history = filled().history_table()
    assert rows(history, "customer", "tier.previous", "tier.moves") == [
        ("anna", "guest", 2),  # to come into the first class is a move
        ("ben", None, 1),
        ("cleo", None, 1),
    ]
    assert filled().profiles(["tier.highest"]).to_dict()["tier.highest"] == ["gold", "guest", "guest"]
