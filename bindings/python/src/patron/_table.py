"""Table: the named columns that patron gives back, which every table library can take.

A Table is immutable and lives in the library's memory. It goes out without a copy through the Arrow
PyCapsule interface, so ``pyarrow.table(t)``, ``polars.DataFrame(t)``, DuckDB's ``FROM t`` and pandas take
it as it is, and as plain Python through ``to_dict()`` where none of them is installed.
"""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload
from unicodedata import east_asian_width

from . import _native, _read

if TYPE_CHECKING:
    import numpy
    import pandas
    import polars
    import pyarrow

__all__ = ["Column", "Table"]

_WIDEST = 24  # of a cell that is shown


def _library(method: str, name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise ImportError(
            f"{method}() needs {name}, which is not installed here; to_dict() and to_dicts() need nothing",
            name=name,
        ) from error


class Column(Sequence[Any]):
    """One column of a `Table`: a sequence of Python values, read as they are asked for.

    ``numpy.asarray(column)`` gives an array, for whole numbers without nulls without a copy.

    >>> import patron
    >>> ranked = patron.rank([5.0, 3.0, 2.0], share=(0.5,))
    >>> ranked["rank"][0], list(ranked["rank"])
    (1, [1, 2, 3])
    """

    def __init__(self, table: Table, index: int) -> None:
        self._table = table
        self._field = table._fields[index]
        self._index = index

    @property
    def name(self) -> str:
        """The name of the column."""
        return self._field.name

    @property
    def type(self) -> str:
        """The type as messages name it, such as ``"timestamp[us, tz=UTC]"``."""
        return self._field.type_name

    def __len__(self) -> int:
        return len(self._table)

    @overload
    def __getitem__(self, index: int) -> Any: ...

    @overload
    def __getitem__(self, index: slice) -> list[Any]: ...

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self))
            if step == 1:
                return self._read(start, max(start, stop))
            return [self[i] for i in range(start, stop, step)]
        place = range(len(self))[index]
        return self._read(place, place + 1)[0]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.to_list())

    def _read(self, start: int, stop: int) -> list[Any]:
        return _read.values(self._table._handle, self._field, start, stop)

    def to_list(self) -> list[Any]:
        """All values as Python objects; null is None."""
        return self._read(0, len(self))

    def to_numpy(self) -> numpy.ndarray[Any, Any]:
        """The values as a NumPy array; see `Table.to_numpy`."""
        values: numpy.ndarray[Any, Any] = _read.to_numpy(self._table._handle, self._field)
        return values

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        values = self.to_numpy()
        if dtype is not None and values.dtype != dtype:
            if copy is False:
                raise ValueError(f"column {self.name!r} is {values.dtype}: {dtype} needs a copy")
            return values.astype(dtype)
        return values.copy() if copy else values

    def __repr__(self) -> str:
        shown = ", ".join(_cell(v) for v in self[:8])
        more = f", ... {len(self) - 8} more" if len(self) > 8 else ""
        return f"<patron.Column {self.name!r}: {self.type}, {len(self)} rows [{shown}{more}]>"


