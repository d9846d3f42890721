"""Plain Python values to columns: lists of ids, times and amounts, with no library installed.

The type of a column is decided by the set of types that its values have, which costs one quick pass;
only odd values are then looked at one by one.
"""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Callable, Sequence
from decimal import Decimal
from math import nan
from typing import Any, NoReturn

from ._types import (
    NUMBER_TYPES,
    Buffer,
    Column,
    Type,
    Unit,
    array_buffer,
    bytes_buffer,
    string_column,
    validity_bits,
)
from .errors import DataError

_EPOCH = dt.datetime(1970, 1, 1)
_EPOCH_UTC = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)
_MICRO = dt.timedelta(microseconds=1)
_EPOCH_DAY = dt.date(1970, 1, 1).toordinal()

#: Beside these, NaN is how pandas writes that a value is missing.
_NEVER_NAN = (str, bytes, dt.date)
#: None, pandas.NA and pandas.NaT (numpy's NaT has a type of its own that numpy reads).
_NULL_TYPES = frozenset({"NoneType", "NAType", "NaTType"})


def is_null(value: Any) -> bool:
    """None, pandas.NA and pandas.NaT."""
    return type(value).__name__ in _NULL_TYPES


def column_from_array(name: str, values: array[Any]) -> Column | None:
    """A column that reads an `array.array` where it is; None for one of characters."""
    code = values.typecode
    kind = "f" if code in "fd" else "i" if code.islower() else "u"
    column_type = NUMBER_TYPES.get((kind, values.itemsize)) if code not in "uw" else None
    if column_type is None:
        return None
    return Column(name, column_type, len(values), array_buffer(values))


def column_from_list(name: str, values: Sequence[Any], role: str) -> Column:
    """A column from any sequence.

    Parameters
    ----------
    name : str
        The column's name, for messages.
    values : sequence
        int, str or bytes (UTF-8); float, Decimal; date, datetime or ISO strings; None, NA, NaT.
    role : {"id", "time", "amount", "flag", "any"}
        What the column is for. Ids that a table library turned into floats because one was missing
        are whole numbers again, and NaN among them is null.
    """
    values = values if isinstance(values, (list, tuple)) else list(values)
    types = set(map(type, values))
    nulls = {t for t in types if t.__name__ in _NULL_TYPES}
    types -= nulls
    if any(issubclass(t, float) for t in types) and any(issubclass(t, _NEVER_NAN) for t in types):
        values = [None if isinstance(v, float) and v != v else v for v in values]
        types = set(map(type, values)) - nulls - {type(None)}
        nulls.add(type(None))
    valid = bytes(type(v) not in nulls for v in values) if nulls else None
    if not types:
        return _all_null(name, len(values), role)
    read = _reader(name, values, types, role)
    return read(name, values, valid)


def _all_null(name: str, length: int, role: str) -> Column:
    """Nulls of the type that the column is wanted for, so that they are counted and refused as nulls."""
    kinds = {"id": Type.INT64, "time": Type.TIMESTAMP, "amount": Type.DOUBLE}
    if role not in kinds:
        return Column(name, Type.NULL, length)
    blank = array_buffer(array("q", bytes(8 * length)))
    return Column(name, kinds[role], length, blank, validity_bits(bytes(length)))


_Reader = Callable[[str, Sequence[Any], "bytes | None"], Column]


def _reader(name: str, values: Sequence[Any], types: set[type], role: str) -> _Reader:
    def every(*kinds: type) -> bool:
        return all(issubclass(t, kinds) for t in types)

    if role == "flag" and all(t.__name__ in ("bool", "bool_") for t in types):
        return _bools
    if every(bool) or any(t.__name__ in ("bool_", "bool") for t in types):
        _refuse(name, values, "a truth value", role)
    if every(str):
        return _strings
    if every(bytes):
        return _byte_strings
    if all(hasattr(t, "__index__") for t in types):
        return _integers
    if every(dt.datetime):
        return _datetimes
    if every(dt.date):
        return _dates if not any(issubclass(t, dt.datetime) for t in types) else _datetimes
    if every(dt.timedelta):
        return _durations
    if any(issubclass(t, Decimal) for t in types) and all(
        issubclass(t, Decimal) or hasattr(t, "__index__") for t in types
    ):
        return _decimals
    if all(hasattr(t, "__float__") and not issubclass(t, str) for t in types):
        return _float_ids if role == "id" else _floats
    _refuse(name, values, None, role)


