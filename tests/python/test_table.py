"""What comes back: reading a Table as Python values, and handing it to other libraries."""

import datetime as dt
import gc
import subprocess
import sys
import weakref

import kinds
import pytest

import patron


@pytest.fixture
def scored():
    # 9 never bought: her only row is a refund, so her times are null and her scores 0.
    orders = {
        "id": ["ann", "bob", "çem"],
        "at": ["2026-01-05T10:00", "2026-03-01", "2026-02-01T00:00:00.25"],
        "paid": [20.5, 7.0, -3.0],
    }
    return patron.rfm(orders, customer="id", time="at", amount="paid", timezone="Europe/Berlin")


COLUMNS = [
    "customer",
    "first_order",
    "last_order",
    "orders",
    "order_days",
    "recency_days",
    "frequency",
    "monetary",
    "monetary_minor",
    "r",
    "f",
    "m",
    "code",
    "segment",
    "octant",
]


def test_columns_have_the_names_that_are_promised(scored):
    assert scored.columns == COLUMNS
    assert list(scored) == COLUMNS
    assert "segment" in scored and "segments" not in scored
    assert len(scored) == 3


def test_values_are_plain_python_and_null_is_none(scored):
    rows = scored.to_dict()
    assert rows["customer"] == ["ann", "bob", "çem"]
    assert rows["recency_days"] == [55, 0, None]
    assert rows["first_order"][2] is None
    assert rows["monetary"] == [20.5, 7.0, -3.0]
    assert rows["segment"][2] == "prospect"
    assert rows["octant"][2] is None
    assert [type(rows[c][0]) for c in ("orders", "monetary", "code", "segment")] == [int, float, int, str]


def test_rows_are_dicts_by_the_names_of_the_columns(scored):
    rows = scored.to_dicts()
    assert len(rows) == len(scored) and list(rows[0]) == scored.columns
    assert {name: [row[name] for row in rows] for name in scored.columns} == scored.to_dict()


def test_times_are_aware_and_mean_the_same_instant(scored):
    first = scored["first_order"][0]
    assert first == dt.datetime(2026, 1, 5, 9, tzinfo=dt.timezone.utc)
    assert first.utcoffset() in (dt.timedelta(hours=1), dt.timedelta(0))


def test_a_column_is_a_sequence(scored):
    column = scored["customer"]
    assert (len(column), column[0], column[-1], column[1:]) == (3, "ann", "çem", ["bob", "çem"])
    assert column[::-1] == ["çem", "bob", "ann"]
    assert column.index("bob") == 1
    assert column.name == "customer"
    assert scored["first_order"].type == "timestamp[us, tz=Europe/Berlin]"
    assert repr(scored["m"]).startswith("<patron.Column 'm': int8, 3 rows [")
    with pytest.raises(IndexError):
        column[3]


def test_an_unknown_column_is_a_key_error_that_names_the_columns(scored):
    with pytest.raises(KeyError, match="no column 'codes'; the columns are customer, first_order"):
        scored["codes"]


def test_the_text_of_a_table_fits_a_screen(scored):
    lines = repr(scored).splitlines()
    # In the zone where Python has its data, else in UTC.
    assert lines[0] in (
        "patron.RfmResult as of 2026-03-01 00:00:00 CET: 3 rows, 15 columns",
        "patron.RfmResult as of 2026-02-28 23:00:00 UTC: 3 rows, 15 columns",
    )
    assert max(map(len, lines)) <= 100
    assert lines[1].split()[0] == "customer" and lines[1].split()[-1] == "octant"
    assert lines[-1].startswith("... ") and " more columns: " in lines[-1]
    assert len(lines) == 6


def test_years_before_1000_are_shown_with_four_digits():
    engine = patron.Engine({
        "patron": 1, "name": "s", "customer": {"id": "string"}, "streams": {"orders": {}},
        "identities": {"keys": ["email"]}, "tags": [{"name": "n", "metric": {"count": "orders"}}]})
    first = ["0001-01-02T00:00Z"] * 2
    engine.claim({"customer": ["a", "b"], "time": first, "email": ["x@y.de", "x@y.de"]})
    engine.advance("2026-01-01")
    assert repr(engine.key_meetings()).splitlines()[2].startswith("0001-01-02 00:00Z  email")


