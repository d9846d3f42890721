"""The engine through Python: facts of any library in, time, changes of class out."""

import datetime as dt
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import patron

UTC = dt.timezone.utc

POLICY = {
    "patron": 1,
    "name": "shop",
    "timezone": "Europe/Berlin",
    "money": {"currency": "EUR", "scale": 2},
    "customer": {"id": "string"},
    "streams": {"orders": {"key": "order_id"}},
    "attributes": {"vip": {"type": "bool"}, "city": {"type": "string"}},
    "tags": [
        {"name": "spend", "metric": {"sum": "orders.amount", "window": "90d"}},
        {"name": "orders_ever", "metric": {"count": "orders"}},
    ],
    "classifications": [
        {
            "name": "tier",
            "kind": "ladder",
            "classes": [
                {"name": "gold", "enter": "spend >= 500 || or_else(vip, false)", "grace": "14d"},
                {"name": "guest"},
            ],
        },
        {"name": "marks", "kind": "flags", "classes": [{"name": "regular", "enter": "orders_ever >= 2"}]},
    ],
}

ORDERS = {
    "customer": ["anna", "ben", "anna", "cleo"],
    "time": ["2026-01-10T09:00", "2026-01-12T18:30", "2026-02-01T12:00", "2026-02-03"],
    "amount": [450, 120.5, 80, 10],
    "order_id": ["o1", "o2", "o3", "o4"],
}


def filled(now="2026-03-01"):
    engine = patron.Engine(POLICY)
    engine.ingest("orders", ORDERS, now=now)
    return engine


def rows(table, *names):
    return list(zip(*(table[name].to_list() for name in names), strict=True))


def test_orders_become_transitions_at_their_instants():
    engine = filled()
    assert rows(engine.transitions(), "customer", "classification", "from", "to", "cause") == [
        ("anna", "tier", None, "guest", "event"),
        ("ben", "tier", None, "guest", "event"),
        ("anna", "tier", "guest", "gold", "event"),
        ("anna", "marks", None, "regular", "event"),
        ("cleo", "tier", None, "guest", "event"),
    ]
    # 12:00 in Berlin in winter is 11:00 UTC.
    assert engine.transitions()["at"][2] == dt.datetime(2026, 2, 1, 11, tzinfo=UTC)
    assert engine.clock == dt.datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert engine.transitions(after=3)["number"].to_list() == [4, 5]
    assert engine.transitions(after=3, limit=1)["number"].to_list() == [4]
    assert engine.history("ben")["to"].to_list() == ["guest"]
    assert len(engine.history("nobody")) == 0


def test_what_is_forecast_comes():
    engine = filled()
    forecast = engine.forecast("2026-06-01")
    # The 450 of 10 January, 9:00 leave the 90 days on 10 April (summer time), and grace is 14 days.
    assert rows(forecast, "customer", "from", "to", "cause") == [("anna", "gold", "guest", "time")]
    assert forecast["at"][0] == dt.datetime(2026, 4, 24, 8, tzinfo=UTC)
    assert engine.stats().transitions == 5
    engine.advance("2026-06-01")
    assert rows(engine.transitions(after=5), "customer", "to", "at") == rows(forecast, "customer", "to", "at")
    assert len(engine.forecast("2027-01-01", "tier")) == 0


def test_forecasts_are_the_same_on_any_number_of_threads():
    days = [dt.datetime(2026, 1, 1, tzinfo=UTC) + dt.timedelta(hours=7 * i) for i in range(300)]
    orders = {
        "customer": [f"customer {i % 9000}" for i in range(27000)],
        "time": [days[i * 31 % 300] for i in range(27000)],
        "amount": [100 + i * 37 % 500 for i in range(27000)],
        "order_id": [f"o{i}" for i in range(27000)],
    }
    forecasts = []
    for threads in (1, 3, None):
        engine = patron.Engine(POLICY, threads=threads)
        engine.ingest("orders", orders, now="2026-04-01")
        forecasts.append(engine.forecast("2026-07-01").to_dict())
        # The same rows and columns but for the reasons; of one classification those that it has.
        plain = engine.forecast("2026-07-01", reasons=False).to_dict()
        assert "because" not in plain
        assert plain == {name: values for name, values in forecasts[-1].items() if name != "because"}
        of_tiers = [k for k, name in enumerate(plain["classification"]) if name == "tier"]
        tiers = engine.forecast("2026-07-01", "tier").to_dict()
        assert tiers == {name: [values[k] for k in of_tiers] for name, values in forecasts[-1].items()}
    # More rows than one thread writes at a time.
    assert len(forecasts[0]["at"]) > 4096
    assert forecasts[1] == forecasts[0]
    assert forecasts[2] == forecasts[0]
    engine.advance("2026-07-01")
    moves = engine.transitions().to_dict()
    first = next(k for k, at in enumerate(moves["at"]) if at > dt.datetime(2026, 4, 1, tzinfo=UTC))
    for name, values in forecasts[0].items():
        assert moves[name][first:] == values, name


