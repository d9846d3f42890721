"""Segment tables: which name a triple of scores gets, and what is wrong with a table."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import _ffi, _native
from ._native import lib
from ._table import Table
from .errors import ArgumentError

__all__ = ["SegmentLint", "SegmentTable", "segment_table"]

_GRIDS = {
    _ffi.PATRON_GRID_R_F_M: "R x F x M",
    _ffi.PATRON_GRID_R_FM: "R x mean of F and M",
    _ffi.PATRON_GRID_R_F: "R x F",
}


@dataclass(frozen=True)
class SegmentLint:
    """What `SegmentTable.lint` found.

    Attributes
    ----------
    cells : int
        How many combinations of scores there are.
    gaps : int
        Cells that no row claims.
    overlaps : int
        Cells that two or more rows claim; the first wins.
    unreachable : list of str
        The names of rows that no customer can ever have, since earlier rows hide them.
    findings : Table
        Each gap, overlap and unreachable row with a cell that shows it: ``kind, segment, row, other,
        other_row, r, f, m, fm, cells``.
    """

    cells: int
    gaps: int
    overlaps: int
    unreachable: list[str]
    findings: Table

    @property
    def exact_partition(self) -> bool:
        """Whether every cell has exactly one name."""
        return self.gaps == 0 and self.overlaps == 0

    def __repr__(self) -> str:
        if self.exact_partition:
            verdict = "an exact partition"
        else:
            verdict = f"{self.gaps} gaps, {self.overlaps} overlaps"
        hidden = f"; unreachable: {', '.join(self.unreachable)}" if self.unreachable else ""
        return f"<patron.SegmentLint: {self.cells} cells, {verdict}{hidden}>"


class SegmentTable:
    """A list of named rows over the scores; the first row that holds the scores names the customer.

    Made by `segment_table`.

    >>> import patron
    >>> eleven = patron.segment_table("eleven")
    >>> eleven.segment_of(5, 5, 4)
    'Champions'
    """

    def __init__(self, handle: _native.Handle) -> None:
        self._handle = handle

    @staticmethod
    def built_in() -> list[str]:
        """The names that `segment_table` knows.

        >>> import patron
        >>> patron.SegmentTable.built_in()
        ['eleven', 'putler', 'rfm_r_0_2', 'rfm_r_0_3', 'regex']
        """
        count = lib.patron_segments_named_count()
        return [lib.patron_segments_named_name(i).text() for i in range(count)]

    @property
    def names(self) -> list[str]:
        """The names of the rows, in order."""
        return [row["name"] for row in self.rows]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows as `segment_table` takes them, with the advice that built-in tables carry."""
        rows: list[dict[str, Any]] = json.loads(self.to_json())
        return rows

    @property
    def bins(self) -> int:
        """Scores per axis."""
        return _native.count(lib.patron_segments_bins, self._handle)

    def segment_of(self, r: int, f: int, m: int) -> str | None:
        """The name for these scores, each 1 (worst) to `bins` (best); None where no row claims them.

        Raises
        ------
        ArgumentError
            A score outside 1 to `bins`.
        """
        row = ctypes.c_int32()
        scores = (_score("r", r), _score("f", f), _score("m", m))
        _native.call(
            lib.patron_segments_find, self._handle.pointer, *scores, ctypes.byref(row)
        )
        return None if row.value < 0 else self._name(row.value)

    def _name(self, index: int) -> str:
        row = _ffi.patron_segment_row.init()
        _native.call(lib.patron_segments_row, self._handle.pointer, index, ctypes.byref(row))
        return row.name.text()

    def lint(self) -> SegmentLint:
        """Looks for cells without a name, cells with several, and rows that nobody can reach.

        >>> import patron
        >>> lint = patron.segment_table("putler").lint()
        >>> lint.cells, lint.gaps, lint.overlaps, len(lint.unreachable)
        (45, 0, 30, 4)
        """
        counts = _ffi.patron_lint_counts.init()
        handle = _native.take_table(
            lib.patron_segments_lint, self._handle.pointer, ctypes.byref(counts)
        )
        findings: Table = Table._wrap(handle)
        hidden = [
            name
            for name, kind in zip(findings["segment"], findings["kind"])
            if kind == "unreachable"
        ]
        return SegmentLint(counts.cells, counts.gaps, counts.overlaps, hidden, findings)

    def to_json(self) -> str:
        """The table as a JSON document that `segment_table` reads."""
        return _native.buffer_text(lib.patron_segments_to_json, self._handle.pointer)

    def __len__(self) -> int:
        return _native.count(lib.patron_segments_rows, self._handle)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SegmentTable):
            return NotImplemented
        return self.bins == other.bins and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash((self.bins, self.to_json()))

    def __repr__(self) -> str:
        grid = _GRIDS.get(lib.patron_segments_grid(self._handle.pointer), "?")
        return (
            f"<patron.SegmentTable: {len(self)} rows over {grid}, {self.bins} bins: "
            f"{', '.join(self.names)}>"
        )


