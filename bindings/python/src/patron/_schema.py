"""Schemas: the named, typed facts that an expression may speak of, and rows of them."""

from __future__ import annotations

import ctypes
import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from . import _ffi, _instants, _native, _options
from ._native import lib
from .errors import ArgumentError

__all__ = ["Schema"]

KINDS = {
    _ffi.PATRON_KIND_BOOL: "bool",
    _ffi.PATRON_KIND_INT64: "int64",
    _ffi.PATRON_KIND_DOUBLE: "double",
    _ffi.PATRON_KIND_STRING: "string",
    _ffi.PATRON_KIND_ENUM: "enum",
    _ffi.PATRON_KIND_ENUM_SET: "enum_set",
    _ffi.PATRON_KIND_DATE: "date",
    _ffi.PATRON_KIND_TIMESTAMP: "timestamp",
    _ffi.PATRON_KIND_DURATION: "duration",
    _ffi.PATRON_KIND_MONEY: "money",
}
#: What the columns of a kind are read for.
ROLES = {"bool": "flag", "int64": "id", "enum_set": "id", "money": "amount", "double": "amount"}
ROLES |= {"date": "time", "timestamp": "time"}

_MICRO = dt.timedelta(microseconds=1)
_NULLS = frozenset({"NoneType", "NAType", "NaTType"})


class Schema:
    """Named facts of a customer and their kinds, and the zone and currency they are meant in.

    Parameters
    ----------
    fields : mapping of str to str or mapping
        Each a name of a kind (``"bool"``, ``"int64"``, ``"double"``, ``"string"``, ``"enum"``, ``"enum_set"``,
        ``"date"``, ``"timestamp"``, ``"duration"``, ``"money"``), or ``{"type": ..., "values": [...],
        "ordered": bool, "nullable": bool}``. A field is nullable unless it says otherwise.
    timezone : str
        IANA name: whose dates and midnights are meant.
    currency : str, optional
        Three letters, of all money.
    scale : int
        Decimals of all money.

    Raises
    ------
    PolicyError
        A name, kind, zone or currency that there is not.

    Examples
    --------
    >>> import patron
    >>> schema = patron.Schema({"spend": "money", "tier": {"type": "enum", "values": ["silver", "gold"]}},
    ...                        timezone="Asia/Shanghai", currency="CNY")
    >>> schema
    <patron.Schema: spend money, tier enum; Asia/Shanghai>
    >>> list(schema)
    ['spend', 'tier']
    """

    def __init__(
        self,
        fields: Mapping[str, str | Mapping[str, Any]],
        *,
        timezone: str = "UTC",
        currency: str | None = None,
        scale: int = 2,
    ) -> None:
        if not isinstance(fields, Mapping) or not all(isinstance(name, str) for name in fields):
            raise ArgumentError(
                f'fields={fields!r:.60}: give a dict of names and kinds, such as {{"spend": "money"}}'
            )
        money: dict[str, Any] = {"scale": _options.whole("scale", scale)}
        if currency is not None:
            if not isinstance(currency, str):
                raise ArgumentError(f"currency={currency!r:.60}: give three capital letters such as 'EUR'")
            money["currency"] = currency
        document = {"timezone": _options.timezone(timezone), "money": money, "fields": dict(fields)}
        try:
            text = json.dumps(document, allow_nan=False, default=_plain)
        except (TypeError, ValueError, RecursionError) as error:
            raise ArgumentError(f"fields={fields!r:.60}: {error}") from None
        self._open(text)

    @classmethod
    def from_json(cls, text: str) -> Schema:
        """A schema from its JSON document: ``{"timezone": ..., "money": {...}, "fields": {...}}``.

        Raises
        ------
        PolicyError
            No JSON, a key that there is not, a kind that there is not, with its byte.

        >>> import patron
        >>> patron.Schema.from_json('{"fields": {"orders": "int64"}}')
        <patron.Schema: orders int64; UTC>
        """
        if not isinstance(text, str):
            raise ArgumentError(f"text={text!r:.60}: give the JSON of a schema as a str")
        self = cls.__new__(cls)
        self._open(text)
        return self

    def _open(self, text: str) -> None:
        self._handle = _native.take(
            lib.patron_schema_parse,
            *_native.text(text),
            out=_ffi.patron_schema_p,
            close=lib.patron_schema_close,
        )
        document = json.loads(text)
        self._text = text
        self._zone: str = document.get("timezone", "UTC")
        self._fields: dict[str, Any] = {}
        for index in range(_native.count(lib.patron_schema_fields, self._handle)):
            field = _ffi.patron_schema_field.init()
            _native.call(
                lib.patron_schema_describe, self._handle.pointer, index, ctypes.byref(field)
            )
            self._fields[field.name.text()] = (index, field)

    @property
    def timezone(self) -> str:
        """The zone in which dates and midnights are meant."""
        return self._zone

    def to_json(self) -> str:
        """The schema as a JSON document."""
        return self._text

    def kind(self, name: str) -> str:
        """The kind of a field, such as ``"money"``.

        >>> import patron
        >>> patron.Schema({"spend": "money"}).kind("spend")
        'money'
        """
        if name not in self._fields:
            raise KeyError(f"no field {name!r}; the fields are {', '.join(self._fields)}")
        return KINDS[self._fields[name][1].kind]

    def __len__(self) -> int:
        return len(self._fields)

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __contains__(self, name: object) -> bool:
        return name in self._fields

    def __repr__(self) -> str:
        names = [f"{name} {self.kind(name)}" for name in list(self._fields)[:8]]
        more = f", ... {len(self) - 8} more" if len(self) > 8 else ""
        return f"<patron.Schema: {', '.join(names)}{more}; {self._zone}>"

    def _cells(self, row: Any, keep: list[object]) -> Any:
        """A row as C cells; what it does not name is null."""
        if not isinstance(row, Mapping):
            raise ArgumentError(
                f"row={row!r:.60}: give a dict of facts such as {{{next(iter(self), 'spend')!r}: ...}}"
            )
        cells = (_ffi.patron_cell * len(self))()
        for cell in cells:
            cell.struct_size = ctypes.sizeof(_ffi.patron_cell)
        for name, value in row.items():
            if name not in self._fields:
                raise ArgumentError(
                    f"row: no field {name!r:.60}; the fields are {', '.join(list(self)[:20])}"
                )
            if type(value).__name__ in _NULLS:
                continue
            index, field = self._fields[name]
            self._fill(cells[index], name, field, value, keep)
        return cells

    def _fill(self, cell: Any, name: str, field: Any, value: Any, keep: list[object]) -> None:
        kind = KINDS[field.kind]
        what = f"row[{name!r}]"
        cell.known = 1
        if kind == "bool":
            if not isinstance(value, bool) and type(value).__name__ not in ("bool_", "bool"):
                raise ArgumentError(f"{what}={value!r:.60}: give True, False or None")
            cell.integer = int(value)
        elif kind == "int64":
            cell.integer = _options.whole(what, value, 2**63)
        elif kind == "double":
            cell.number = _options.number(what, value)
        elif kind in ("string", "enum"):
            if not isinstance(value, str):
                raise ArgumentError(f"{what}={value!r:.60}: give a str")
            cell.text = _options.text(value, keep)
        elif kind == "enum_set":
            cell.integer = self._bits(what, field, value)
        elif kind == "money":
            cell.integer = _minor(what, value, field.scale)
        elif kind == "duration":
            cell.integer = _span(what, value)
        elif kind == "timestamp":
            cell.integer = _instants.micros_of(value, self._zone, what)
        else:
            cell.integer = _day(what, value)

    def _bits(self, what: str, field: Any, value: Any) -> int:
        names = [
            lib.patron_schema_value(self._handle.pointer, self._fields[field.name.text()][0], i).text()
            for i in range(field.value_count)
        ]
        listed = [None] if isinstance(value, (str, bytes)) or not isinstance(value, Iterable) else value
        bits = 0
        for text in listed:
            if not isinstance(text, str) or text not in names:
                raise ArgumentError(f"{what}={value!r:.60}: give any of {', '.join(names)}, as a set")
            bits |= 1 << names.index(text)
        return bits - 2**64 if bits >= 2**63 else bits


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (tuple, set, frozenset)):
        return list(value)
    raise ArgumentError(f"fields: {value!r:.60} is no kind of a field")