def test_what_is_too_long_to_be_shown_leaves_the_other_columns_in_place():
    engine = patron.Engine({
        "patron": 1, "name": "s", "timezone": "Europe/Berlin", "customer": {"id": "string"}, "streams": {"orders": {}},
        "tags": [{"name": "spend", "metric": {"sum": "orders.amount"}}],
        "classifications": [{"name": "tier", "kind": "ladder", "classes": [
            {"name": "gold", "enter": "spend >= 500"}, {"name": "guest"}]}]})
    orders = {"customer": ["anna", "ben"], "time": ["2026-01-10T09:00", "2026-01-12T01:00:05"], "amount": [600, 20]}
    report = engine.ingest("orders", orders, now="2026-02-01")
    assert repr(engine.transitions()).splitlines() == [
        "patron.Table: 2 rows, 13 columns",
        "number  sequence  customer  classification  from  to     at                    fact_time  cause",
        "     1         1  anna      tier            null  gold   2026-01-10 08:00Z     null       event",
        "     2         1  ben       tier            null  guest  2026-01-12 00:00:05Z  null       event",
        "... 4 more columns: quiet, calibration, policy, because",
    ]
    assert str(report) == repr(report) and "\n" not in str(report)
    report = engine.ingest("orders", orders | {"time": ["soon", "2026-01-12"]})
    assert str(report).splitlines()[1:] == [
        "patron.Table: 1 row, 3 columns",
        "row  column  reason",
        '  0  time    time: text that is no time: "soon"; want ISO 8601, such as 2026-10-01 or 2026-10-01T09…',
    ]


def test_a_long_text_is_cut_and_has_what_room_there_is():
    labels = {"en": "x" * 200}
    policy = patron.Policy({"patron": 1, "name": "s", "attributes": {"a": {"type": "bool", "label": labels}}})
    lines = repr(policy.tags).splitlines()
    assert len(lines) == 3 and len(lines[1]) == 100 and "xxx…" in lines[2]


def test_chinese_names_line_up_with_what_stands_behind_them():
    orders = {"c": ["李雷", "ann"], "t": ["2026-01-01"] * 2, "a": [1, 2]}
    lines = repr(patron.rfm(orders, customer="c", time="t", amount="a", language="zh")).splitlines()
    assert lines[2].startswith("ann       2026-01-01") and lines[3].startswith("李雷      2026-01-01")


def test_a_long_table_shows_its_first_rows_and_says_how_many_more():
    ranked = patron.rank(list(range(1, 101)), top=3)
    lines = repr(ranked).splitlines()
    assert lines[0] == "patron.RankResult (members [3, 97]): 100 rows, 3 columns"
    assert len(lines) == 2 + 6 + 1
    assert lines[-1] == "... 94 more rows"


def test_a_table_cannot_be_made_or_pickled_and_says_what_to_do(scored):
    import pickle

    with pytest.raises(TypeError, match="comes from patron's functions"):
        patron.Table()
    with pytest.raises(TypeError, match="pickle to_dict"):
        pickle.dumps(scored)


def test_a_slice_of_a_column_with_nulls_keeps_them_in_place():
    values = [None if i % 3 == 0 else i for i in range(50)]
    ranked = patron.rank(values, top=1)["rank"]
    whole = ranked.to_list()
    for start, stop in ((0, 50), (7, 23), (8, 9), (15, 16), (49, 50), (20, 20)):
        assert ranked[start:stop] == whole[start:stop]
    assert [i for i, v in enumerate(whole) if v is None] == list(range(0, 50, 3))


def test_capsules_have_the_names_that_arrow_wants(scored):
    assert 'capsule object "arrow_array_stream"' in repr(scored.__arrow_c_stream__())
    assert 'capsule object "arrow_schema"' in repr(scored.__arrow_c_schema__())


def test_capsules_that_nobody_takes_are_freed(scored):
    def resident():
        with open("/proc/self/statm") as f:
            return int(f.read().split()[1]) * 4096

    def make(count):
        for _ in range(count):
            scored.__arrow_c_stream__(), scored.__arrow_c_schema__()
        gc.collect()

    make(2_000)
    before = resident()
    make(20_000)
    assert resident() - before < 4_000_000


