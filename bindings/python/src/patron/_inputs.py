"""Whatever holds a caller's rows, as a table that the library reads.

Objects that speak Arrow (pandas, Polars, pyarrow, DuckDB, another patron Table) hand over their memory
through the Arrow PyCapsule interface; NumPy arrays are read where they are; lists are converted. No
library is imported: an object of a library's can only come from code that has imported it.

What is read is kept alive by the handle that comes back, and by nothing else.
"""

from __future__ import annotations

import ctypes
import difflib
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import _ffi, _native, _numpy, _read
from ._arrow_column import column_from_arrow, column_of_table, is_float_id
from ._lists import column_from_array, column_from_list, is_null
from ._native import Handle, lib
from ._pandas import column_from_pandas
from ._table import Column as TableColumn
from ._table import Table
from ._types import Column
from .errors import ArgumentError, DataError


def open_table(data: Any, roles: Mapping[str, str]) -> Handle:
    """Opens the wanted columns of anything tabular.

    Parameters
    ----------
    data : object
        A Table, a DataFrame, a relation, anything with ``__arrow_c_stream__`` or ``__arrow_c_array__``,
        or a mapping from column names to arrays or lists.
    roles : mapping of str to {"id", "time", "amount", "flag", "any"}
        The columns that are read, and what for. Others are not even looked at where that is cheap.
    """
    if isinstance(data, Table):
        return data._handle
    if isinstance(data, Mapping):
        return _from_mapping(data, roles)
    if _is_pandas(data, "DataFrame"):
        _require(roles, [c for c in data.columns if isinstance(c, str)])
        return create([column_from_pandas(name, data[name], roles[name]) for name in roles])
    data = _select(data, list(roles))
    if hasattr(data, "__arrow_c_stream__"):
        return _with_whole_ids(data, _native.import_stream(data.__arrow_c_stream__()), roles)
    if hasattr(data, "__arrow_c_array__"):
        return _native.import_array(*data.__arrow_c_array__())
    raise ArgumentError(
        f"a {type(data).__name__} is no table; give a DataFrame, anything with __arrow_c_stream__, or "
        'a dict of columns such as {"customer": [1, 2], "amount": [9.5, 3.0]}'
    )


def open_columns(table: Any, roles: dict[str, str]) -> Handle:
    """The columns that are read; for a constant those there are, which say how many rows."""
    if roles or isinstance(table, Table):
        return open_table(table, roles)
    if isinstance(table, Mapping):
        names = [name for name in table if isinstance(name, str)][:1]
    elif hasattr(table, "columns"):
        names = [name for name in table.columns if isinstance(name, str)][:1]
    else:
        names = []
    if isinstance(table, Mapping) and not names:
        raise ArgumentError("a dict without a column has no rows; give at least one column")
    return open_table(table, dict.fromkeys(names, "any"))


def _with_whole_ids(data: Any, table: Handle, roles: Mapping[str, str]) -> Handle:
    """Float ids, which tables with a missing id have, as whole numbers and nulls; else the table itself.

    Where the chunks of a table cannot be joined, it is left alone, and the library refuses float ids.
    """
    fields = [field for field in _read.fields(table) if field.name in roles]
    if not any(is_float_id(field, roles[field.name]) for field in fields):
        return table
    for join in ("rechunk", "combine_chunks"):
        if hasattr(data, join):
            table = _native.import_stream(getattr(data, join)().__arrow_c_stream__())
            break
    if _native.count(lib.patron_table_chunks, table) != 1:
        return table
    return create([column_of_table(field.name, table, field, roles[field.name]) for field in fields])


def is_blank(values: Any) -> bool:
    """Whether it is a list without a value: empty, or of nulls alone."""
    return isinstance(values, (list, tuple)) and all(is_null(v) for v in values)


def column_names(data: Any) -> list[str] | None:
    """The names of the columns of anything tabular, as far as they can be told without reading it."""
    if isinstance(data, Table):
        return data.columns
    if isinstance(data, Mapping):
        return [name for name in data if isinstance(name, str)]
    if type(data).__module__.partition(".")[0] == "polars" and hasattr(data, "collect_schema"):
        return list(data.collect_schema().names())
    try:
        return [name for name in _names(data) if isinstance(name, str)]
    except (AttributeError, TypeError):
        return None


def open_values(values: Any, name: str) -> tuple[Handle, str]:
    """Opens one column of numbers, and tells its name in the table that comes back."""
    if isinstance(values, TableColumn):
        return values._table._handle, values.name
    return create([_column(name, values, "amount")]), name