def _refuse(name: str, values: Sequence[Any], what: str | None, role: str) -> NoReturn:
    wanted = {
        "id": "integers or strings",
        "time": "dates, datetimes or ISO 8601 strings",
        "amount": "numbers (int, float or Decimal)",
        "flag": "True, False or None",
    }.get(role, "numbers, strings, dates or datetimes, all of one kind")
    first = next((v for v in values if v is not None), None)
    row = next((i for i, v in enumerate(values) if v is not None and type(v) is not type(first)), 0)
    odd = values[row] if row else first
    if row and what is None:
        what = f"{odd!r:.60} ({type(odd).__name__}) beside {first!r:.60} ({type(first).__name__})"
    raise DataError(
        f'column "{name}", row {row}: {what or f"{odd!r:.60} ({type(odd).__name__})"}; '
        f"give {wanted}",
        code=31,
        row=row,
    )


def _mask(valid: bytes | None) -> Buffer | None:
    return None if valid is None else validity_bits(valid)


def _filled(values: Sequence[Any], valid: bytes | None, blank: Any) -> Sequence[Any]:
    if valid is None:
        return values
    return [v if ok else blank for v, ok in zip(values, valid)]


def _bools(name: str, values: Sequence[Any], valid: bytes | None) -> Column:
    bits = validity_bits(bytes(map(bool, _filled(values, valid, False))))
    return Column(name, Type.BOOL, len(values), bits, _mask(valid))


def _integers(name: str, values: Sequence[Any], valid: bytes | None) -> Column:
    filled = _filled(values, valid, 0)
    try:
        numbers, kind = array("q", filled), Type.INT64
    except OverflowError:
        try:
            numbers, kind = array("Q", filled), Type.UINT64
        except OverflowError:
            row = next(i for i, v in enumerate(filled) if not -(2**63) <= int(v) < 2**63)
            raise DataError(
                f'column "{name}", row {row}: {filled[row]} is outside the 64-bit integers; '
                "give such ids as strings",
                code=36,
                row=row,
            ) from None
    return Column(name, kind, len(values), array_buffer(numbers), _mask(valid))


def _floats(name: str, values: Sequence[Any], valid: bytes | None) -> Column:
    numbers = array("d", _filled(values, valid, 0.0))
    return Column(name, Type.DOUBLE, len(values), array_buffer(numbers), _mask(valid))


def _float_ids(name: str, values: Sequence[Any], valid: bytes | None) -> Column:
    filled: list[Any] = []
    present = bytearray()
    for row, v in enumerate(_filled(values, valid, None)):
        missing = v is None or v != v
        if not missing and (int(v) != v if abs(v) < 2**53 else True):
            raise DataError(
                f'column "{name}", row {row}: {v!r} is no whole number; give integers, or strings where they are ids',
                code=31,
                row=row,
            )
        filled.append(0 if missing else int(v))
        present.append(not missing)
    return _integers(name, filled, bytes(present))


def _decimals(name: str, values: Sequence[Any], valid: bytes | None) -> Column:
    filled = [
        v if isinstance(v, Decimal) else Decimal(int(v)) for v in _filled(values, valid, 0)
    ]
    scale = 0
    for row, v in enumerate(filled):
        exponent = v.as_tuple().exponent
        if not isinstance(exponent, int):
            return _not_all_finite(name, filled, valid, row)
        scale = max(scale, -exponent)
    packed = bytearray()
    for row, v in enumerate(filled):
        fits = scale <= 38 and (v == 0 or v.adjusted() < 38)
        numerator, denominator = v.as_integer_ratio() if fits else (10**38, 1)
        unscaled = numerator * 10**scale // denominator if fits else numerator
        if abs(unscaled) >= 10**38:
            raise DataError(
                f'column "{name}", row {row}: {v} does not fit a decimal of 38 digits',
                code=36,
                row=row,
            )
        packed += unscaled.to_bytes(16, "little", signed=True)
    return Column(
        name,
        Type.DECIMAL128,
        len(values),
        bytes_buffer(bytes(packed)),
        _mask(valid),
        precision=38,
        scale=scale,
    )