class Table:
    """Named columns of one length.

    What patron's functions return. ``len(t)`` is the number of rows, ``t["code"]`` a `Column`, and
    iterating gives the column names.

    >>> import patron
    >>> ranked = patron.rank([5.0, 3.0, 2.0], share=(0.5,))
    >>> ranked.columns
    ['rank', 'cumulative_share', 'class']
    >>> ranked.to_dict()["cumulative_share"]
    [0.5, 0.8, 1.0]
    >>> ranked
    patron.RankResult (members [1, 2]): 3 rows, 3 columns
    rank  cumulative_share  class
       1               0.5      0
       2               0.8      1
       3               1.0      1
    """

    _handle: _native.Handle
    _fields: list[_read.Field]
    _rows: int
    _cache: dict[str, Column]

    def __init__(self, *args: object, **kwargs: object) -> None:
        raise TypeError("patron.Table comes from patron's functions and is not made directly")

    @classmethod
    def _wrap(cls, handle: _native.Handle) -> Any:
        self = cls.__new__(cls)
        self._handle = handle
        self._fields = _read.fields(handle)
        self._rows = _native.count(_native.lib.patron_table_rows, handle)
        self._cache = {}
        return self

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return [field.name for field in self._fields]

    def __len__(self) -> int:
        return self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __contains__(self, name: object) -> bool:
        return any(field.name == name for field in self._fields)

    def keys(self) -> list[str]:
        """The names of the columns, so that ``dict(table)`` gives the columns by name."""
        return self.columns

    def __getitem__(self, name: str) -> Column:
        if name not in self._cache:
            for index, field in enumerate(self._fields):
                if field.name == name:
                    self._cache[name] = Column(self, index)
                    break
            else:
                raise KeyError(f"no column {name!r}; the columns are {', '.join(self.columns)}")
        return self._cache[name]

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The columns as an Arrow C stream in a capsule; nothing is copied."""
        return _native.export_stream(self._handle)

    def __arrow_c_schema__(self) -> object:
        """The types of the columns as an Arrow C schema in a capsule."""
        return _native.export_schema(self._handle)

    def to_arrow(self) -> pyarrow.Table:
        """The same columns as a `pyarrow.Table`, without a copy. Needs pyarrow."""
        result: pyarrow.Table = _library("to_arrow", "pyarrow").table(self)
        return result

    def to_polars(self) -> polars.DataFrame:
        """The same columns as a `polars.DataFrame`. Needs Polars."""
        result: polars.DataFrame = _library("to_polars", "polars").DataFrame(self)
        return result

    def to_pandas(self) -> pandas.DataFrame:
        """The same columns as a `pandas.DataFrame`; needs pandas, not pyarrow.

        Whole numbers stay whole: a column with nulls is ``Int64``. Times are ``datetime64[us, zone]``,
        names (segment, octant) are ``category``. The frame is a copy that may be written to.
        """
        module = _library("to_pandas", "pandas")
        data = {f.name: _read.to_pandas(module, self._handle, f) for f in self._fields}
        result: pandas.DataFrame = module.DataFrame(data, copy=True)
        return result

    def to_numpy(self) -> dict[str, numpy.ndarray[Any, Any]]:
        """The columns as NumPy arrays, each of shape (rows,). Needs NumPy.

        Numbers without nulls are read-only views of the library's memory; whole numbers with nulls
        become float64 with NaN. Times are ``datetime64[us]`` in UTC with NaT for null, text is an
        object array with None.
        """
        return {f.name: _read.to_numpy(self._handle, f) for f in self._fields}

    def to_dict(self) -> dict[str, list[Any]]:
        """The columns as lists of Python values; null is None.

        Times are aware `datetime` objects in the column's zone, or in UTC where Python knows no such
        zone (a system without the tz database).
        """
        return {name: self[name].to_list() for name in self.columns}

    def to_dicts(self) -> list[dict[str, Any]]:
        """The rows, each as a dict by the names of the columns; values as in `to_dict`.

        >>> import patron
        >>> patron.rank([5.0, 3.0], share=(0.7,)).to_dicts()[0]
        {'rank': 1, 'cumulative_share': 0.625, 'class': 0}
        """
        names = self.columns
        return [dict(zip(names, row)) for row in zip(*self.to_dict().values())]

    def __repr__(self) -> str:
        return render(self)

    def __reduce__(self) -> Any:
        raise TypeError("a patron.Table cannot be pickled; pickle to_dict() or to_arrow() of it")


def _cell(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, float):
        return repr(round(value, 4))
    if isinstance(value, dt.datetime):
        bare = value.replace(tzinfo=None)
        if value.tzinfo is dt.timezone.utc:
            return bare.isoformat(" ", "minutes" if bare.second == 0 else "seconds") + "Z"
        midnight = bare.time() == dt.time()
        return bare.isoformat(" ", "seconds")[: 10 if midnight else None]
    return _one_line(str(value))


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))


def _short(text: str, width: int) -> str:
    """A text, cut where it is wider."""
    if _width(text) <= width:
        return text
    while _width(text) >= width:
        text = text[: min(len(text) - 1, width)]
    return text + "…"


def render(table: Table, title: str = "patron.Table", keep: Sequence[str] = (), head: int = 6, width: int = 100) -> str:
    """A table as text: the first rows, and as many columns as fit the width.

    Long cells are cut. Those of `keep` come first, those with cut cells last, else what stands further to the left.
    """
    rows = len(table)
    shown = rows if rows <= head + 4 else head
    columns = [table[name][:shown] for name in table.columns]
    cells = [[_one_line(name), *map(_cell, values)] for name, values in zip(table.columns, columns)]
    whole = [max(map(_width, block)) for block in cells]
    sizes = [min(size, _WIDEST) for size in whole]
    order = sorted((name not in keep, sizes[i] < whole[i], i) for i, name in enumerate(table.columns))
    chosen, room = [], width + 2
    for *_, i in order:
        if sizes[i] + 2 <= room:
            chosen.append(i)
            room -= sizes[i] + 2
    for i in chosen:  # what room is left, for those that were cut
        more = min(whole[i] - sizes[i], room)
        sizes[i] += more
        room -= more
    blocks = [_block(cells[i], columns[i], sizes[i]) for i in sorted(chosen)]
    lines = ["  ".join(row).rstrip() for row in zip(*blocks)]
    lines.insert(0, f"{title}: {_counted(rows, 'row')}, {_counted(len(columns), 'column')}")
    if shown < rows:
        lines.append(f"... {rows - shown} more rows")
    if left := [name for i, name in enumerate(table.columns) if i not in chosen]:
        lines.append(_short(f"... {_counted(len(left), 'more column')}: {', '.join(left)}", width))
    return "\n".join(lines)


def _block(cells: Sequence[str], values: Sequence[Any], width: int) -> list[str]:
    """Cells of one width: texts and times to the left, numbers to the right."""
    text = all(isinstance(v, (str, dt.date, type(None))) for v in values) and values
    cut = [_short(cell, width) for cell in cells]
    return [c + " " * (width - _width(c)) if text else " " * (width - _width(c)) + c for c in cut]


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' if count != 1 else ''}"


def _width(text: str) -> int:
    """How many columns of a terminal a text takes: Chinese characters take two."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