def test_classes_profiles_and_distribution():
    engine = filled()
    classes = engine.classes()
    assert rows(classes, "customer", "tier", "marks") == [
        ("anna", "gold", "regular"),
        ("ben", "guest", None),
        ("cleo", "guest", None),
    ]
    assert engine.classes(["cleo", "nobody", "anna"])["customer"].to_list() == ["anna", "cleo"]
    assert [str(x) for x in engine.profiles(["spend"])["spend"]] == ["530.00", "120.50", "10.00"]
    assert engine.profiles().columns[0] == "customer"
    assert engine.distribution("tier").to_dict() == {"class": ["gold", "guest"], "customers": [1, 2]}
    assert engine.distribution("marks").to_dict() == {"class": ["regular", None], "customers": [1, 2]}


def test_late_facts_corrections_and_deletions_take_effect_with_the_next_advance():
    engine = filled()
    late = {"customer": ["ben"], "time": ["2026-02-20"], "amount": [400], "order_id": ["o5"]}
    report = engine.ingest("orders", late)
    assert (report.accepted, report.late, report.waiting) == (1, 1, 0)
    assert len(engine.transitions()) == 5
    engine.advance(engine.clock)
    moved = engine.transitions(after=5)
    assert rows(moved, "customer", "to", "cause")[0] == ("ben", "gold", "event")
    assert moved["fact_time"][0] == dt.datetime(2026, 2, 19, 23, tzinfo=UTC)
    assert moved["at"][0] == engine.clock
    report = engine.ingest("orders", {**late, "amount": [1]})
    assert report.corrected == 1
    assert engine.delete("orders", {"customer": ["ben", "ben"], "order_id": ["o2", "o9"]}).unknown == 1
    engine.advance("2026-04-01")
    last = engine.transitions()
    assert rows(last, "customer", "to", "cause")[-1] == ("ben", "guest", "time")


def test_attributes_hold_from_the_clock_on_or_from_their_time():
    engine = filled()
    report = engine.set_attributes({"customer": ["cleo", "ben"], "vip": [True, None]})
    assert report.accepted == 1
    engine.set_attributes({"customer": ["ben"], "time": ["2026-03-15"], "vip": [True]}, quiet=True)
    engine.advance("2026-04-01")
    moved = engine.transitions(after=5)
    assert rows(moved, "customer", "to", "quiet") == [("cleo", "gold", False), ("ben", "gold", True)]


def test_bad_rows_are_listed_and_good_ones_stay():
    engine = patron.Engine(POLICY, refuse_after="2027-01-01")
    orders = {
        "customer": ["anna", None, "ben", "cleo"],
        "time": ["2026-01-10", "2026-01-10", "nonsense", "2028-01-01"],
        "amount": [1, 2, 3, 4],
        "order_id": list("abcd"),
    }
    report = engine.ingest("orders", orders)
    assert (report.rows, report.accepted, report.refused_rows) == (4, 1, 3)
    refused = sorted(rows(report.refused, "row", "column", "reason"))
    assert [(row, column) for row, column, _ in refused] == [(1, "customer"), (2, "time"), (3, "time")]
    assert "2027-01-01" in refused[2][2] or "2026-12-31" in refused[2][2]


def test_an_order_without_an_amount_is_none():
    engine = patron.Engine(POLICY)
    report = engine.ingest("orders", {**ORDERS, "amount": [450, None, 80, 10]})
    assert rows(report.refused, "row", "column", "reason") == [(1, "amount", "null amount")]
    with pytest.raises(patron.DataError, match='no column "amount", which stream "orders" needs'):
        engine.ingest("orders", {name: ORDERS[name] for name in ("customer", "time", "order_id")})
    assert engine.stats().events == 3


