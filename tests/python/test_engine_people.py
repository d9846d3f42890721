"""Who is who in an engine through Python: links, identity keys, forgetting, and classes that people decide."""

import datetime as dt
import io
import json

import pytest

import patron

POLICY = {
    "patron": 1,
    "name": "two channels",
    "money": {"currency": "EUR", "scale": 2},
    "customer": {"id": "string"},
    "identities": {"keys": ["member", "phone"]},
    "streams": {"orders": {}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount"}}],
    "classifications": [
        {
            "name": "tier",
            "kind": "ladder",
            "classes": [
                {"name": "gold", "enter": "spend >= 500"},
                {"name": "silver", "enter": "spend >= 100"},
                {"name": "guest"},
            ],
        }
    ],
}

# 300 and 250 of what may be one customer, and 20 of another.
ORDERS = {
    "customer": ["shop:1", "web:7", "web:8"],
    "time": ["2026-01-01", "2026-01-02", "2026-01-03"],
    "amount": [300, 250, 20],
}


def test_identities_have_a_row_for_each_id_or_refuse():
    engine = patron.Engine({"patron": 1, "name": "p", "customer": {"id": "int64"}, "streams": {"orders": {}}})
    engine.ingest("orders", {"customer": [1, 2], "time": ["2026-01-01"] * 2, "amount": [1, 2]})
    for source in (engine, engine.snapshot()):
        assert source.identities([2, 5, 1])["customer"].to_list() == [2, None, 1]
        with pytest.raises(patron.Error, match="customer") as refused:
            source.identities([1, 2**63, 2])
        assert refused.value.row == 1


def test_no_ids_are_an_empty_table_whatever_they_come_in():
    arrow = pytest.importorskip("pyarrow")
    engine = filled()
    none = arrow.array([], arrow.string())
    assert len(engine.identities(none)) == 0
    assert len(engine.profiles(customers=none)) == 0
    empty = {"customer": none, "time": arrow.array([], arrow.string()), "amount": arrow.array([], arrow.int64())}
    assert engine.ingest("orders", empty).accepted == 0


def test_claims_bring_customers_whom_no_calibration_measured():
    policy = {
        "patron": 1,
        "name": "p",
        "customer": {"id": "int64"},
        "streams": {"orders": {}},
        "identities": {"keys": ["member"]},
        "models": {"rfm": {"scores": 5, "table": "eleven", "min_customers": 1}},
    }
    engine = patron.Engine(policy)
    ids = list(range(900))
    engine.ingest(
        "orders",
        {
            "customer": [i % 300 for i in ids],
            "time": [dt.datetime(2026, 1, 1 + i % 27, tzinfo=dt.timezone.utc) for i in ids],
            "amount": [1 + i * i % 977 for i in ids],
        },
        now="2026-02-01",
    )
    engine.calibrate()
    new = list(range(1000, 1400))
    engine.claim({"customer": new, "member": [f"m{i}" for i in new]})
    buffer = io.BytesIO()
    engine.save(buffer)
    assert engine.profiles().to_dict() == patron.Engine.load(buffer.getvalue()).profiles().to_dict()
    assert set(engine.profiles(customers=new)["rfm.segment"].to_list()) == {"prospect"}


@pytest.mark.parametrize("classes", [False, True])
@pytest.mark.parametrize("cut", [1, 2, 3, 7])
def test_who_comes_of_nothing_is_nobody_however_rows_are_cut(classes, cut):
    policy = {
        "patron": 1,
        "name": "p",
        "customer": {"id": "int64"},
        "streams": {"orders": {"key": "order"}},
        "models": {"score": {"weights": "entropy", "of": ["n", "s"]}},
        "tags": [
            {"name": "n", "metric": {"count": "orders"}},
            {"name": "s", "metric": {"sum": "orders.amount"}},
        ],
    }
    if classes:
        policy["classifications"] = [
            {"name": "c", "kind": "ladder", "classes": [{"name": "g", "enter": "n >= 1000"}, {"name": "o"}]}
        ]
    # The only order of customer 2 is corrected to a later instant than the last one that is looked at.
    rows = [(1, 1, "a", 10), (3, 3, "c", 50), (4, 4, "d", 20), (4, 5, "e", 20), (2, 20, "x", 5), (2, 40, "x", 5)]

    def lived(groups):
        engine = patron.Engine(policy)
        start = dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc)
        engine.advance(start)
        for group in groups:
            customers, seconds, keys, amounts = zip(*group)
            times = [start + dt.timedelta(seconds=s) for s in seconds]
            engine.ingest(
                "orders",
                {"customer": list(customers), "time": times, "amount": list(amounts), "order": list(keys)},
            )
        engine.advance(start + dt.timedelta(seconds=30))
        calibration = json.loads(engine.calibrate().to_json())
        return calibration["customers"], engine.state_hash()

    cuts = [rows[i : i + cut] for i in range(0, len(rows), cut)]
    assert lived(cuts) == lived([rows])
    assert lived(cuts)[0] == 3


