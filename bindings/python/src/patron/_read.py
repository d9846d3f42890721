"""Reads columns in the library's memory as Python values, NumPy arrays and pandas columns."""

from __future__ import annotations

import ctypes
import datetime as dt
import functools
import importlib
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from . import _ffi, _native
from ._native import Handle, lib
from ._types import Type
from .errors import DataError


@dataclass(frozen=True)
class Field:
    """The name and type of a column."""

    index: int
    name: str
    type: Type
    type_name: str
    unit: int
    zone: str


def fields(table: Handle) -> list[Field]:
    """The fields of a table."""
    found = []
    for index in range(_native.count(lib.patron_table_columns, table)):
        field = _ffi.patron_field.init()
        _native.call(lib.patron_table_field, table.pointer, index, ctypes.byref(field))
        found.append(
            Field(
                index,
                field.name.text(),
                Type(field.type),
                field.type_name.text(),
                field.unit,
                field.zone.text(),
            )
        )
    return found


def chunks(table: Handle, field: Field) -> list[Any]:
    """The chunks of a column as `patron_column` views, which borrow from the table."""
    views = []
    for chunk in range(_native.count(lib.patron_table_chunks, table)):
        view = _ffi.patron_column.init()
        place = ctypes.byref(view)
        _native.call(lib.patron_table_column, table.pointer, field.index, chunk, place)
        views.append(view)
    return views


_C_TYPES: dict[int, Any] = {
    Type.INT8: ctypes.c_int8,
    Type.INT16: ctypes.c_int16,
    Type.INT32: ctypes.c_int32,
    Type.INT64: ctypes.c_int64,
    Type.UINT8: ctypes.c_uint8,
    Type.UINT16: ctypes.c_uint16,
    Type.UINT32: ctypes.c_uint32,
    Type.UINT64: ctypes.c_uint64,
    Type.FLOAT: ctypes.c_float,
    Type.DOUBLE: ctypes.c_double,
    Type.DATE32: ctypes.c_int32,
    Type.TIMESTAMP: ctypes.c_int64,
    Type.DURATION: ctypes.c_int64,
}
_NUMPY_UNITS = ("s", "ms", "us", "ns")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)
_EPOCH_DAY = dt.date(1970, 1, 1).toordinal()


def _memory(kind: Any, address: int, start: int, count: int) -> Any:
    """`count` values of a C type from element `start` on."""
    if count == 0:
        return (kind * 0)()
    return (kind * count).from_address(address + start * ctypes.sizeof(kind))


def _valid(view: Any, start: int, count: int) -> list[bool] | None:
    """Which values are there; None where all are."""
    if not view.validity or view.null_count == 0 or count == 0:
        return None
    first = view.offset + start
    low, high = first >> 3, (first + count + 7) >> 3
    bits = int.from_bytes(ctypes.string_at(view.validity + low, high - low), "little")
    digits = bin(bits >> (first & 7) | 1 << count)[:2:-1]
    return [digit == "1" for digit in digits[:count]]


def _texts(view: Any, start: int, count: int) -> list[str]:
    kind = ctypes.c_int32 if view.type == Type.STRING else ctypes.c_int64
    offsets = list(_memory(kind, view.offsets, view.offset + start, count + 1))
    if count == 0:
        return []
    first = offsets[0]
    size = offsets[-1] - first
    data = ctypes.string_at(view.bytes + first, size) if size else b""
    return [data[low - first : high - first].decode() for low, high in pairwise(offsets)]


def _raw(view: Any, start: int, count: int, field: Field) -> list[Any]:
    """The values of one chunk as Python numbers or texts; what a null holds is arbitrary."""
    if view.type == Type.NULL:
        return [None] * count
    if view.type in (Type.STRING, Type.LARGE_STRING):
        return _texts(view, start, count)
    if view.type == Type.DICTIONARY:
        words = _dictionary(view, field)
        kind = _C_TYPES[view.index]
        indices = _memory(kind, view.values, view.offset + start, count)
        return [words[i] if 0 <= i < len(words) else None for i in indices]
    if view.type == Type.BOOL:
        first = view.offset + start
        data = ctypes.string_at(view.values, (first + count + 7) >> 3) if count else b""
        return [bool(data[i >> 3] >> (i & 7) & 1) for i in range(first, first + count)]
    if view.type == Type.DECIMAL128:
        first = view.offset + start
        data = ctypes.string_at(view.values + 16 * first, 16 * count) if count else b""
        minor = (int.from_bytes(data[i : i + 16], "little", signed=True) for i in range(0, 16 * count, 16))
        return [Decimal(f"{value}E-{view.scale}") for value in minor]
    if view.type not in _C_TYPES:
        raise DataError(
            f'column "{field.name}" is {field.type_name}; read it with to_arrow()', code=31
        )
    kind = _C_TYPES[view.type]
    return list(_memory(kind, view.values, view.offset + start, count))


def _dictionary(view: Any, field: Field) -> list[Any]:
    words = _ffi.patron_column.from_address(view.dictionary)
    return _raw(words, 0, words.length, field)


def values(table: Handle, field: Field, start: int, stop: int) -> list[Any]:
    """Rows [start, stop) of a column as Python values; null is None."""
    result: list[Any] = []
    row = 0
    for view in chunks(table, field):
        low, high = max(start - row, 0), min(stop - row, view.length)
        row += view.length
        if low >= high:
            continue
        result += cells(view, field, low, high)
    return result


def cells(view: Any, field: Field, low: int = 0, high: int | None = None) -> list[Any]:
    """Values [low, high) of one chunk as Python has them; null is None."""
    count = (view.length if high is None else high) - low
    part = _pythonic(_raw(view, low, count, field), field)
    valid = _valid(view, low, count)
    return part if valid is None else [v if ok else None for v, ok in zip(part, valid)]