def test_a_null_says_nothing_or_that_there_is_no_value_any_more():
    engine = filled()
    engine.set_attributes({"customer": ["ben"], "vip": [True]})
    engine.advance("2026-03-02")
    engine.set_attributes({"customer": ["ben"], "vip": [None], "city": ["Ulm"]}, nulls="ignore")
    engine.advance("2026-03-03")
    assert engine.classes(["ben"])["tier"].to_list() == ["gold"]
    report = engine.set_attributes({"customer": ["ben"], "vip": [None]}, nulls="clear")
    assert report.accepted == 1
    engine.advance("2026-03-20")  # and the 14 days of grace
    profile = engine.profile("ben")
    assert (profile["vip"].value, profile["city"].value, profile["tier"].value) == (None, "Ulm", "guest")
    with pytest.raises(patron.ArgumentError, match="nulls='keep'"):
        engine.set_attributes({"customer": ["ben"], "vip": [None]}, nulls="keep")


def test_a_refund_that_names_its_order_counts_at_the_orders_time():
    policy = {**POLICY, "timezone": "UTC"}
    named = {**policy, "streams": {"orders": {"key": "order_id", "refund_of": "original"}}}
    orders = {
        "customer": ["anna"] * 3,
        "time": ["2026-01-10", "2026-03-01", "2026-03-12"],
        "amount": [600, -400, 550],
        "order_id": ["o1", "r1", "o2"],
        "original": [None, "o1", None],
    }
    unnamed = {name: cells for name, cells in orders.items() if name != "original"}

    def told(engine):
        tiers = [r for r in engine.transitions().to_dicts() if r["classification"] == "tier"]
        return [(str(r["at"])[:10], r["to"], r["cause"]) for r in tiers]

    def replayed(policy, rows):
        engine = patron.Engine(policy)
        engine.ingest("orders", rows, now="2026-12-31")
        return engine

    def lived(policy, rows):
        engine = patron.Engine(policy)
        for i, time in enumerate(rows["time"]):
            engine.advance(time)
            engine.ingest("orders", {name: cells[i : i + 1] for name, cells in rows.items()}, now=time)
            assert engine.profiles(["spend"])["spend"][0] == engine.profile("anna")["spend"].value
        engine.advance("2026-12-31")
        return engine

    # 600 leave the window of 90 days on 10 April, and what came back of them with them: 550 are left,
    # until 10 June and the 14 days of grace. A refund that names no order stays for its own 90 days.
    ends = ("2026-06-24", "guest", "time")
    begins = ("2026-01-10", "gold", "event")
    assert told(replayed(named, orders)) == told(lived(named, orders)) == [begins, ends]
    assert told(replayed(policy, unnamed)) == [
        begins,
        ("2026-04-24", "guest", "time"),
        ("2026-05-30", "gold", "time"),
        ends,
    ]


def test_errors_name_the_thing_and_the_remedy():
    engine = filled()
    before = engine.state_hash()
    with pytest.raises(patron.DataError, match='"orders"'):
        engine.ingest("oders", ORDERS)
    with pytest.raises(patron.DataError, match='"amont"'):
        engine.ingest("orders", {**ORDERS, "amont": [1, 2, 3, 4]})
    with pytest.raises(patron.ArgumentError, match="does not go back"):
        engine.advance("2026-02-01")
    with pytest.raises(patron.ArgumentError, match="does not go back"):
        engine.ingest("orders", ORDERS, now="2026-02-01")
    with pytest.raises(patron.DataError, match='"tier"'):
        engine.distribution("teir")
    with pytest.raises(patron.ArgumentError, match="are texts"):
        engine.history(5)
    with pytest.raises(patron.ArgumentError, match="a list of ids"):
        engine.classes("anna")
    with pytest.raises(patron.ArgumentError, match="limit"):
        engine.transitions(limit=-1)
    with pytest.raises(patron.PolicyError, match="spned"):
        patron.Engine({"patron": 1, "name": "x", "tags": [{"name": "a", "expression": "spned > 1"}]})
    assert engine.state_hash() == before


def test_a_memory_limit_refuses_and_changes_nothing():
    engine = patron.Engine(POLICY, memory_limit=100)
    with pytest.raises(patron.ResourceError):
        engine.ingest("orders", ORDERS)
    assert engine.stats().events == 0


def test_tables_of_every_library_give_the_same_engine():
    want = filled().state_hash()
    pandas = pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    pyarrow = pytest.importorskip("pyarrow")
    frame = pandas.DataFrame(ORDERS)
    timed = frame.assign(time=pandas.to_datetime(frame["time"], format="ISO8601"))
    zoned = timed.assign(time=timed["time"].dt.tz_localize("Europe/Berlin"))
    for table in (frame, timed, zoned, polars.DataFrame(ORDERS, strict=False), pyarrow.table(timed)):
        engine = patron.Engine(POLICY)
        engine.ingest("orders", table, now="2026-03-01")
        assert engine.state_hash() == want, type(table)
    moved = filled().transitions()
    assert polars.DataFrame(moved)["to"].to_list() == moved["to"].to_list()
    assert str(pyarrow.table(moved).schema.field("at").type) == "timestamp[us, tz=UTC]"
    assert moved.to_pandas()["at"].dt.tz is not None


