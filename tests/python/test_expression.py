"""Expressions from Python: kinds of values, rows and tables, errors with carets, explanations, breakpoints, SQL."""

import datetime as dt
import threading
from decimal import Decimal

import pytest

import patron

FACTS = {
    "i": "int64",
    "d": "double",
    "m": "money",
    "s": "string",
    "b": "bool",
    "t": "timestamp",
    "day": "date",
    "span": "duration",
    "e": {"type": "enum", "values": ["low", "high"], "ordered": True},
    "tags": {"type": "enum_set", "values": ["a", "b", "c"]},
}
UTC = dt.timezone.utc
ROW = {
    "i": 3,
    "d": 1.5,
    "m": Decimal("12.34"),
    "s": "\u5ba2",
    "b": True,
    "t": dt.datetime(2026, 1, 1, 12, tzinfo=UTC),
    "day": dt.date(2026, 1, 2),
    "span": dt.timedelta(hours=2),
    "e": "high",
    "tags": ["a", "c"],
}
#: The same as columns: a set is its bits there.
COLUMNS = {name: [value, None] for name, value in ROW.items()} | {"tags": [5, None]}
NOW = dt.datetime(2026, 2, 1, tzinfo=UTC)

VALUES = [
    ("i * 2", "int64", 6),
    ("d / 2.0", "double", 0.75),
    ("m * 2", "money", Decimal("24.68")),
    ("m / m", "double", 1.0),
    ("s", "string", "\u5ba2"),
    ("!b", "bool", False),
    ("t + days(1)", "timestamp", dt.datetime(2026, 1, 2, 12, tzinfo=UTC)),
    ("day + months(1)", "date", dt.date(2026, 2, 2)),
    ("span * 3", "duration", dt.timedelta(hours=6)),
    ("e", "enum", "high"),
    ("tags", "enum_set", 5),
    ("'c' in tags && e > 'low'", "bool", True),
    ("now - t", "duration", dt.timedelta(days=30, hours=12)),
]


@pytest.mark.parametrize(("text", "kind", "value"), VALUES, ids=[v[0] for v in VALUES])
def test_every_kind_of_value_in_a_row_and_in_a_table(text, kind, value):
    expression = patron.Expression(text, FACTS)
    assert expression.kind == kind
    assert expression.evaluate_row(ROW, NOW) == value
    result = expression.evaluate(COLUMNS, now=NOW)
    assert result["value"].to_list() == [value, None]
    assert result["unknown"].to_list() == [False, True]
    assert result.unknown_rows == 1


def test_null_is_unknown_and_false_decides():
    rule = patron.Expression("b && i > 2", FACTS)
    table = {"b": [True, True, False, None, None], "i": [3, None, None, 1, 5]}
    assert rule.evaluate(table)["value"].to_list() == [True, None, False, False, None]
    assert rule.evaluate_row({"b": False}) is False
    assert rule.evaluate_row({}) is None
    assert patron.Expression("i == null", FACTS).evaluate_row({}) is True


def test_what_an_evaluation_met_is_counted():
    result = patron.Expression("i / (i - 3) + 9223372036854775800", FACTS).evaluate({"i": [3, 4, 1000, None]})
    assert (result.divisions_by_zero, result.overflows, result.unknown_rows) == (1, 0, 2)
    result = patron.Expression("d > 1.0", FACTS).evaluate({"d": [float("nan"), float("inf"), 2.0]})
    assert (result.bad_cells, result.unknown_rows) == (2, 2)


def test_all_errors_are_said_with_their_place_and_carets():
    with pytest.raises(patron.ExpressionError) as caught:
        patron.Expression("s == '\u5ba2' &&\n  ii > 'a'", FACTS)
    error = caught.value
    assert isinstance(error, patron.PolicyError) and isinstance(error, ValueError)
    lines = str(error).splitlines()
    assert lines[0].startswith("2:3: error: ") and "[unknown_name]" in lines[0]
    assert lines[1:3] == ["    ii > 'a'", "    ^^"]
    (finding,) = [f for f in error.findings if f.code == "unknown_name"]
    assert (finding.severity, finding.begin, finding.end) == ("error", 16, 18)
    assert error.byte_offset == error.findings[0].begin
    assert error.code_name == "document"


