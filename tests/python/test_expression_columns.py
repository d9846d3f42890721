"""Columns in every form that Arrow has for them are what their values are, one by one: slices, chunks, units of time,
dictionaries with nulls of their own, decimals, and arrays that do not say how many nulls they have."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import patron
import pytest

pa = pytest.importorskip("pyarrow", reason="pyarrow, which makes the columns, is not installed")

ROWS = 90
UTC = dt.timezone.utc
LISTED = {"type": "enum", "values": ["low", "middle", "high"], "ordered": True}


def some(values: list[Any], seed: int = 1) -> list[Any]:
    """A quarter of them null."""
    dice = random.Random(seed)
    return [None if dice.random() < 0.25 else dice.choice(values) for _ in range(ROWS)]


def forms(array: Any, values: list[Any]) -> Iterator[tuple[Any, list[Any]]]:
    """The array, parts of it, chunks, and without a count of its nulls."""
    yield array, values
    yield array.slice(3), values[3:]
    yield array.slice(9, 33), values[9:42]
    yield pa.chunked_array([array.slice(0, 7), array.slice(7, 0), array.slice(7)]), values
    if not pa.types.is_dictionary(array.type):
        uncounted = pa.Array.from_buffers(array.type, len(array), array.buffers(), null_count=-1)
        yield uncounted, values
        yield uncounted.slice(5), values[5:]


def compare(kind: Any, texts: list[str], array: Any, values: list[Any], zone: str = "UTC") -> None:
    schema = patron.Schema({"x": kind}, timezone=zone, currency="EUR")
    for text in texts:
        expression = patron.Expression(text, schema)
        for column, expected in forms(array, values):
            got = expression.evaluate(pa.table({"x": column}), now="2026-03-01")["value"].to_list()
            assert got == [expression.evaluate_row({"x": value}, "2026-03-01") for value in expected], (text, array.type)


@pytest.mark.parametrize("zone", ["UTC", "America/St_Johns"])
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_times_and_lengths_in_every_unit(unit: str, zone: str) -> None:
    moments = [dt.datetime(2026, 3, 8, 5, 59, 59, tzinfo=UTC) + dt.timedelta(hours=7 * i) for i in range(-200, 200)]
    values = some(moments)
    texts = ["x.getHours() * 60 + x.getMinutes()", "age(x) > days(3)", "x"]
    compare("timestamp", texts, pa.array(values, pa.timestamp(unit, "UTC")), values, zone)
    compare("timestamp", texts, pa.array(values, pa.timestamp(unit, "Asia/Tokyo")), values, zone)
    walls = [value and value.replace(tzinfo=None) for value in values]
    compare("timestamp", texts, pa.array(walls, pa.timestamp(unit)), walls, zone)
    lengths = some([dt.timedelta(seconds=i * 7919) for i in range(-99, 99)])
    compare("duration", ["x + duration('1s') > days(3)", "-x"], pa.array(lengths, pa.duration(unit)), lengths, zone)


@pytest.mark.parametrize("form", ["date32", "date64", "text", "dictionary"])
def test_dates(form: str) -> None:
    values = some([dt.date(2024, 1, 31) + dt.timedelta(days=29 * i) for i in range(-50, 50)])
    texts = [value and str(value) for value in values]
    array = {"date32": pa.array(values, pa.date32()), "date64": pa.array(values, pa.date64()),
             "text": pa.array(texts), "dictionary": pa.array(texts).dictionary_encode()}[form]
    compare("date", ["x + months(1)", "x >= date('2026-01-31')", "x.getDayOfWeek()"], array, values)


@pytest.mark.parametrize("words", ["string", "large_string", "string_view"])
def test_texts(words: str) -> None:
    values = some(["low", "high", "", "caf\u00e9", "x" * 40, "middle"])
    array = pa.array(values, getattr(pa, words)())
    compare("string", ["x", "size(x)", "x.startsWith('c') || x == 'low'"], array, values)
    compare(LISTED, ["x >= 'middle'", "x != 'low'", "has(x)", "x"], array, values)


@pytest.mark.parametrize("index", ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"])
def test_dictionaries_with_nulls_and_texts_that_are_no_values(index: str) -> None:
    words = ["low", None, "high", "zzz", "middle", ""]
    codes = some(list(range(6)))
    values = [None if code is None else words[code] for code in codes]
    for kind in (pa.string(), pa.large_string()):
        array = pa.DictionaryArray.from_arrays(pa.array(codes, getattr(pa, index)()), pa.array(words, kind))
        compare("enum", ["x", "has(x)", "x == 'zzz' || x == 'low'"], array, values)
        compare(LISTED, ["x", "x == null", "x >= 'middle'", "x in ['low', 'high']"], array, values)


def test_chunks_with_dictionaries_of_their_own() -> None:
    column = pa.chunked_array([pa.array(["low", "high", None]).dictionary_encode(),
                               pa.array(["high", "zzz", "low"]).dictionary_encode()])
    result = patron.Expression("x == 'low'", {"x": LISTED}).evaluate(pa.table({"x": column}))
    assert result["value"].to_list() == [True, False, None, False, None, True]
    assert result.bad_cells == 1


@pytest.mark.parametrize(("precision", "scale"), [(19, 2), (38, 10), (10, 0), (5, -2), (4, 1)])
def test_decimals_of_any_scale(precision: int, scale: int) -> None:
    step = Decimal(1).scaleb(-scale)
    values = some([(Decimal(i) * step).quantize(Decimal("0.01")) for i in range(-60, 60) if scale < 2]
                  or [Decimal(i) / 100 for i in range(-12000, 12000, 77)])
    compare("money", ["x * 2", "x >= 100.5", "-x"], pa.array(values, pa.decimal128(precision, scale)), values)


@pytest.mark.parametrize("width", ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"])
def test_whole_numbers_of_any_width(width: str) -> None:
    values = some(list(range(120)))
    array = pa.array(values, getattr(pa, width)())
    compare("int64", ["x * 3 % 7 > 2", "x > 300", "x >= -1"], array, values)
    compare("int64", ["x > 30"], array.dictionary_encode(), values)
    compare("double", ["x / 3.0"], array, [value if value is None else float(value) for value in values])
    sets = [0, 5, 7, 2, 8, 12]  # the last two have a bit that is none of the values
    members = [[name for bit, name in enumerate("abc") if code >> bit & 1] if code < 8 else None for code in sets]
    column = pa.array(sets * 15, getattr(pa, width)())
    compare({"type": "enum_set", "values": ["a", "b", "c"]}, ["'b' in x", "has(x)"], column, members * 15)


@pytest.mark.parametrize("width", ["float32", "float64"])
def test_doubles_that_are_none(width: str) -> None:
    values = some([0.5, float("nan"), float("inf"), -1.0, 1e30])
    array = pa.array(values, getattr(pa, width)())
    known = [None if value is None or value in (float("inf"),) or value != value else value for value in values]
    compare("double", ["x > 0.1", "has(x)", "x == null"], array, known)


def test_truth_values() -> None:
    values = some([True, False])
    compare("bool", ["!x", "x || x == null", "x ? 1 : 2"], pa.array(values), values)


def test_other_decimals_and_floats_are_refused_by_name() -> None:
    for array, kind in ((pa.array([Decimal("1.5")], pa.decimal256(60, 4)), "money"), (pa.array([None], pa.float16()), "double")):
        with pytest.raises(patron.DataError, match='column "x" is '):
            patron.Expression("x > 1", patron.Schema({"x": kind})).evaluate(pa.table({"x": array}))