def _not_all_finite(name: str, values: list[Decimal], valid: bytes | None, row: int) -> Column:
    """Decimals as floats, which have NaN and infinity too, where no other loses a digit by that."""
    floats = [nan if v.is_nan() else float(v) for v in values]
    for v, x in zip(values, floats):
        if v.is_finite() and Decimal(repr(x)) != v:
            raise DataError(
                f'column "{name}", row {row}: {values[row]} is no number; a decimal column with it cannot hold '
                f"{v} exactly: write None, or leave out the row",
                code=35,
                row=row,
            )
    return _floats(name, floats, valid)


def _strings(name: str, values: Sequence[Any], valid: bytes | None) -> Column:
    filled = _filled(values, valid, "")
    joined = "".join(filled)
    if joined.isascii():
        return string_column(name, [v.encode("ascii") for v in filled], _mask(valid))
    encoded = []
    for row, v in enumerate(filled):
        try:
            encoded.append(v.encode())
        except UnicodeEncodeError:
            raise DataError(
                f'column "{name}", row {row}: {v!r:.60} holds a lone surrogate, which is no UTF-8',
                code=38,
                row=row,
            ) from None
    return string_column(name, encoded, _mask(valid))


def _byte_strings(name: str, values: Sequence[Any], valid: bytes | None) -> Column:
    return string_column(name, [bytes(v) for v in _filled(values, valid, b"")], _mask(valid))


def _dates(name: str, values: Sequence[Any], valid: bytes | None) -> Column:
    blank = dt.date(1970, 1, 1)
    days = array("i", [v.toordinal() - _EPOCH_DAY for v in _filled(values, valid, blank)])
    return Column(name, Type.DATE32, len(values), array_buffer(days), _mask(valid))


def _datetimes(name: str, values: Sequence[Any], valid: bytes | None) -> Column:
    """Datetimes, all with a zone or all without; a date among them is its midnight."""
    filled = _filled(values, valid, None)
    first = next((v for v in filled if isinstance(v, dt.datetime)), None)
    aware = first is not None and first.tzinfo is not None
    epoch = _EPOCH_UTC if aware else _EPOCH
    micros = array("q")
    for row, v in enumerate(filled):
        if v is None:
            micros.append(0)
            continue
        if not isinstance(v, dt.datetime):
            v = dt.datetime(v.year, v.month, v.day)
        if (v.tzinfo is not None) != aware:
            with_zone = "has a zone" if v.tzinfo is not None else "has no zone"
            raise DataError(
                f'column "{name}", row {row}: {v.isoformat()} {with_zone}, unlike '
                f"{first.isoformat() if first else 'the rest'}; give all times with a zone or none",
                code=31,
                row=row,
            )
        micros.append((v - epoch) // _MICRO)
    zone = "UTC" if aware else ""
    return Column(
        name, Type.TIMESTAMP, len(values), array_buffer(micros), _mask(valid), zone=zone
    )


def _durations(name: str, values: Sequence[Any], valid: bytes | None) -> Column:
    blank = dt.timedelta(0)
    # A timedelta may be longer than 64 bits of microseconds; the nearest one is out of range like it.
    most = 2**63 - 1
    micros = array("q", [max(-most, min(v // _MICRO, most)) for v in _filled(values, valid, blank)])
    return Column(
        name, Type.DURATION, len(values), array_buffer(micros), _mask(valid), unit=Unit.MICRO
    )