def create(columns: Sequence[Column]) -> Handle:
    """A table over columns in memory, which the handle keeps alive."""
    keep: list[object] = [columns]
    views = (_ffi.patron_column * len(columns))(*(_view(c, keep) for c in columns))
    return _native.take_table(lib.patron_table_create, views, len(columns), keep=keep)


def _view(column: Column, keep: list[object]) -> Any:
    name = column.name.encode("utf-8", "surrogatepass")
    zone = column.zone.encode()
    keep += (name, zone)
    view = _ffi.patron_column.init()
    view.type = column.type
    view.name = _ffi.patron_str.of(name)
    view.unit = column.unit
    view.precision = column.precision
    view.scale = column.scale
    view.zone = _ffi.patron_str.of(zone)
    view.length = column.length
    view.offset = column.offset
    view.view_buffer_count = column.view_buffer_count
    for part in ("validity", "values", "offsets", "view_buffers"):
        buffer = getattr(column, part)
        setattr(view, part, None if buffer is None else buffer.address)
    view.bytes = None if column.data is None else column.data.address
    if column.dictionary is not None:
        words = _view(column.dictionary, keep)
        keep.append(words)
        view.index = column.index
        view.value = column.dictionary.type
        view.dictionary = ctypes.addressof(words)
    return view


def _from_mapping(data: Mapping[Any, Any], roles: Mapping[str, str]) -> Handle:
    _require(roles, [name for name in data if isinstance(name, str)])
    columns = [_column(name, data[name], role) for name, role in roles.items()]
    first = columns[0]
    for column in columns:
        if column.length != first.length:
            raise DataError(
                f'column "{column.name}" has {column.length} rows, but "{first.name}" has '
                f"{first.length}; all columns of a table have one length",
                code=32,
            )
    return create(columns)


def _column(name: str, values: Any, role: str) -> Column:
    if isinstance(values, TableColumn):
        return column_from_list(name, values.to_list(), role)
    if _numpy.is_numpy_array(values):
        return _numpy.column_from_numpy(name, values, role)
    if _is_pandas(values, "Series") or _is_pandas(values, "Index"):
        return column_from_pandas(name, values, role)
    if _is_pandas(values, "api.extensions.ExtensionArray"):
        return column_from_pandas(name, sys.modules["pandas"].Series(values), role)
    if hasattr(values, "__arrow_c_stream__") or hasattr(values, "__arrow_c_array__"):
        return column_from_arrow(name, values, role)
    if isinstance(values, array) and (column := column_from_array(name, values)) is not None:
        return column
    if isinstance(values, (str, bytes)) or not isinstance(values, (Sequence, Iterable)):
        raise DataError(
            f'column "{name}" is {values!r:.60}; give a list, an array or a Series', code=31
        )
    if isinstance(values, Mapping):
        raise DataError(f'column "{name}" is a mapping; give a list, an array or a Series', code=31)
    listed = values if isinstance(values, (list, tuple)) else list(values)
    return _numpy.column_from_any_list(name, list(listed), role)


def _require(wanted: Iterable[str], present: Sequence[str]) -> None:
    for name in wanted:
        if name not in present:
            near = difflib.get_close_matches(name, present, 1)
            hint = f'did you mean "{near[0]}"? The' if near else "the"
            names = ", ".join(f'"{n}"' for n in present[:20]) or "none"
            raise DataError(f'no column "{name}"; {hint} columns are {names}', code=30)
        if (times := present.count(name)) > 1:
            raise DataError(f'{times} columns are named "{name}"; rename all but one', code=30)


def _is_pandas(value: object, kind: str) -> bool:
    found: Any = sys.modules.get("pandas")
    for part in kind.split("."):
        found = getattr(found, part, None)
    return found is not None and isinstance(value, found)


def _select(data: Any, names: list[str]) -> Any:
    """The wanted columns alone, where the object can leave out the others for nothing."""
    module = type(data).__module__.partition(".")[0]
    if module not in ("polars", "pyarrow", "duckdb", "_duckdb"):
        return data
    if module == "polars" and not hasattr(data, "__arrow_c_stream__"):
        _require(names, data.collect_schema().names())
        return data.select(names).collect()
    if not hasattr(data, "select"):  # a reader, whose columns are known, or an array of structs
        there = column_names(data)
        if there is not None:
            _require(names, there)
        return data
    _require(names, _names(data))
    if module in ("duckdb", "_duckdb"):
        return data.select(*('"' + name.replace('"', '""') + '"' for name in names))
    return data.select(names)


def _names(data: Any) -> list[str]:
    for owner, part in ((data, "column_names"), (getattr(data, "schema", None), "names")):
        names = getattr(owner, part, None)
        if names is not None and not callable(names):
            return list(names)
    return list(data.columns)
