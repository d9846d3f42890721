"""Customers as the models take them: one by one, as columns, or as a table."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterable, Mapping, Set
from typing import Any, NamedTuple

from .. import _ffi, _inputs, _options
from .._native import Handle
from .._table import Table
from ..errors import ArgumentError

#: Names of columns that a model may read.
NAMES = ("frequency", "recency", "T", "monetary", "churned", "weight")


class Rows(NamedTuple):
    """An open table of customers, and the names of its columns."""

    table: Handle
    columns: Any  # patron_ltv_columns
    keep: list[object]


def is_table(value: Any) -> bool:
    """Whether this holds named columns: a Table, a frame, a relation, a mapping, a stream of batches."""
    if isinstance(value, (Table, Mapping)) or hasattr(value, "columns"):
        return True
    speaks_arrow = hasattr(value, "__arrow_c_stream__") or hasattr(value, "__arrow_c_array__")
    return speaks_arrow and not hasattr(value, "__len__")


def is_number(value: Any) -> bool:
    """Whether this is one number; a truth value and text are none."""
    if isinstance(value, (str, bytes, bool)) or not hasattr(value, "__float__"):
        return False
    return not hasattr(value, "__len__") or getattr(value, "ndim", 1) == 0


def one_customer(given: Mapping[str, Any]) -> Any:
    """A `patron_ltv_customer` where every column is one number, else None."""
    if not given or not all(map(is_number, given.values())):
        return None
    customer = _ffi.patron_ltv_customer.init()
    for name, value in given.items():
        setattr(customer, name, _options.number(name, value))
    return customer


def open_rows(given: Mapping[str, Any]) -> Rows:
    """Opens the columns; one that is a single number stands for every row.

    Parameters
    ----------
    given : mapping of str to object
        By name, such as ``frequency``: numbers, or one number. Or the first one a table that has columns
        of these names, and all others None.
    """
    names = list(given)
    first = given[names[0]] if names else None
    wanted = [name for name in names if given[name] is not None]
    if is_table(first):
        more = [name for name in wanted[1:] if name != "weight"]
        if more:
            raise ArgumentError(f"{names[0]} is a table, so {more[0]} is read from it; leave it out")
        return _open_table(first, names, given.get("weight"))
    missing = [name for name in names if given[name] is None and name != "weight"]
    if missing:
        raise ArgumentError(
            f"{missing[0]} is missing; give {_listed(n for n in names if n != 'weight')}, "
            "or a table with columns of these names"
        )
    columns = {name: given[name] for name in wanted}
    lengths = [len(v) for v in columns.values() if hasattr(v, "__len__") and not is_number(v)]
    for name, values in columns.items():
        if is_number(values):
            columns[name] = [_options.number(name, values)] * (lengths[0] if lengths else 1)
        elif name == "churned" and isinstance(values, (list, tuple)):
            columns[name] = [int(v) if isinstance(v, bool) else v for v in values]
    roles = {name: "any" if name == "churned" else "amount" for name in columns}
    return _named(_inputs.open_table(columns, roles), wanted)


def _open_table(data: Any, names: list[str], weight: Any) -> Rows:
    wanted = [name for name in names if name != "weight"]
    roles = {name: "any" if name == "churned" else "amount" for name in wanted}
    if weight is not None:
        if not isinstance(weight, str):
            raise ArgumentError(f"weights={weight!r:.60}: of a table, give the name of a column")
        roles[weight] = "amount"
    rows = _named(_inputs.open_table(data, roles), wanted)
    if weight is not None:
        rows.columns.weight = _options.text(weight, rows.keep)
    return rows


def _named(table: Handle, names: Iterable[str]) -> Rows:
    columns = _ffi.patron_ltv_columns.init()
    keep: list[object] = [columns]
    for name in names:
        setattr(columns, name, _options.text(name, keep))
    return Rows(table, columns, keep)


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def listed(option: str, values: Any) -> list[Any]:
    """The values of an option that has one for each customer or period."""
    if isinstance(values, (str, bytes, Mapping, Set)) or not isinstance(values, Iterable):
        raise ArgumentError(f"{option}={values!r:.60}: give a list of numbers, one for each")
    return list(values)


def horizon_pointer(horizon: Any, keep: list[object]) -> int | None:
    """The address of a horizon; None for none, or an infinite one."""
    if horizon is None:
        return None
    value = _options.number("horizon", horizon)
    if math.isinf(value) and value > 0:
        return None
    cell = ctypes.c_double(value)
    keep.append(cell)
    return ctypes.addressof(cell)
