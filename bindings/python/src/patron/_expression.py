"""Expressions: typed conditions and values over the facts of a customer, checked before they run."""

from __future__ import annotations

import ctypes
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from . import _ffi, _inputs, _instants, _native, _options
from ._native import lib
from ._progress import Watcher, compute
from ._schema import KINDS, ROLES, Schema, schema_of
from ._table import Table, render
from .errors import ArgumentError, Error, ExpressionError, ExpressionFinding

__all__ = ["Atom", "Breakpoints", "Explanation", "Expression", "ExpressionResult"]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)


class ExpressionResult(Table):
    """What `Expression.evaluate` gives: a `Table` of ``value`` and ``unknown``, in the order of the rows.

    Attributes
    ----------
    unknown_rows : int
        Rows whose value is unknown, which is null.
    overflows, divisions_by_zero : int
        Operations with known operands whose result was unknown for that reason.
    bad_cells : int
        Cells that could not be read as their field's kind: NaN, out of range, no time.
    """

    unknown_rows: int
    overflows: int
    divisions_by_zero: int
    bad_cells: int

    def __repr__(self) -> str:
        return render(self, f"patron.ExpressionResult ({self.unknown_rows} unknown)")


@dataclass(frozen=True)
class Atom:
    """One condition that an expression is made of: what stands between its ``&&``, ``||`` and ``!``.

    Attributes
    ----------
    text : str
        The condition as it is written.
    value : bool or None
        None: unknown.
    left, op, right : str
        Of a comparison: its sides as text, ``"unknown"`` included; else empty.
    distance : float or None
        ``right - left`` of numbers, money (major units), times and durations (seconds), dates (days).
    unknown : list of str
        The fields it reads that are null.
    """

    text: str
    value: bool | None
    left: str
    op: str
    right: str
    distance: float | None
    unknown: list[str]


@dataclass(frozen=True)
class Explanation:
    """What `Expression.explain` found.

    Attributes
    ----------
    value : object
        As of `Expression.evaluate_row`; None is unknown.
    atoms : list of Atom
        In the order of the text.
    unknown : list of str
        The fields that are null and are read.
    decided : bool
        Whether `missing` was searched: expressions of up to twelve atoms.
    missing : list of dict of int to bool
        All smallest sets of atoms that would make the expression true, taken as independent of one another: the
        number of each atom and what it would have to become.
    """

    value: Any
    atoms: list[Atom]
    unknown: list[str]
    decided: bool
    missing: list[dict[int, bool]]


@dataclass(frozen=True)
class Breakpoints:
    """What `Expression.breakpoints` found.

    Attributes
    ----------
    solved : bool
        Whether the instants are known; else `reason` says why not.
    instants : list of datetime
        In UTC, increasing. At each of them the value differs from before.
    until : datetime or None
        The list is complete for instants before this one; None: for ever.
    reason : str
        Empty where it is solved.
    begin, end : int
        Bytes of the text that cannot be solved.
    """

    solved: bool
    instants: list[dt.datetime]
    until: dt.datetime | None
    reason: str
    begin: int
    end: int

    @property
    def next(self) -> dt.datetime | None:
        """The first instant; None where the value stays as it is until `until`."""
        return self.instants[0] if self.instants else None