def test_a_capsule_alive_at_exit_does_no_harm():
    code = (
        "import patron\n"
        "t = patron.rank([1, 2], top=1)\n"
        "alive = [t.__arrow_c_stream__(), t.__arrow_c_schema__(), t]\n"
        "import builtins; builtins.alive = alive\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("library", ["pyarrow", "polars", "pandas"])
def test_a_library_that_is_not_there_is_named_with_what_needs_none(scored, monkeypatch, library):
    monkeypatch.setitem(sys.modules, library, None)
    method = "to_arrow" if library == "pyarrow" else f"to_{library}"
    with pytest.raises(ImportError, match=rf"{method}\(\) needs {library}, .*to_dict\(\)"):
        getattr(scored, method)()


def test_no_library_is_imported_without_need():
    code = (
        "import sys, patron\n"
        "r = patron.rfm({'c': [1], 't': ['2026-01-01'], 'a': [1]}, customer='c', time='t', amount='a')\n"
        "repr(r), r.to_dict(), patron.rank([1], top=1), patron.segment_table('eleven').lint()\n"
        "print([m for m in ('numpy', 'pandas', 'polars', 'pyarrow', 'duckdb') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


if not kinds.have("numpy"):

    def test_without_numpy_the_request_for_arrays_says_what_is_missing(scored):
        with pytest.raises(ModuleNotFoundError, match="numpy"):
            scored.to_numpy()


if kinds.have("numpy"):
    import numpy as np

    def test_numpy_arrays_share_memory_and_keep_it():
        ranked = patron.rank([3.5, 1.5], top=1)
        share = ranked["cumulative_share"].to_numpy()
        again = ranked["cumulative_share"].to_numpy()
        address = share.__array_interface__["data"][0]
        assert again.__array_interface__["data"][0] == address
        assert not share.flags.writeable
        memory = weakref.ref(ranked._handle)
        del ranked, again
        gc.collect()
        assert memory() is not None
        assert share.tolist() == [0.7, 1.0]
        del share
        gc.collect()
        assert memory() is None

    def test_numpy_arrays_have_natural_types(scored):
        arrays = scored.to_numpy()
        kinds_of = {name: str(values.dtype) for name, values in arrays.items()}
        assert kinds_of["first_order"] == "datetime64[us]"
        assert kinds_of["orders"] == "int64"
        assert kinds_of["recency_days"] == "float64"
        assert (kinds_of["r"], kinds_of["code"], kinds_of["segment"]) == ("int8", "int32", "object")
        assert np.isnat(arrays["first_order"][2]) and np.isnan(arrays["recency_days"][2])
        assert arrays["first_order"][0] == np.datetime64("2026-01-05T09:00")

    def test_asarray_of_a_column_is_its_array(scored):
        assert np.asarray(scored["monetary"]).tolist() == [20.5, 7.0, -3.0]
        assert np.asarray(scored["code"], dtype="f8").dtype == "f8"
        assert list(np.asarray(scored["octant"]))[2] is None

    def test_an_empty_table_gives_empty_arrays(scored):
        assert {k: len(v) for k, v in scored.refused.to_numpy().items()} == {
            "row": 0,
            "column": 0,
            "reason": 0,
        }


if kinds.have("pandas"):
    import pandas as pd

    def test_pandas_has_whole_numbers_categories_and_zones(scored):
        frame = scored.to_pandas()
        assert list(frame.columns) == COLUMNS
        assert str(frame["recency_days"].dtype) == "Int64"
        assert frame["recency_days"].isna().tolist() == [False, False, True]
        assert str(frame["orders"].dtype) == "int64"
        assert str(frame["segment"].dtype) == "category"
        assert frame["octant"].isna().tolist() == [False, False, True]
        assert str(frame["first_order"].dtype) == "datetime64[us, Europe/Berlin]"
        assert frame["first_order"][0] == pd.Timestamp("2026-01-05 10:00", tz="Europe/Berlin")
        assert frame["customer"].tolist() == ["ann", "bob", "çem"]

    def test_a_frame_may_be_written_to(scored):
        frame = scored.to_pandas()
        for name in ("monetary", "orders", "recency_days", "r"):
            frame.loc[0, name] = 4
            frame[name] += 1
            assert frame[name][0] == 5
        assert scored["monetary"][0] == 20.5

    def test_pandas_takes_an_empty_table(scored):
        assert len(scored.refused.to_pandas()) == 0


if kinds.have("polars"):
    import polars as pl

    def test_polars_takes_a_table_as_it_is(scored):
        frame = scored.to_polars()
        assert frame.columns == COLUMNS
        assert frame.with_columns(pl.col("segment", "octant").cast(pl.String)).to_dict(
            as_series=False
        ) == scored.to_dict()
        assert pl.DataFrame(scored).equals(frame)


if kinds.have("pyarrow"):
    import pyarrow as pa

    def test_pyarrow_takes_a_table_as_it_is(scored):
        table = scored.to_arrow()
        table.validate(full=True)
        assert table.column_names == COLUMNS
        assert table.to_pydict() == scored.to_dict()
        assert pa.schema(scored) == table.schema
        assert table.schema.field("first_order").type == pa.timestamp("us", "Europe/Berlin")

    def test_pyarrow_outlives_the_table():
        ranked = patron.rank([3, 1, 2], top=1)
        expected = ranked.to_dict()
        table = ranked.to_arrow()
        handle = weakref.ref(ranked._handle)
        del ranked
        gc.collect()
        assert handle() is None
        assert table.to_pydict() == expected

    def test_an_empty_table_goes_out_with_its_types(scored):
        table = scored.refused.to_arrow()
        assert (table.num_rows, str(table.schema.field("row").type)) == (0, "int64")


if kinds.have("duckdb", "pyarrow"):

    def test_duckdb_queries_a_table_by_its_name(scored):
        import duckdb

        rows = duckdb.connect().sql("SELECT customer, sum(monetary) FROM scored GROUP BY 1 ORDER BY 1")
        assert rows.fetchall() == [("ann", 20.5), ("bob", 7.0), ("çem", -3.0)]
