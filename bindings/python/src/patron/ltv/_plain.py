"""What customers brought so far, and the plain formula of what they are worth."""

from __future__ import annotations

import ctypes
import datetime as dt
import sys
from array import array
from collections.abc import Callable
from typing import Any, Literal, overload

from .. import _ffi, _inputs, _native, _options, _workspace
from .._instants import datetime_of, micros_of
from .._native import lib
from .._progress import Watcher, compute
from .._table import Column as TableColumn
from .._table import Table, render
from .._types import Column, Type, array_buffer
from .._workspace import Workspace
from ..errors import ArgumentError
from ._summary import CHOICES, set_counts

__all__ = ["HistoricResult", "historic", "plain"]


class HistoricResult(Table):
    """What `historic` gives: a `Table` with one row for each customer, in the order of their ids.

    ================  ===================  ============================================================
    column            type                 meaning
    ================  ===================  ============================================================
    customer          int64 or utf8        the id
    first_order       timestamp[us, zone]  null for who never bought
    last_order        timestamp[us, zone]  likewise
    orders            int64                all orders until `as_of`
    years             float64              from first_order to `as_of`, of 365.2425 days; null likewise
    revenue           float64              net, in major units
    revenue_at_as_of  float64              each amount with its interest until `as_of`
    margin            float64              likewise, where a margin column is named
    margin_at_as_of   float64              likewise
    annual_spend      float64              revenue / years; null where years is null or 0
    ================  ===================  ============================================================

    Attributes
    ----------
    refused : Table
        The rows that could not be used: ``row`` (zero-based), ``column``, ``reason``.
    rows, rounded, waiting, zero_amounts, refunds : int
        How many rows were read, had an amount or margin that is no multiple of the minor unit, lie after
        `as_of`, had an amount of zero, had a negative amount.
    as_of : datetime
        The instant of evaluation, in the zone of the call.
    """

    refused: Table
    rows: int
    rounded: int
    waiting: int
    zero_amounts: int
    refunds: int
    as_of: dt.datetime

    def __repr__(self) -> str:
        count = len(self.refused)
        refused = f", {count} row{'s' if count != 1 else ''} refused" if count else ""
        return render(
            self, f"patron.ltv.HistoricResult as of {self.as_of:%Y-%m-%d %H:%M:%S %Z}{refused}"
        )


def historic(
    orders: Any,
    *,
    customer: str,
    time: str,
    amount: str,
    margin: str | None = None,
    order: str | None = None,
    as_of: Any = None,
    rate_per_year: float = 0.0,
    refunds: Literal["net", "own_time", "ignore"] = "net",
    zero: Literal["count", "ignore"] = "count",
    scale: int = 2,
    timezone: str = "UTC",
    threads: int | None = None,
    on_bad_row: Literal["refuse", "raise"] = "refuse",
    progress: Callable[[float], object] | None = None,
    workspace: Workspace | None = None,
) -> HistoricResult:
    """What every customer brought so far: orders, revenue, margin, and both with interest.

    Parameters
    ----------
    orders : table
        As in `summary`.
    customer, time, amount : str
        Columns: ids (integers or strings); dates, time stamps or ISO 8601 text; money in major units
        (integers, floats or decimals).
    margin : str, optional
        Column of what was earned of the amount, in major units.
    order : str, optional
        Column of order ids, as in `summary`.
    as_of : datetime, date, numpy.datetime64, pandas.Timestamp or str, optional
        The instant of evaluation; rows after it wait. Without a zone it is a wall clock of `timezone`; a
        date is its local midnight. Default: the newest time in the rows.
    rate_per_year : float
        Above -1. Money that came at t is worth (1 + rate_per_year) ** ((as_of - t) / 365.2425 days) times
        as much at `as_of`.
    refunds, zero, scale, timezone, threads, on_bad_row, progress, workspace
        As in `summary`. A refund's margin goes with its amount.

    Returns
    -------
    HistoricResult
        One row for each customer.

    Raises
    ------
    DataError, ArgumentError, PolicyError, KeyboardInterrupt
        As `summary`; DataError also where interest exceeds the largest float.

    Examples
    --------
    >>> import patron
    >>> orders = {
    ...     "customer": [7, 7, 8],
    ...     "date": ["2024-01-01", "2025-01-01", "2025-07-01"],
    ...     "total": [200.0, 100.0, 50.0],
    ...     "profit": [60.0, 25.0, 10.0],
    ... }
    >>> names = {"customer": "customer", "time": "date", "amount": "total", "margin": "profit"}
    >>> past = patron.ltv.historic(orders, **names, as_of="2026-01-01", rate_per_year=0.08)
    >>> past["revenue"].to_list(), past["margin"].to_list()
    ([300.0, 50.0], [85.0, 10.0])
    >>> [round(v, 2) for v in past["revenue_at_as_of"]]
    [341.3, 51.98]
    >>> [round(v, 2) for v in past["annual_spend"]]
    [149.89, 99.25]
    """
    names = {"customer": customer, "time": time, "amount": amount, "margin": margin, "order": order}
    roles = _options.order_roles(("order", "margin"), **names)
    _options.timezone(timezone)
    options = _ffi.patron_ltv_historic_options.init()
    keep: list[object] = [options]
    _options.set_texts(options, keep, **names, timezone=timezone)
    _options.set_choices(options, CHOICES, refunds=refunds, zero=zero, on_bad_row=on_bad_row)
    options.scale = _options.whole("scale", scale)
    options.threads = _options.threads(threads)
    options.rate_per_year = _options.number("rate_per_year", rate_per_year)
    if workspace is not None:
        options.workspace = _workspace.pointer_of(workspace)
        keep.append(workspace)
    if as_of is not None:
        options.as_of = _options.address(ctypes.c_int64(micros_of(as_of, timezone)), keep)
    handle = compute(
        lib.patron_ltv_historic_compute,
        _inputs.open_table(orders, roles),
        options,
        Watcher(progress),
        out=_ffi.patron_ltv_historic_p,
        close=lib.patron_ltv_historic_close,
    )
    pointer = handle.pointer
    result: HistoricResult = HistoricResult._wrap(
        _native.take_table(lib.patron_ltv_historic_table, pointer)
    )
    counts = set_counts(
        result, lib.patron_ltv_historic_refused, lib.patron_ltv_historic_counts, pointer
    )
    result.as_of = datetime_of(counts.observation_end, timezone)
    return result