class Expression:
    """A condition or value over the facts of a customer, in a subset of CEL (docs/expressions.md).

    Null is unknown: a comparison with it is unknown, and ``false && unknown`` is false.

    Parameters
    ----------
    text : str
        Such as ``"spend_12m >= 1000 && age(last_order) <= days(90)"``.
    schema : Schema, mapping or str
        The facts it may speak of: a `Schema`, its fields alone (``{"spend_12m": "money"}``), or its JSON.

    Attributes
    ----------
    text : str
    kind : str
        Of the value: ``"bool"``, ``"money"`` and so on.
    fields : list of str
        The facts it reads.
    uses_now, nullable : bool
        Whether it speaks of ``now``, and whether it can be unknown.
    warnings : list of ExpressionFinding
        What runs, but hardly means what was meant.
    schema : Schema

    Raises
    ------
    ExpressionError
        Every error in the text, each with its place, its line and carets under its bytes.

    Examples
    --------
    >>> import patron
    >>> facts = patron.Schema({"spend": "money", "last_order": "date"}, currency="EUR")
    >>> loyal = patron.Expression("spend >= 1000 && age(last_order) <= days(90)", facts)
    >>> result = loyal.evaluate({"spend": [1200, 300.5, None], "last_order": ["2026-01-05"] * 3},
    ...                         now="2026-02-01")
    >>> result["value"].to_list(), result["unknown"].to_list()
    ([True, False, None], [False, False, True])
    >>> loyal.breakpoints({"spend": 1200, "last_order": "2026-01-05"}, "2026-02-01").next.isoformat()
    '2026-04-05T00:00:00.000001+00:00'
    >>> patron.Expression("spned > 10", facts)
    Traceback (most recent call last):
    patron.errors.ExpressionError: 1:1: error: "spned" is no field of the schema; did you mean "spend"? [unknown_name]
      spned > 10
      ^^^^^
    """

    def __init__(self, text: str, schema: Schema | Mapping[str, Any] | str) -> None:
        if not isinstance(text, str):
            raise ArgumentError(f"text={text!r:.60}: give an expression as a str, such as 'spend > 10'")
        self.schema = schema_of(schema)
        self.warnings = _check(self.schema, text)
        self._handle = _native.take(
            lib.patron_expression_parse,
            self.schema._handle.pointer,
            *_native.text(text),
            out=_ffi.patron_expression_p,
            close=lib.patron_expression_close,
        )
        self.text = text
        info = _ffi.patron_expression_info.init()
        _native.call(lib.patron_expression_describe, self._handle.pointer, ctypes.byref(info))
        names = list(self.schema)
        count = info.field_count
        numbers: Any = (ctypes.c_int32 * count).from_address(info.fields) if count else []
        self.fields = [names[i] for i in numbers]
        self.kind = KINDS[info.kind]
        self.uses_now = bool(info.uses_now)
        self.nullable = bool(info.nullable)
        self._scale: int = info.scale

    def evaluate(
        self,
        table: Any,
        *,
        now: Any = None,
        threads: int | None = None,
        progress: Callable[[float], object] | None = None,
    ) -> ExpressionResult:
        """The value of each row of a table.

        Parameters
        ----------
        table : tabular
            A `Table`, a DataFrame, anything with ``__arrow_c_stream__``, or a dict of columns. The columns are
            found by the names of the fields; others are not looked at. Money is in major units.
        now : datetime, date, numpy.datetime64, pandas.Timestamp or str, optional
            What ``now`` means; needed where the expression speaks of it.
        threads : int, optional
            Default: one for each core. The result is the same for any number.
        progress : callable, optional
            Called with the share done, 0 to 1, on the calling thread. What it raises stops the call.

        Returns
        -------
        ExpressionResult
            The columns ``value`` (null where unknown) and ``unknown`` (bool).

        Raises
        ------
        DataError
            No such column, a column whose type does not go with the kind, null in a field that is never null.
        ArgumentError
            `now` is missing, or no instant.
        """
        keep: list[object] = []
        options = _ffi.patron_expression_options.init()
        options.threads = _options.threads(threads)
        if now is not None:
            options.now = _options.address(ctypes.c_int64(self._micros(now)), keep)
        roles = {name: ROLES.get(self.schema.kind(name), "any") for name in self.fields}
        rows = _inputs.open_columns(table, roles)
        counts = _ffi.patron_expression_counts.init()
        evaluate = lib.patron_expression_evaluate

        def run(table: Any, options: Any, out: Any, error: Any) -> int:
            return evaluate(self._handle.pointer, table, options, out, ctypes.byref(counts), error)

        handle = compute(
            run,
            rows,
            options,
            Watcher(progress),
            out=_ffi.patron_table_p,
            close=lib.patron_table_close,
        )
        result: ExpressionResult = ExpressionResult._wrap(handle)
        for name in ("unknown_rows", "overflows", "divisions_by_zero", "bad_cells"):
            setattr(result, name, getattr(counts, name))
        return result

    def evaluate_row(self, row: Mapping[str, Any], now: Any = None) -> Any:
        """The value of one row, which is what `evaluate` gives for it; None where unknown.

        Parameters
        ----------
        row : mapping of str to object
            Facts by name; what is left out is null. Money is an int, float, Decimal or text in major units, a set
            is any iterable of its texts.
        now : as for `evaluate`

        >>> import patron
        >>> share = patron.Expression("spend / total", {"spend": "money", "total": "money"})
        >>> share.evaluate_row({"spend": 3, "total": "12.00"})
        0.25
        """
        keep: list[object] = []
        cells, instant = self._row(row, now, keep)
        value = _ffi.patron_cell.init()
        _native.call(
            lib.patron_expression_evaluate_row,
            self._handle.pointer,
            cells,
            len(cells),
            instant,
            ctypes.byref(value),
        )
        return self._value(value)

    def explain(self, row: Mapping[str, Any], now: Any = None) -> Explanation:
        """Why the value of one row is what it is, and the least that would have to change for it to be true.

        Parameters
        ----------
        row, now : as for `evaluate_row`

        >>> import patron
        >>> rule = patron.Expression("spend >= 100 && (gold || orders > 5)",
        ...                          {"spend": "money", "gold": "bool", "orders": "int64"})
        >>> why = rule.explain({"spend": 90, "orders": 2})
        >>> [(atom.text, atom.value, atom.distance) for atom in why.atoms]
        [('spend >= 100', False, 10.0), ('gold', None, None), ('orders > 5', False, 3.0)]
        >>> why.value, why.unknown, why.missing
        (False, ['gold'], [{0: True, 1: True}, {0: True, 2: True}])
        """
        keep: list[object] = []
        cells, instant = self._row(row, now, keep)
        summary = _ffi.patron_explanation.init()
        atoms, unknown = _ffi.patron_table_p(), _ffi.patron_table_p()
        missing = _ffi.patron_table_p()
        outputs = (ctypes.byref(summary), ctypes.byref(atoms), ctypes.byref(unknown))
        _native.call(
            lib.patron_expression_explain,
            self._handle.pointer,
            cells,
            len(cells),
            instant,
            *outputs,
            ctypes.byref(missing),
        )
        of_atoms, of_unknown, of_missing = map(_read_table, (atoms, unknown, missing))
        names: dict[int | None, list[str]] = {}
        for atom, field in zip(of_unknown["atom"], of_unknown["field"]):
            names.setdefault(atom, []).append(field)
        sets: list[dict[int, bool]] = [{} for _ in range(summary.set_count)]
        for number, atom, wanted in zip(*of_missing.values()):
            sets[number][atom] = wanted
        data = self.text.encode("utf-8", "surrogatepass")
        listed = [
            Atom(data[begin:end].decode(), value, left, op, right, distance, names.get(i, []))
            for i, (begin, end, value, left, op, right, distance) in enumerate(
                zip(*of_atoms.values())
            )
        ]
        every = list(dict.fromkeys(of_unknown["field"]))
        return Explanation(self.evaluate_row(row, now), listed, every, bool(summary.decided), sets)

    def breakpoints(self, row: Mapping[str, Any], now: Any) -> Breakpoints:
        """The future instants at which the value of one row changes with no new fact.

        Parameters
        ----------
        row, now : as for `evaluate_row`

        >>> import patron
        >>> rule = patron.Expression("age(last_order) <= days(90)", {"last_order": "timestamp"})
        >>> rule.breakpoints({"last_order": "2026-01-05T10:00"}, "2026-02-01").next.isoformat()
        '2026-04-05T10:00:00.000001+00:00'
        """
        if now is None:
            raise ArgumentError("now=None: give the instant after which the value may change")
        keep: list[object] = []
        cells, instant = self._row(row, now, keep)
        found = _ffi.patron_breakpoints.init()
        instants, reason = _ffi.patron_table_p(), _ffi.patron_buffer_p()
        _native.call(
            lib.patron_expression_breakpoints,
            self._handle.pointer,
            cells,
            len(cells),
            instant.contents.value,
            ctypes.byref(found),
            ctypes.byref(instants),
            ctypes.byref(reason),
        )
        said = lib.patron_buffer_text(reason).text()
        lib.patron_buffer_close(reason)
        listed = _read_table(instants)["instant"]
        until = None if found.until >= _END else _EPOCH + dt.timedelta(microseconds=found.until)
        return Breakpoints(bool(found.solved), listed, until, said, found.begin, found.end)

    def to_sql(self, dialect: Literal["duckdb", "postgresql"] = "duckdb", now: Any = None) -> str:
        """The same meaning as SQL, unknown being NULL.

        Parameters
        ----------
        dialect : {"duckdb", "postgresql"}
        now : as for `evaluate`
            Written as that instant; left out, as ``now()``.

        Raises
        ------
        ArgumentError
            What has no counterpart in SQL, with its byte.

        >>> import patron
        >>> patron.Expression("orders > 5 && !gold", {"orders": "int64", "gold": "bool"}).to_sql()
        '(("orders" > 5) AND (NOT "gold"))'
        """
        chosen = _options.choose("dialect", dialect, _options.SQL_DIALECTS)
        instant = None if now is None else ctypes.pointer(ctypes.c_int64(self._micros(now)))
        return _native.buffer_text(
            lib.patron_expression_to_sql, self._handle.pointer, chosen, instant
        )

    def __repr__(self) -> str:
        return f"<patron.Expression {self.text!r}: {self.kind}>"

    def _micros(self, now: Any) -> int:
        return _instants.micros_of(now, self.schema.timezone, "now")

    def _row(self, row: Any, now: Any, keep: list[object]) -> tuple[Any, Any]:
        cells = self.schema._cells(row, keep)
        instant = None if now is None else ctypes.pointer(ctypes.c_int64(self._micros(now)))
        return cells, instant

    def _value(self, cell: Any) -> Any:
        if not cell.known:
            return None
        if self.kind == "bool":
            return bool(cell.integer)
        if self.kind == "double":
            return cell.number
        if self.kind in ("string", "enum"):
            return cell.text.text()
        if self.kind == "date":
            return dt.date.fromordinal(cell.integer + dt.date(1970, 1, 1).toordinal())
        if self.kind == "timestamp":
            return _EPOCH + dt.timedelta(microseconds=cell.integer)
        if self.kind == "duration":
            return dt.timedelta(microseconds=cell.integer)
        if self.kind == "money":
            return Decimal(f"{cell.integer}E-{self._scale}")
        return cell.integer


