"""Engines through Python, saved and loaded again."""

import datetime as dt
import io
import json
import random
from pathlib import Path

import pytest

import patron
from test_engine import ORDERS, filled


def test_a_loaded_engine_goes_on_as_the_saved_one_would(tmp_path):
    engine = filled()
    path = tmp_path / "engine.patron"
    engine.save(path)
    file = io.BytesIO()
    engine.save(file)
    assert path.read_bytes() == file.getvalue()
    file.seek(0)
    for source in (path, str(path), file, file.getvalue()):
        again = patron.Engine.load(source, threads=1)
        assert again.state_hash() == engine.state_hash()
        assert again.policy.hash == engine.policy.hash
        assert again.clock == engine.clock
        assert again.transitions().to_dict() == engine.transitions().to_dict()
    later = {**ORDERS, "amount": [900, 1, 2, 3]}
    for one in (engine, again):
        one.ingest("orders", later, now="2026-06-01")
    assert again.state_hash() == engine.state_hash()
    assert again.profiles().to_dict() == engine.profiles().to_dict()


def test_loaded_engines_may_share_a_policy():
    engine = filled()
    file = io.BytesIO()
    engine.save(file)
    own = patron.Engine.load(file.getvalue()).policy
    again = [patron.Engine.load(file.getvalue(), policy=own) for _ in range(2)]
    assert again[0].policy is again[1].policy is own
    assert {one.state_hash() for one in again} == {engine.state_hash()}
    with pytest.raises(patron.ArgumentError, match='saved under policy "shop" .* is "other"'):
        patron.Engine.load(file.getvalue(), policy={"patron": 1, "name": "other", "streams": {"orders": {}}})
    with pytest.raises(patron.PolicyError, match="no saved engine"):
        patron.Engine.load(b"rubbish", policy=own)


# Their rows are in the order in which they came, whatever that of their ids is.
def test_thousands_of_ids_that_came_in_any_order_load_again():
    policy = patron.Policy({
        "patron": 1, "name": "many", "customer": {"id": "int64"},
        "money": {"currency": "EUR", "scale": 2}, "streams": {"orders": {}},
        "tags": [{"name": "spend", "metric": {"sum": "orders.amount"}}]})
    engine = patron.Engine(policy)
    ids = [i * 7919 % 10_007 for i in range(10_000)]
    for first in (0, 1_000, 6_000):
        some = ids[first : {0: 1_000, 1_000: 6_000, 6_000: 10_000}[first]]
        count = len(some)
        engine.ingest("orders", {"customer": some, "time": ["2026-01-01"] * count, "amount": some})
    engine.advance("2026-01-02")
    file = io.BytesIO()
    engine.save(file)
    again = patron.Engine.load(file.getvalue())
    assert again.state_hash() == engine.state_hash()
    table = again.profiles(["spend"]).to_dict()
    assert {c: float(s) for c, s in zip(table["customer"], table["spend"], strict=True)} == {i: i for i in ids}


def test_a_file_is_replaced_by_a_complete_one(tmp_path):
    path = tmp_path / "engine.patron"
    path.write_bytes(b"old")
    engine = filled()
    engine.save(path)
    assert patron.Engine.load(path).state_hash() == engine.state_hash()
    assert [one.name for one in tmp_path.iterdir()] == ["engine.patron"], "nothing else is left"
    with pytest.raises(patron.IoError, match="nowhere"):
        engine.save(tmp_path / "nowhere" / "engine.patron")
    with pytest.raises(patron.IoError, match="no.patron"):
        patron.Engine.load(tmp_path / "no.patron")


def test_bytes_that_are_no_engine_are_refused():
    engine = filled()
    file = io.BytesIO()
    engine.save(file)
    data = file.getvalue()
    damaged = bytearray(data)
    damaged[len(data) // 2] ^= 1
    for bad in (b"", b"x", data[: len(data) // 2], bytes(damaged)):
        with pytest.raises(patron.Error):
            patron.Engine.load(bad)
    with pytest.raises(patron.ResourceError):
        patron.Engine.load(data, memory_limit=1)
    with pytest.raises(patron.ArgumentError, match="give a path"):
        engine.save(5)
    with pytest.raises(patron.ArgumentError, match="give a path"):
        patron.Engine.load(io.StringIO("text"))
    limited = patron.Engine.load(data, refuse_after="2026-04-01")
    late = {"customer": ["anna"], "time": ["2026-05-01"], "amount": [1], "order_id": ["x"]}
    assert limited.ingest("orders", late).refused_rows == 1


def test_links_and_modes_stay_and_devices_are_written_to(tmp_path):
    engine = filled()
    path, link = tmp_path / "engine.patron", tmp_path / "newest"
    engine.save(path)
    path.chmod(0o640)
    link.symlink_to(path)
    engine.advance("2026-04-01")
    engine.save(link)
    assert link.is_symlink() and patron.Engine.load(path).clock == engine.clock
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["engine.patron", "newest"]
    full = Path("/dev/full")
    if full.is_char_device():
        with pytest.raises(patron.IoError, match="/dev/full"):
            engine.save(full)
        assert full.is_char_device()


def test_a_writer_that_takes_parts_gets_all_and_one_that_takes_none_is_an_error():
    engine = filled()
    got = bytearray()

    class Parts:
        def write(self, data):
            got.extend(data[:1000])
            return len(data[:1000])

    engine.save(Parts())
    assert patron.Engine.load(bytes(got)).state_hash() == engine.state_hash()
    Parts.write = lambda self, data: 0
    with pytest.raises(patron.IoError, match="took 0 of"):
        engine.save(Parts())


# Large batches take ways of their own, and the first thousands of ids rows in another order.
def test_thousands_of_customers_are_the_same_in_batches_of_any_size_and_loaded_again():
    path = Path(__file__).resolve().parents[2] / "examples" / "policies" / "retail.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["customer"] = {**document["customer"], "id": "int64"}
    policy = patron.Policy(document)
    draw = random.Random(5)
    ids = [draw.randrange(10**9) for _ in range(5_000)]
    days = sorted(draw.randrange(500) for _ in range(9_000))
    orders = {
        "customer": [draw.choice(ids) for _ in days],
        "time": [(dt.date(2024, 1, 1) + dt.timedelta(days=day)).isoformat() for day in days],
        "amount": [draw.randrange(30_000) / 100 for _ in days],
        "order_id": [str(number) for number in range(len(days))],
    }

    def play(step, saved):
        engine = patron.Engine(policy, threads=1)
        for at in range(0, len(days), step):
            engine.ingest("orders", {name: values[at : at + step] for name, values in orders.items()})
        engine.advance("2025-06-01")
        engine.calibrate()
        if saved:
            file = io.BytesIO()
            engine.save(file)
            engine = patron.Engine.load(file.getvalue(), threads=1)
        engine.advance("2025-07-01")
        return engine

    whole = play(9_000, saved=False)
    for other in (play(300, saved=False), play(6_000, saved=True)):
        assert other.state_hash() == whole.state_hash()
        assert other.profiles().to_dict() == whole.profiles().to_dict()