def test_batches_order_and_steps_do_not_matter():
    want = filled()
    engine = patron.Engine(POLICY)
    for i in (3, 0, 2, 1):
        engine.ingest("orders", {name: [values[i]] for name, values in ORDERS.items()})
    for day in range(1, 32):
        engine.advance(f"2026-01-{day:02}")
    engine.advance("2026-03-01")
    assert engine.state_hash() == want.state_hash()
    assert engine.transitions().to_dict() == want.transitions().to_dict()


def test_stats_tell_facts_and_memory():
    engine = filled()
    stats = engine.stats()
    assert (stats.customers, stats.events, stats.values, stats.transitions) == (3, 4, 0, 5)
    assert stats.memory["total"] == sum(size for part, size in stats.memory.items() if part != "total")
    assert stats.next_due == dt.datetime(2026, 4, 10, 8, tzinfo=UTC)
    assert len(engine) == 3
    assert "3 customers" in repr(engine)


def test_a_new_engine_has_no_clock():
    engine = patron.Engine(POLICY)
    assert engine.clock is None
    assert engine.stats().next_due is None
    assert "before the first advance" in repr(engine)
    assert bool(engine)


def test_progress_may_stop_the_clock_and_may_not_use_the_engine():
    engine = patron.Engine(POLICY)
    engine.ingest("orders", ORDERS)
    seen = []

    def ask(share):
        seen.append(share)
        with pytest.raises(patron.StateError, match="in use"):
            engine.state_hash()
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        engine.advance("2026-03-01", progress=ask)
    assert seen
    engine.advance("2026-03-01", progress=seen.append)
    assert engine.state_hash() == filled().state_hash()
    assert seen == sorted(seen)


def test_another_thread_is_refused_while_a_call_runs():
    engine = patron.Engine(POLICY)
    engine.ingest("orders", ORDERS)
    caught = []

    def other():
        try:
            engine.state_hash()
        except patron.StateError as error:
            caught.append(error)

    def ask(share):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()

    engine.advance("2026-03-01", progress=ask)
    assert caught
    assert engine.state_hash() == filled().state_hash()


def test_a_closed_engine_says_so():
    with filled() as engine:
        engine.close()
    with pytest.raises(patron.StateError, match="closed"):
        engine.transitions()
    assert repr(engine) == "patron.Engine (closed)"
    with pytest.raises(TypeError, match="pickled"):
        filled().__reduce__()


@pytest.mark.skipif(sys.platform != "linux", reason="needs fork")
def test_an_engine_is_not_used_after_fork():
    engine = filled()
    child = os.fork()
    if child == 0:
        try:
            engine.state_hash()
        except patron.StateError:
            os._exit(0)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_the_journey_is_that_of_the_orders(tmp_path):
    """Two customers by hand: one buys once, the other every month until May."""
    orders = tmp_path / "orders.csv"
    lines = ["customer_id,date,amount", "1,2025-01-10,20"]
    lines += [f"2,2025-0{month}-10,20" for month in range(1, 6)]
    orders.write_text("\n".join(lines))
    root = Path(__file__).resolve().parents[2]
    script = root / "examples" / "python" / "journey.py"
    done = subprocess.run([sys.executable, script, orders], capture_output=True, text=True, cwd=root)
    assert done.returncode == 0, done.stderr
    table = {line.split()[0]: line.split()[1:6] for line in done.stdout.splitlines() if line[:5] == "2025-"}
    # new, active, returned, silent, lost; 1 is new for 60 days, active for 90.
    assert table["2025-02-01"] == ["2", "0", "0", "0", "0"]
    assert table["2025-03-01"] == ["1", "1", "0", "0", "0"]
    assert table["2025-04-01"] == ["0", "2", "0", "0", "0"]
    assert table["2025-06-01"] == ["0", "1", "0", "1", "0"]
    assert "2025-04-10  silent" in done.stdout or "more change their stage" in done.stdout


def test_numbers_as_ids():
    policy = {**POLICY, "customer": {"id": "int64"}}
    engine = patron.Engine(policy)
    engine.ingest("orders", {**ORDERS, "customer": [1, 2, 1, 3]}, now="2026-03-01")
    assert engine.history(1)["to"].to_list() == ["guest", "gold", "regular"]
    assert engine.classes([3])["tier"].to_list() == ["guest"]
    with pytest.raises(patron.ArgumentError, match="whole number"):
        engine.history("anna")