#: The end of time (patron's kEndTime): what is complete until then is complete.
_END = (dt.datetime(9999, 12, 31, tzinfo=dt.timezone.utc) - _EPOCH).days * 86_400_000_000


def _read_table(pointer: Any) -> dict[str, list[Any]]:
    table: Table = Table._wrap(_native.Handle(pointer, lib.patron_table_close))
    return table.to_dict()


def _check(schema: Schema, text: str) -> list[ExpressionFinding]:
    """The warnings; errors are raised, all in one."""
    errors, findings, report = ctypes.c_int32(), _ffi.patron_table_p(), _ffi.patron_buffer_p()
    data = _native.text(text)
    _native.call(
        lib.patron_expression_check,
        schema._handle.pointer,
        *data,
        ctypes.byref(errors),
        ctypes.byref(findings),
        ctypes.byref(report),
    )
    printed = lib.patron_buffer_text(report).text()
    lib.patron_buffer_close(report)
    listed = [ExpressionFinding(*row) for row in zip(*_read_table(findings).values())]
    if errors.value == 0:
        return listed
    code, offset = 21, 0
    try:
        _native.take(
            lib.patron_expression_parse,
            schema._handle.pointer,
            *data,
            out=_ffi.patron_expression_p,
            close=lib.patron_expression_close,
        )
    except Error as error:
        code, offset = error.code, error.byte_offset or 0
    raise ExpressionError(printed.rstrip("\n"), code=code, byte_offset=offset, findings=listed)