@pytest.mark.parametrize(
    "text", ["", "(" * 100_000, "i >", "\ud800", "\0", "9" * 1000, "i" * 70_000, "1e999", "[" * 5000, "a.b.c.d"]
)
def test_hostile_texts_are_errors(text):
    with pytest.raises(patron.ExpressionError) as caught:
        patron.Expression(text, FACTS)
    assert caught.value.findings


def test_warnings_do_not_stop_an_expression():
    rule = patron.Expression("i > 2 || true", FACTS)
    assert all(w.severity == "warning" for w in rule.warnings)
    assert rule.evaluate_row({}) is True


@pytest.mark.parametrize(
    "schema",
    [
        {"a": "integer"},
        {"a b": "int64"},
        {"a": {"type": "int64", "nulable": True}},
        {"a": {"type": "enum_set", "values": [str(i) for i in range(65)]}},
        {"a": {"type": "enum", "values": ["x", "x"]}},
        '{"fields": {"a": "int64", "a": "bool"}}',
        "{",
    ],
)
def test_schemas_that_mean_nothing_are_refused(schema):
    with pytest.raises(patron.PolicyError):
        patron.Expression("1 > 0", schema)


def test_a_zone_or_currency_that_there_is_not():
    with pytest.raises(patron.PolicyError, match="Mars"):
        patron.Schema({"a": "date"}, timezone="Mars/Base")
    with pytest.raises(patron.PolicyError):
        patron.Schema({"a": "money"}, currency="euro")