def _minor(what: str, value: Any, scale: int) -> int:
    minor = ctypes.c_int64()
    if isinstance(value, Decimal) and value.is_finite():
        value = f"{value:f}"
    elif not isinstance(value, (bool, str)) and hasattr(value, "__index__"):
        value = str(int(value))
    if isinstance(value, str):
        _native.call(
            lib.patron_money_parse, *_native.text(value), scale, ctypes.byref(minor), None
        )
    else:
        number = _options.number(what, value)
        _native.call(lib.patron_money_from_double, number, scale, ctypes.byref(minor), None)
    return minor.value


def _span(what: str, value: Any) -> int:
    if type(value).__name__ == "timedelta64" and hasattr(value, "astype"):
        value = value.astype("m8[us]").item()
    if not isinstance(value, dt.timedelta):
        raise ArgumentError(f"{what}={value!r:.60}: give a timedelta")
    return int(value // _MICRO)


def _day(what: str, value: Any) -> int:
    if type(value).__name__ == "datetime64" and hasattr(value, "astype"):
        value = value.astype("M8[D]").item()
    if isinstance(value, str):
        try:
            value = dt.date.fromisoformat(value)
        except ValueError:
            value = None
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        raise ArgumentError(f"{what}: give a date, or text such as '2026-03-01'")
    return value.toordinal() - dt.date(1970, 1, 1).toordinal()


def schema_of(value: Any) -> Schema:
    """A schema as callers write it."""
    if isinstance(value, Schema):
        return value
    if isinstance(value, Mapping):
        return Schema(value)
    if isinstance(value, str):
        return Schema.from_json(value)
    raise ArgumentError(
        f'schema={value!r:.60}: give a patron.Schema, or a dict such as {{"spend": "money"}}'
    )
