"""One Arrow array or chunked array as a column, whatever library it comes from.

The C library imports tables, so a bare array is imported as the only column of one.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

from . import _arrow, _ffi, _native, _numpy, _read
from ._lists import column_from_list
from ._native import Handle
from ._types import Buffer, Column, Type, Unit
from .errors import DataError


def column_from_arrow(name: str, values: Any, role: str) -> Column:
    """A column that reads the array's own memory; several chunks are joined by their library.

    Parameters
    ----------
    name : str
        The column's name.
    values : object
        With ``__arrow_c_array__`` or ``__arrow_c_stream__``: a pyarrow Array or ChunkedArray, a Polars
        Series.
    role : str
        What the column is for, used where it has to be read value by value.
    """
    for join in ("combine_chunks", "rechunk"):
        if hasattr(values, join):
            values = getattr(values, join)()
            break
    tables = _tables(values)
    if not tables:
        return Column(name, Type.NULL, 0)
    _check_readable(name, tables[0])
    if len(tables) == 1:
        return column_of_table(name, tables[0], _read.fields(tables[0])[0], role)
    listed: list[Any] = []
    for table in tables:
        rows = _native.count(_native.lib.patron_table_rows, table)
        listed += _read.values(table, _read.fields(table)[0], 0, rows)
    return column_from_list(name, listed, role)


def column_of_table(name: str, table: Handle, field: _read.Field, role: str) -> Column:
    """A column of a table of one chunk: its own memory, or a copy where ids are floats."""
    if not is_float_id(field, role):
        chunks = _read.chunks(table, field)
        return _column(name, chunks[0], table) if chunks else _no_rows(name, field, role)
    if "numpy" in sys.modules:
        return _numpy.column_from_numpy(name, _read.to_numpy(table, field), role)
    rows = _native.count(_native.lib.patron_table_rows, table)
    return column_from_list(name, _read.values(table, field, 0, rows), role)


def _no_rows(name: str, field: _read.Field, role: str) -> Column:
    """A column of no rows, of texts or of what its role wants."""
    texts = (Type.STRING, Type.LARGE_STRING, Type.STRING_VIEW)
    column = column_from_list(name, [""] if field.type in texts else [], role)
    column.length = 0
    return column


def is_float_id(field: _read.Field, role: str) -> bool:
    """Whether ids became floats, as they do in many tables where one is missing."""
    return role == "id" and field.type in (Type.FLOAT, Type.DOUBLE)


def _check_readable(name: str, table: Handle) -> None:
    field = _ffi.patron_field.init()
    _native.call(_native.lib.patron_table_field, table.pointer, 0, ctypes.byref(field))
    if field.type == _ffi.PATRON_TYPE_UNSUPPORTED:
        kind = field.type_name.text()
        if kind.startswith("struct"):
            kind = "a table"
        wanted = "one of its columns" if kind == "a table" else "numbers, text or times"
        raise DataError(f'column "{name}" is {kind}; give {wanted}', code=31)


def _tables(values: Any) -> list[Handle]:
    """Each chunk of the values as a table of one column."""
    if hasattr(values, "__arrow_c_array__"):
        schema, array = values.__arrow_c_array__()
        return [
            _import_child(
                _arrow.Schema.from_address(_native.capsule_address(schema, b"arrow_schema")),
                _arrow.Array.from_address(_native.capsule_address(array, b"arrow_array")),
            )
        ]
    capsule = values.__arrow_c_stream__()
    stream = _arrow.Stream.from_address(_native.capsule_address(capsule, b"arrow_array_stream"))
    tables = []
    while (chunk := _arrow.next_array(stream)) is not None:
        tables.append(_import_child(_arrow.schema_of(stream), chunk))
    return tables


def _import_child(schema: Any, array: Any) -> Handle:
    """A table whose only column is this array; both structs are moved out of their place."""
    parent_schema, parent_array = _arrow.adopt(schema, array)
    return _native.take_table(
        _native.lib.patron_table_import_array,
        ctypes.addressof(parent_array),
        ctypes.addressof(parent_schema),
    )


def _column(name: str, view: Any, owner: Handle) -> Column:
    def buffer(address: int | None) -> Buffer | None:
        return None if address is None else Buffer(address, owner)

    column = Column(
        name,
        Type(view.type),
        view.length,
        values=buffer(view.values),
        validity=buffer(view.validity),
        offsets=buffer(view.offsets),
        data=buffer(view.bytes),
        view_buffers=buffer(view.view_buffers),
        view_buffer_count=view.view_buffer_count,
        unit=Unit(view.unit),
        zone=view.zone.text(),
        precision=view.precision,
        scale=view.scale,
        offset=view.offset,
    )
    if view.dictionary:
        column.index = Type(view.index)
        words = _ffi.patron_column.from_address(view.dictionary)
        column.dictionary = _column(name, words, owner)
    return column