def filled():
    engine = patron.Engine(POLICY)
    engine.ingest("orders", ORDERS, now="2026-01-10")
    return engine


def tiers(engine):
    classes = engine.classes()
    return dict(zip(classes["customer"].to_list(), classes["tier"].to_list(), strict=True))


def test_pairs_are_linked_and_unlinked_row_by_row():
    engine = filled()
    for alone in (engine.link, engine.unlink):
        with pytest.raises(patron.ArgumentError, match="'shop:1' alone: give the other id too"):
            alone("shop:1")
    report = engine.link({"first": ["shop:1", "web:7", None], "second": ["web:7", "shop:1", "web:8"]})
    assert (report.rows, report.accepted, report.duplicates, report.refused_rows) == (3, 1, 1, 1)
    assert report.refused.to_dict() == {"row": [2], "column": ["first"], "reason": ["null first"]}
    engine.advance("2026-01-11")
    assert tiers(engine) == {"shop:1": "gold", "web:8": "guest"}
    assert engine.transitions()["cause"].to_list()[-1] == "merge"
    assert engine.history("web:7")["customer"].to_list() == ["shop:1", "web:7", "shop:1"]
    report = engine.unlink({"first": ["web:7", "web:8"], "second": ["shop:1", "shop:1"]})
    assert (report.deleted, report.refused["reason"][0]) == (1, "no link was made between these two ids")
    engine.advance("2026-01-12")
    assert tiers(engine) == {"shop:1": "silver", "web:7": "silver", "web:8": "guest"}


def test_a_link_that_is_taken_out_at_once_has_never_been():
    engine = filled()
    before = engine.state_hash()
    pair = {"first": ["shop:1"], "second": ["web:7"]}
    assert engine.link("web:7", "shop:1").accepted == 1 and engine.unlink("shop:1", "web:7").deleted == 1
    assert engine.unlink("shop:1", "web:7").refused_rows == 1  # there is none any more
    engine.link(pair)
    assert engine.state_hash() != before
    engine.unlink(pair)
    assert engine.state_hash() == before


def test_an_id_is_the_customer_who_stands_for_it():
    engine = filled()
    engine.link({"first": ["web:7"], "second": ["shop:1"]})
    engine.link({"first": ["shop:1"], "second": ["app:3"]})  # never sent before
    assert engine.customer_of("app:3") == "web:7"
    assert engine.customer_of("web:7") == "web:7"
    assert engine.customer_of("nobody") is None
    assert engine.identities().to_dict() == {
        "id": ["app:3", "shop:1", "web:7", "web:8"],
        "customer": ["web:7", "web:7", "web:7", "web:8"],
    }
    asked = ["web:8", "nobody", "shop:1", "shop:1"]
    assert engine.identities(asked).to_dict() == {"id": asked, "customer": ["web:8", None, "web:7", "web:7"]}
    assert engine.identities([]).to_dict() == {"id": [], "customer": []}
    seen = engine.snapshot()
    assert engine.forget("app:3")
    assert engine.identities().to_dict() == {"id": ["web:8"], "customer": ["web:8"]}
    assert seen.customer_of("shop:1") == "web:7"
    assert seen.identities(["app:3", "nobody"])["customer"].to_list() == ["web:7", None]
    assert len(seen.identities()) == 4
    with pytest.raises(patron.ArgumentError, match="texts"):
        engine.customer_of(7)
    with pytest.raises(patron.ArgumentError, match="ids='web:8'"):
        engine.identities("web:8")
    with pytest.raises(patron.DataError):
        engine.identities([1, 2])
    with pytest.raises(patron.DataError):
        engine.identities(["web:8", None])


def test_identities_are_joined_with_data_frames():
    pandas = pytest.importorskip("pandas")
    pyarrow = pytest.importorskip("pyarrow")
    polars = pytest.importorskip("polars")
    engine = filled()
    engine.link({"first": ["web:7"], "second": ["shop:1"]})
    tickets = pandas.DataFrame({"caller": ["shop:1", "web:9", "web:8"], "minutes": [4, 11, 2]})
    tickets["customer"] = engine.identities(tickets["caller"]).to_pandas()["customer"]
    assert tickets["customer"].fillna("").to_list() == ["web:7", "", "web:8"]
    for ids in (pyarrow.array(tickets["caller"]), polars.Series(tickets["caller"]), tickets["caller"].to_numpy()):
        assert engine.identities(ids)["customer"].to_list() == ["web:7", None, "web:8"]
    joined = polars.DataFrame({"id": ["web:7", "shop:1"]}).join(polars.DataFrame(engine.identities()), on="id")
    assert set(joined["customer"].to_list()) == {"web:7"}