def _score(axis: str, value: int) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__") or not 0 <= int(value) < 2**31:
        raise ArgumentError(f"{axis}={value!r}: a score is a whole number, 1 for the worst")
    return int(value)


def segment_table(
    name_or_rows: str | SegmentTable | Sequence[Mapping[str, Any]], bins: int = 5
) -> SegmentTable:
    """A segment table by name, from rows, or from JSON.

    Parameters
    ----------
    name_or_rows : str, SegmentTable or sequence of mappings
        A built-in name (`SegmentTable.built_in` lists them); a JSON document, which starts with ``[``; or
        rows with the keys ``name``, and ``codes`` (such as ``[555, 554]``) or ranges ``r``, ``f``, ``m``
        (a score or ``[low, high]``, an axis left out is free), or ``r`` and ``fm``, the mean of F and M.
        Optional are ``label_zh``, ``advice`` and ``advice_zh``. The first row that holds the scores wins.
    bins : int
        Scores per axis of a table of one's own, 2 to 10.

    Returns
    -------
    SegmentTable

    Raises
    ------
    PolicyError
        An unknown name (the message lists those there are), or a row that means nothing sound.

    Examples
    --------
    >>> import patron
    >>> table = patron.segment_table([
    ...     {"name": "Stars", "r": [4, 5], "f": [4, 5]},
    ...     {"name": "Rest"},
    ... ])
    >>> table.segment_of(5, 4, 1), table.segment_of(1, 1, 1)
    ('Stars', 'Rest')
    """
    if isinstance(name_or_rows, SegmentTable):
        return name_or_rows
    if isinstance(name_or_rows, str) and not name_or_rows.lstrip().startswith("["):
        return _open(lib.patron_segments_named, *_native.text(name_or_rows))
    if isinstance(name_or_rows, str):
        document = name_or_rows
    elif isinstance(name_or_rows, Sequence) and not isinstance(name_or_rows, (bytes, bytearray)):
        try:
            document = json.dumps([_row(row) for row in name_or_rows], ensure_ascii=False)
        except (TypeError, ValueError) as error:
            raise ArgumentError(f"these rows are no segment table: {error}") from None
    else:
        raise ArgumentError(
            f"a {type(name_or_rows).__name__} is no segment table; give a name such as "
            '"eleven" or a list of rows such as {"name": "Stars", "r": [4, 5]}'
        )
    if isinstance(bins, bool) or not hasattr(bins, "__index__"):
        raise ArgumentError(f"bins={bins!r}: give a whole number, 2 to 10")
    return _open(lib.patron_segments_parse, *_native.text(document), int(bins))


def _row(row: object) -> object:
    return dict(row) if isinstance(row, Mapping) else row


def _open(function: Any, *args: Any) -> SegmentTable:
    return SegmentTable(
        _native.take(
            function, *args, out=_ffi.patron_segments_p, close=lib.patron_segments_close
        )
    )