def _pythonic(raw: list[Any], field: Field) -> list[Any]:
    if field.type == Type.DATE32:
        return [dt.date.fromordinal(v + _EPOCH_DAY) if _in_years(v) else None for v in raw]
    if field.type in (Type.TIMESTAMP, Type.DURATION):
        per_second = 1000**field.unit
        spans = [_span(v, per_second) for v in raw]
        if field.type == Type.DURATION:
            return spans
        if not field.zone:
            return [None if s is None else _EPOCH.replace(tzinfo=None) + s for s in spans]
        zone = zone_of(field.zone)
        return [None if s is None else (_EPOCH + s).astimezone(zone) for s in spans]
    return raw


def _in_years(day: int) -> bool:
    return -719_162 <= day <= 2_932_896


def _span(value: int, per_second: int) -> dt.timedelta | None:
    """A count of units as a timedelta; None for what a null may hold."""
    if abs(value) > 260_000_000_000 * per_second:
        return None
    seconds, rest = divmod(value, per_second)
    return dt.timedelta(seconds=seconds, microseconds=rest * 1_000_000 // per_second)


@functools.cache
def zone_of(name: str) -> dt.tzinfo:
    """The zone of that name, or UTC where Python has no data for it."""
    if name == "UTC":
        return dt.timezone.utc
    try:
        zone: dt.tzinfo = importlib.import_module("zoneinfo").ZoneInfo(name)
        return zone
    except (ImportError, KeyError, ValueError, OSError):
        return dt.timezone.utc


# -- NumPy and pandas ------------------------------------------------------------------------------


def _numpy_chunk(numpy: Any, table: Handle, view: Any, kind: Any) -> Any:
    """A read-only array over a chunk's memory, which keeps the table alive."""
    memory = _memory(kind, view.values, view.offset, view.length)
    memory.patron_table = table
    array = numpy.frombuffer(memory, dtype=numpy.dtype(kind)) if view.length else None
    if array is None:
        return numpy.empty(0, dtype=numpy.dtype(kind))
    array.flags.writeable = False
    return array


def _numpy_mask(numpy: Any, view: Any) -> Any:
    """True where a value of the chunk is null; None where none is."""
    if not view.validity or view.null_count == 0:
        return None
    size = (view.offset + view.length + 7) >> 3
    data = numpy.frombuffer(ctypes.string_at(view.validity, size), dtype="u1")
    bits = numpy.unpackbits(data, bitorder="little")
    return bits[view.offset : view.offset + view.length] == 0


def _numbers(numpy: Any, table: Handle, field: Field) -> tuple[Any, Any]:
    """The numbers of a column and, where there are nulls, which they are."""
    views = chunks(table, field)
    types = {Type.DICTIONARY: views[0].index if views else Type.INT32}
    kind = _C_TYPES[types.get(field.type, field.type)]
    arrays = [_numpy_chunk(numpy, table, view, kind) for view in views]
    masks = [_numpy_mask(numpy, view) for view in views]
    if len(arrays) == 1:
        return arrays[0], masks[0]
    whole = numpy.concatenate(arrays) if arrays else numpy.empty(0, dtype=numpy.dtype(kind))
    if all(mask is None for mask in masks):
        return whole, None
    full = [numpy.zeros(len(a), dtype=bool) if m is None else m for a, m in zip(arrays, masks)]
    return whole, numpy.concatenate(full)


def to_numpy(table: Handle, field: Field) -> Any:
    """A column as an array; see `Table.to_numpy`."""
    numpy = importlib.import_module("numpy")
    if field.type not in _C_TYPES:
        rows = _native.count(lib.patron_table_rows, table)
        listed = values(table, field, 0, rows)
        if field.type == Type.BOOL and None not in listed:
            return numpy.array(listed, dtype=bool)
        array = numpy.empty(rows, dtype=object)
        array[:] = listed
        return array
    array, mask = _numbers(numpy, table, field)
    if field.type == Type.DATE32:
        array = array.astype("M8[D]")
    elif field.type in (Type.TIMESTAMP, Type.DURATION):
        kind = "M8" if field.type == Type.TIMESTAMP else "m8"
        array = array.view(f"{kind}[{_NUMPY_UNITS[field.unit]}]")
    if mask is None:
        return array
    if array.dtype.kind in "Mm":
        return numpy.where(mask, numpy.array("NaT", dtype=array.dtype), array)
    return numpy.where(mask, numpy.nan, array)


def to_pandas(pandas: Any, table: Handle, field: Field) -> Any:
    """A column as what a `pandas.DataFrame` holds; see `Table.to_pandas`."""
    numpy = importlib.import_module("numpy")
    if field.type == Type.DICTIONARY:
        codes, mask = _numbers(numpy, table, field)
        codes = codes.copy() if mask is None else numpy.where(mask, -1, codes)
        views = chunks(table, field)
        words = _dictionary(views[0], field) if views else []
        return pandas.Categorical.from_codes(codes, categories=words)
    if field.type == Type.TIMESTAMP and field.zone:
        index = pandas.DatetimeIndex(to_numpy(table, field)).tz_localize("UTC")
        return index.tz_convert(field.zone)
    if field.type in _C_TYPES and field.type not in (Type.FLOAT, Type.DOUBLE):
        array, mask = _numbers(numpy, table, field)
        if mask is not None and array.dtype.kind in "iu" and field.type <= Type.UINT64:
            return pandas.arrays.IntegerArray(array.copy(), mask)
    return to_numpy(table, field)