def test_keys_join_customers_unless_a_stronger_one_tells_them_apart():
    engine = filled()
    claims = {
        "customer": ["shop:1", "web:7", "web:8"],
        "member": ["m1", None, "m2"],
        "phone": ["+4930123", "+4930123", "+49 30 123"],
    }
    report = engine.claim(claims)
    assert report.accepted == 5
    engine.advance("2026-01-11")
    meetings = engine.key_meetings().to_dict()
    assert meetings["key"] == ["phone", "phone"]
    assert sorted(meetings["linked"]) == [False, True]
    assert [x for x in meetings["because"] if x is not None] == ["member"]
    assert tiers(engine) == {"shop:1": "gold", "web:8": "guest"}
    with pytest.raises(patron.DataError, match='"phone"'):
        engine.claim({"customer": ["shop:1"], "fone": ["+49"]})


def test_who_is_forgotten_is_gone():
    engine = filled()
    assert engine.forget("web:8") is True
    assert engine.forget("web:8") is False
    assert len(engine) == 2
    assert engine.transitions()["customer"].to_list() == ["shop:1", "web:7"]
    assert len(engine.history("web:8")) == 0


def test_an_override_stands_beside_what_the_machine_says():
    engine = filled()
    engine.override("web:8", "tier", "pin", "gold", reason="lighthouse case", author="kim", until="2026-02-01")
    engine.advance(engine.clock)
    assert tiers(engine)["web:8"] == "gold"
    standing = {name: column[0] for name, column in engine.overrides("web:8").to_dict().items()}
    assert standing["in_force"] is True
    assert (standing["kind"], standing["to"], standing["own"], standing["effective"]) == ("pin", "gold", "guest", "gold")
    assert (standing["reason"], standing["author"]) == ("lighthouse case", "kim")
    assert standing["until"] == dt.datetime(2026, 2, 1, tzinfo=dt.timezone.utc)
    engine.advance("2026-02-02")
    assert engine.history("web:8")["cause"].to_list() == ["event", "override", "override"]
    assert tiers(engine)["web:8"] == "guest"


def test_a_hold_a_ceiling_and_a_floor():
    engine = filled()
    engine.override("web:8", "tier", "floor", "silver")
    engine.override("shop:1", "tier", "ceiling", "guest")
    engine.override("web:7", "tier", "hold", at="2026-01-20")
    engine.advance("2026-01-21")
    assert tiers(engine) == {"shop:1": "guest", "web:7": "silver", "web:8": "silver"}
    engine.ingest("orders", {"customer": ["web:7"], "time": ["2026-01-22"], "amount": [900]}, now="2026-01-23")
    assert tiers(engine)["web:7"] == "silver"
    engine.clear_override("web:7", "tier", "hold")
    engine.advance("2026-01-24")
    assert tiers(engine)["web:7"] == "gold"


def test_what_cannot_be_put_in_force_is_refused_by_name():
    engine = filled()
    before = engine.state_hash()
    with pytest.raises(patron.DataError, match='"gold"'):
        engine.override("web:8", "tier", "pin", "glod")
    with pytest.raises(patron.DataError, match='"tier"'):
        engine.override("web:8", "teir", "pin", "gold")
    with pytest.raises(patron.ArgumentError, match="'ceiling'"):
        engine.override("web:8", "tier", "pinned", "gold")
    with pytest.raises(patron.ArgumentError, match="not after"):
        engine.override("web:8", "tier", "pin", "gold", until="2026-01-01")
    with pytest.raises(patron.ArgumentError, match="no customer"):
        engine.override("web:9", "tier", "pin", "gold")
    with pytest.raises(patron.ArgumentError, match="a hold keeps"):
        engine.override("web:8", "tier", "hold", "gold")
    with pytest.raises(patron.StateError, match="no floor"):
        engine.clear_override("web:8", "tier", "floor")
    with pytest.raises(patron.DataError, match='"first"'):
        engine.link({"a": ["web:8"], "second": ["web:7"]})
    assert engine.state_hash() == before


def test_numbers_as_ids_are_linked_too():
    engine = patron.Engine({**POLICY, "customer": {"id": "int64"}})
    engine.ingest("orders", {**ORDERS, "customer": [1, 7, 8]}, now="2026-01-10")
    engine.link({"first": [1], "second": [7]})
    engine.advance("2026-01-11")
    assert tiers(engine) == {1: "gold", 8: "guest"}
    assert (engine.customer_of(7), engine.customer_of(9)) == (1, None)
    assert engine.identities([7, 9, 8]).to_dict() == {"id": [7, 9, 8], "customer": [1, None, 8]}
    assert engine.forget(1)
    assert len(engine) == 1
