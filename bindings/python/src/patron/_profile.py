"""Profiles of one customer: what is the same for everybody under a policy is read once."""

from __future__ import annotations

import ctypes
import dataclasses
import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from . import _ffi, _native, _read
from ._engine_results import ProfileValue
from ._instants import datetime_of
from ._native import Handle, lib
from ._types import Type

_EPOCH_DAY = dt.date(1970, 1, 1).toordinal()
_SAME = ("name", "label", "category", "kind", "source", "from", "scale", "currency")
_OWN = ("integer", "number", "text")
_COLUMN = bytes(_ffi.patron_column.init())


class ProfileFrame:
    """The columns of patron_engine_profile that every customer of a policy has alike.

    Made of the table of any customer; `read` makes values of such a table.
    """

    def __init__(self, table: Handle, zone: str) -> None:
        self._zone = zone
        fields = {field.name: field for field in _read.fields(table)}
        count = _native.count(lib.patron_table_rows, table)
        same = (_read.values(table, fields[name], 0, count) for name in _SAME)
        self._own = [fields[name] for name in _OWN]
        # As microseconds: most values of a customer share a few instants.
        self._as_of = dataclasses.replace(fields["as_of"], type=Type.INT64)
        self._rows = [
            (
                name,
                {
                    "kind": kind,
                    "source": source,
                    "reads": reads.split(),
                    "label": label,
                    "category": category,
                    "currency": currency or "",
                },
                _column(kind),
                row,
                _conversion(kind, scale),
            )
            for row, (name, label, category, kind, source, reads, scale, currency) in enumerate(
                zip(*same, strict=True)
            )
        ]

    def read(self, table: Any) -> dict[str, ProfileValue]:
        """All values by name, in the order of the table, which is given as the library's pointer."""
        if not self._rows:
            return {}
        columns = [self._cells(table, field) for field in self._own]
        times = self._cells(table, self._as_of)
        instants: dict[int | None, dt.datetime | None] = {None: None}
        for micros in times:
            if micros not in instants:
                instants[micros] = datetime_of(micros, self._zone)
        found = {}
        # Values are frozen, and there are many: each gets all that it has at once.
        make, fill = ProfileValue.__new__, object.__setattr__
        for time, (name, same, column, row, convert) in zip(times, self._rows, strict=True):
            cell = columns[column][row]
            if convert is not None and cell is not None:
                cell = datetime_of(cell, self._zone) if convert is datetime_of else convert(cell)
            held = same.copy()
            held["value"] = cell
            held["reads"] = held["reads"].copy()
            held["as_of"] = instants[time]
            one = found[name] = make(ProfileValue)
            fill(one, "__dict__", held)
        return found

    def _cells(self, table: Any, field: _read.Field) -> list[Any]:
        view = _ffi.patron_column.from_buffer_copy(_COLUMN)
        place = ctypes.byref(view)
        if lib.patron_table_column(table, field.index, 0, place, None) != 0:
            _native.call(lib.patron_table_column, table, field.index, 0, place)
        return _read.cells(view, field)


def _column(kind: str) -> int:
    """Which of _OWN has the values of a kind."""
    return 1 if kind == "double" else 2 if kind in ("string", "enum", "enum_set") else 0


def _conversion(kind: str, scale: int | None) -> Callable[..., Any] | None:
    """What makes the value that Python has of a cell; None: it is the cell."""
    conversions: dict[str, Callable[..., Any]] = {
        "enum_set": lambda text: text.split(",") if text else [],
        "timestamp": datetime_of,
        "date": lambda day: dt.date.fromordinal(_EPOCH_DAY + day),
        "bool": bool,
        "money": lambda minor: Decimal(minor).scaleb(-(scale or 0)),
        "duration": lambda micros: dt.timedelta(microseconds=micros),
    }
    return conversions.get(kind)