@overload
def plain(
    annual_spend: float, years: float, margin: float = 1.0, rate_per_year: float = 0.0
) -> float: ...


@overload
def plain(
    annual_spend: Any, years: Any, margin: float = 1.0, rate_per_year: float = 0.0
) -> Any: ...


def plain(
    annual_spend: Any, years: Any, margin: float = 1.0, rate_per_year: float = 0.0
) -> float | TableColumn:
    """The plain formula: annual spend x years of relationship x margin, discounted where there is a rate.

    With a rate it is the present value of money that flows evenly over the years:
    ``margin * annual_spend * (1 - (1 + rate_per_year) ** -years) / log(1 + rate_per_year)``, computed without
    cancellation; for a rate of 0 it is ``margin * annual_spend * years``, exactly.

    Parameters
    ----------
    annual_spend, years : float, or column of floats
        Each a number, or a column: a list, an array, a Series, a column of a `Table`. A number stands for
        every row of the other. NaN, None and null are unknown, and so is their value. Years may be infinite
        where the rate is above 0.
    margin : float
        The share of the money that is kept.
    rate_per_year : float
        Above -1; 0.08 is eight per cent a year.

    Returns
    -------
    float or Column
        A number for two numbers, else a column with NaN where a row is unknown.

    Raises
    ------
    ArgumentError
        Years below 0, spend that is infinite (with the row), columns of different lengths, a margin or rate
        outside its domain.

    Examples
    --------
    >>> import patron
    >>> patron.ltv.plain(240, 5)
    1200.0
    >>> round(patron.ltv.plain(240, 5, margin=0.3, rate_per_year=0.08), 2)
    298.83
    >>> patron.ltv.plain([240, 100, None], 2, margin=0.5).to_list()
    [240.0, 100.0, nan]
    """
    single = _is_number(annual_spend) and _is_number(years)
    spends, spans = _doubles("annual_spend", annual_spend), _doubles("years", years)
    length = len(spans) if _is_number(annual_spend) else len(spends)
    if _is_number(annual_spend):
        spends *= length
    if _is_number(years):
        spans *= length
    if len(spends) != len(spans):
        raise ArgumentError(
            f"annual_spend has {len(spends)} rows and years {len(spans)}; give columns of one length"
        )
    values = array("d", bytes(8 * length))
    _native.call(
        lib.patron_ltv_plain_values,
        _pointer(spends),
        _pointer(spans),
        length,
        _options.number("margin", margin),
        _options.number("rate_per_year", rate_per_year),
        _pointer(values),
    )
    if single:
        return values[0]
    column = Column("value", Type.DOUBLE, length, array_buffer(values))
    table: Table = Table._wrap(_inputs.create([column]))
    return table["value"]


def _is_number(value: Any) -> bool:
    if isinstance(value, (str, bytes, bool)) or hasattr(value, "__len__"):
        return False
    return value is None or hasattr(value, "__float__") and getattr(value, "ndim", 0) == 0


def _doubles(option: str, values: Any) -> array[float]:
    """A column, or one number, as doubles; what is unknown is NaN."""
    nan = float("nan")
    if _is_number(values):
        return array("d", [nan if values is None else _options.number(option, values)])
    numpy = sys.modules.get("numpy")
    if numpy is not None and not isinstance(values, (TableColumn, list, tuple)):
        if hasattr(values, "__array__"):
            try:
                found = numpy.ascontiguousarray(values, dtype="f8")
            except (TypeError, ValueError):
                raise ArgumentError(f"{option}={values!r:.60}: give numbers") from None
            if found.ndim != 1:
                raise ArgumentError(f"{option}: give one column, not {found.ndim} dimensions")
            return array("d", found.tobytes())
    if isinstance(values, (str, bytes)):
        raise ArgumentError(f"{option}={values!r:.60}: give a number, or a column of numbers")
    try:
        return array("d", [nan if value is None else value for value in values])
    except TypeError:
        raise ArgumentError(
            f"{option}={values!r:.60}: give a number, or a column of numbers"
        ) from None


def _pointer(values: array[float]) -> Any:
    return ctypes.cast(values.buffer_info()[0], ctypes.POINTER(ctypes.c_double))