WRONG_CELLS = [
    ("i", 1.5), ("i", True), ("i", 2**63), ("b", 1), ("b", "true"), ("d", "1.5"), ("s", b"x"), ("s", 5), ("m", "1,5"),
    ("m", float("nan")), ("t", 5), ("t", "soon"), ("day", dt.datetime(2026, 1, 1)), ("day", "soon"), ("span", 5),
    ("e", 1), ("tags", "a"), ("tags", ["z"]), ("tags", 5), ("nobody", 1), ("s", "\ud800"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG_CELLS, ids=map(repr, WRONG_CELLS))
def test_a_cell_of_another_kind_is_refused_by_name(name, value):
    rule = patron.Expression("b || i > 0 || s == '' || m > 0 || t > now || e > 'low' || 'a' in tags", FACTS)
    with pytest.raises(patron.Error):
        rule.evaluate_row({**ROW, name: value}, NOW)


@pytest.mark.parametrize("row", [None, 5, "i", [1], [("i", 1)], {1: 2}, {None: 1}])
def test_rows_that_are_none(row):
    rule = patron.Expression("i > 2", FACTS)
    for call in (rule.evaluate_row, rule.explain, lambda r: rule.breakpoints(r, NOW)):
        with pytest.raises(patron.ArgumentError):
            call(row)


@pytest.mark.parametrize("wrong", [None, 5, b"i > 2", ["i"], {}])
def test_texts_and_schemas_of_another_type(wrong):
    with pytest.raises(patron.ArgumentError):
        patron.Expression(wrong, FACTS)
    if wrong != {}:
        with pytest.raises(patron.Error):
            patron.Expression("1 > 0", wrong)
        with pytest.raises(patron.Error):
            patron.Schema(wrong)


@pytest.mark.parametrize(
    "options",
    [{"now": 5}, {"now": "soon"}, {"now": float("nan")}, {"now": []}, {"now": NOW, "threads": 0},
     {"now": NOW, "threads": "2"}, {"now": NOW, "progress": 5}, {}],
)  # fmt: skip
def test_options_of_another_kind(options):
    with pytest.raises((patron.ArgumentError, patron.DataError)):
        patron.Expression("t < now", FACTS).evaluate({"t": ["2026-01-01"]}, **options)


@pytest.mark.parametrize(
    "table", [None, 5, "x", {}, {"i": 5}, {"i": [[1]]}, {"j": [1]}, {"i": ["a"]}, {"i": [1.5]}, {"i": [True]}, {5: [1]}]
)
def test_tables_that_do_not_fit(table):
    with pytest.raises(patron.Error):
        patron.Expression("i > 2", FACTS).evaluate(table)


def test_no_rows_and_constants():
    assert patron.Expression("i > 2", FACTS).evaluate({"i": []})["value"].to_list() == []
    assert patron.Expression("1 < 2", FACTS).evaluate({"i": [1, 2, 3]})["value"].to_list() == [True] * 3
    rows = patron.Expression("i > 2", FACTS).evaluate({"i": [1, 5]})
    assert patron.Expression("1 < 2", FACTS).evaluate(rows)["value"].to_list() == [True, True]


def test_an_explanation_names_what_is_unknown_and_missing():
    rule = patron.Expression("m >= 100 && (b || !(i > 5)) && s == '\u5ba2'", FACTS)
    why = rule.explain({"m": 90, "i": 9, "s": "\u5ba2"})
    assert [a.text for a in why.atoms] == ["m >= 100", "b", "i > 5", "s == '\u5ba2'"]
    assert [a.value for a in why.atoms] == [False, None, True, True]
    assert why.atoms[0].distance == 10 and why.atoms[0].right == "100.00"
    assert why.unknown == ["b"] and why.decided
    assert why.missing == [{0: True, 1: True}, {0: True, 2: False}]
    assert why.value is False


def test_more_than_twelve_conditions_are_not_decided():
    rule = patron.Expression(" && ".join(f"i > {k}" for k in range(13)), FACTS)
    why = rule.explain({"i": 3})
    assert not why.decided and why.missing == [] and len(why.atoms) == 13


def test_breakpoints_are_solved_or_say_why_not():
    facts = patron.Schema({"t": "timestamp", "i": "int64", "born": "date"}, timezone="Europe/Berlin")
    row = {"t": "2026-01-01T12:00:00Z", "i": 3, "born": "2008-03-01"}
    found = patron.Expression("age(t) <= days(30) && i > 2", facts).breakpoints(row, NOW)
    assert found.solved and found.instants == [] and found.next is None, "30 days ended on the 31st"
    found = patron.Expression("born + years(18) <= now", facts).breakpoints(row, NOW)
    assert found.instants == [dt.datetime(2026, 2, 28, 23, tzinfo=UTC)], "local midnight of the birthday"
    found = patron.Expression("i > 2", facts).breakpoints(row, NOW)
    assert (found.solved, found.instants, found.until) == (True, [], None)


def test_sql_of_two_dialects_and_what_has_none():
    rule = patron.Expression("i > 5 && s.startsWith('a')", FACTS)
    assert rule.to_sql("duckdb") and rule.to_sql("postgresql")
    with pytest.raises(patron.ArgumentError) as caught:
        patron.Expression("i > 5 && d > i", FACTS).to_sql()
    assert caught.value.byte_offset is not None
    for wrong in (None, "mysql", 5):
        with pytest.raises(patron.ArgumentError):
            rule.to_sql(wrong)


def test_threads_and_calls_side_by_side_give_the_same():
    rule = patron.Expression("i % 7 > 2 && d * 2.0 < 900.0 || s == 'x'", FACTS)
    table = {"i": list(range(50_000)), "d": [k / 10 for k in range(50_000)], "s": ["x", None] * 25_000}
    once = rule.evaluate(table, threads=1)["value"].to_list()
    out = []

    def run():
        out.append(rule.evaluate(table, threads=3)["value"].to_list() == once)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert out == [True] * 4


def test_what_progress_raises_comes_out():
    def stop(share):
        raise KeyError(share)

    with pytest.raises(KeyError):
        patron.Expression("i > 2", FACTS).evaluate({"i": list(range(500_000))}, threads=1, progress=stop)
