"""NumPy arrays to columns, without a copy where the memory already is as Arrow wants it.

NumPy is never imported here: whoever hands in an array has done so, and it is found in `sys.modules`.
Strided, misaligned and byte-swapped arrays are copied.
"""

from __future__ import annotations

import sys
from typing import Any

from ._lists import column_from_list
from ._types import NUMBER_TYPES, Buffer, Column, Type, Unit
from .errors import DataError

_UNITS = {"s": Unit.SECOND, "ms": Unit.MILLI, "us": Unit.MICRO, "ns": Unit.NANO}


def is_numpy_array(value: object) -> bool:
    """Whether this is a NumPy array, asked without importing NumPy."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.ndarray)


def array_memory(values: Any) -> Buffer:
    """The memory of a contiguous array, which stays alive with the buffer."""
    return Buffer(values.__array_interface__["data"][0], values)


def mask_buffer(numpy: Any, present: Any) -> Buffer | None:
    """Arrow's bit mask from a boolean array; None where all are present."""
    if present is None or bool(present.all()):
        return None
    return array_memory(numpy.packbits(present, bitorder="little"))


def column_from_numpy(name: str, values: Any, role: str, present: Any = None) -> Column:
    """A column from a one-dimensional array.

    Parameters
    ----------
    name : str
        The column's name, for messages.
    values : numpy.ndarray, shape (n,)
        Any integer, float, bool, datetime64, timedelta64, string or object array; masked arrays too.
    role : {"id", "time", "amount", "flag", "any"}
        As for lists.
    present : numpy.ndarray of bool, shape (n,), optional
        False where the value is null.
    """
    numpy = sys.modules["numpy"]
    if values.ndim != 1:
        raise DataError(
            f'column "{name}" has shape {values.shape}; give an array of one dimension', code=32
        )
    if isinstance(values, numpy.ma.MaskedArray):
        present = ~numpy.ma.getmaskarray(values)
        values = values.data
    kind = values.dtype.kind
    if kind in "OUST":
        listed = values.tolist()
        if present is not None:
            listed = [v if ok else None for v, ok in zip(listed, present.tolist())]
        if kind == "S" and role == "any":
            listed = [v if v is None else v.decode("utf-8", "surrogateescape") for v in listed]
        return column_from_any_list(name, listed, role)
    if kind in "Mm":
        return _times(numpy, name, values, present)
    if kind == "f" and role == "id":
        return _float_ids(numpy, name, values, present)
    if kind == "b":
        bits = array_memory(numpy.packbits(values, bitorder="little"))
        return Column(name, Type.BOOL, len(values), bits, mask_buffer(numpy, present))
    if kind == "f" and values.dtype.itemsize not in (4, 8):
        values = values.astype("f8" if values.dtype.itemsize > 4 else "f4")
    column_type = NUMBER_TYPES.get((kind, values.dtype.itemsize))
    if column_type is None:
        raise DataError(
            f'column "{name}" is an array of {values.dtype}; give integers, floats, datetime64 '
            "or strings",
            code=31,
        )
    values = _plain(numpy, values)
    return Column(
        name, column_type, len(values), array_memory(values), mask_buffer(numpy, present)
    )


def column_from_any_list(name: str, values: list[Any], role: str) -> Column:
    """A column from a list whose values may be NumPy's datetime64."""
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        for odd, kind in ((numpy.datetime64, "M"), (numpy.timedelta64, "m")):
            types = set(map(type, values))
            if odd in types and all(t is odd or t.__name__ in _NULL_NAMES for t in types):
                blank = odd("NaT")
                filled = [v if isinstance(v, odd) else blank for v in values]
                return column_from_numpy(name, numpy.array(filled), role)
    return column_from_list(name, values, role)


_NULL_NAMES = ("NoneType", "NAType", "NaTType")


def _plain(numpy: Any, values: Any) -> Any:
    """The same values contiguous, aligned and in the machine's byte order; copied only if not so."""
    native = values.dtype.newbyteorder("=")
    return numpy.require(values, dtype=native, requirements=["C", "A"])


def _times(numpy: Any, name: str, values: Any, present: Any) -> Column:
    kind = values.dtype.kind
    unit, step = numpy.datetime_data(values.dtype)
    date = kind == "M" and unit in ("Y", "M", "W", "D")
    if unit in ("ps", "fs", "as", "generic") or (kind == "m" and unit in ("Y", "M")):
        raise DataError(
            f'column "{name}" is an array of {values.dtype}; convert it to '
            f'{"datetime64" if kind == "M" else "timedelta64"}[us]',
            code=31,
        )
    if date:
        values = values.astype("M8[D]")
    elif unit not in _UNITS or step != 1:
        values = values.astype(f"{kind}8[{unit if unit in _UNITS else 's'}]")
    unit, _ = numpy.datetime_data(values.dtype)
    missing = numpy.isnat(values)
    if missing.any():
        present = ~missing if present is None else present & ~missing
    whole = _plain(numpy, values).view("i8")
    validity = mask_buffer(numpy, present)
    if date:
        days = whole if validity is None else numpy.where(missing, 0, whole)
        low, high = (int(days.min()), int(days.max())) if len(days) else (0, 0)
        if low < -(2**31) or high >= 2**31:
            raise DataError(
                f'column "{name}" holds a date outside the years 0001 to 9999', code=37
            )
        memory = array_memory(days.astype("i4"))
        return Column(name, Type.DATE32, len(values), memory, validity)
    return Column(
        name,
        Type.TIMESTAMP if kind == "M" else Type.DURATION,
        len(values),
        array_memory(whole),
        validity,
        unit=_UNITS[unit],
    )


def _float_ids(numpy: Any, name: str, values: Any, present: Any) -> Column:
    """Ids that became floats because one was missing: NaN is null, the rest are whole numbers."""
    missing = numpy.isnan(values)
    filled = numpy.where(missing, 0, values)
    whole = (numpy.abs(filled) < 2**53) & (numpy.floor(filled) == filled)
    if not whole.all():
        row = int(numpy.argmin(whole))
        raise DataError(
            f'column "{name}", row {row}: {values[row]} is no whole number; give integers, or strings where they are ids',
            code=31,
            row=row,
        )
    present = ~missing if present is None else present & ~missing
    memory = array_memory(filled.astype("i8"))
    return Column(name, Type.INT64, len(values), memory, mask_buffer(numpy, present))
