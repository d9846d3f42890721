"""Summaries: raw orders in, what lifetime value models read out."""

from __future__ import annotations

import ctypes
import datetime as dt
from collections.abc import Callable
from typing import Any, Literal

from .. import _ffi, _inputs, _native, _options, _workspace
from .._instants import datetime_of, micros_of
from .._native import lib
from .._progress import Watcher, compute
from .._table import Table, render
from .._workspace import Workspace

__all__ = ["SummaryResult", "Unit", "summary"]

Unit = Literal["hour", "day", "week", "month", "quarter", "year"]

UNITS = {
    "hour": _ffi.PATRON_LTV_UNIT_HOUR,
    "day": _ffi.PATRON_LTV_UNIT_DAY,
    "week": _ffi.PATRON_LTV_UNIT_WEEK,
    "month": _ffi.PATRON_LTV_UNIT_MONTH,
    "quarter": _ffi.PATRON_LTV_UNIT_QUARTER,
    "year": _ffi.PATRON_LTV_UNIT_YEAR,
}
CHOICES = {
    "unit": UNITS,
    "collapse": {
        "day": _ffi.PATRON_LTV_COLLAPSE_DAY,
        "unit": _ffi.PATRON_LTV_COLLAPSE_UNIT,
        "none": _ffi.PATRON_LTV_COLLAPSE_NONE,
    },
    "first_order": {
        "drop": _ffi.PATRON_LTV_FIRST_ORDER_DROP,
        "keep": _ffi.PATRON_LTV_FIRST_ORDER_KEEP,
    },
    "money": {"mean": _ffi.PATRON_LTV_MONEY_MEAN, "total": _ffi.PATRON_LTV_MONEY_TOTAL},
    "refunds": {
        "net": _ffi.PATRON_REFUNDS_NET,
        "own_time": _ffi.PATRON_REFUNDS_OWN_TIME,
        "ignore": _ffi.PATRON_REFUNDS_IGNORE,
    },
    "zero": {"ignore": _ffi.PATRON_ZERO_IGNORE, "count": _ffi.PATRON_ZERO_COUNT},
    "on_bad_row": _options.BAD_ROWS,
}


class SummaryResult(Table):
    """What `summary` gives: a `Table` with one row for each customer, in the order of their ids.

    =================  =============  ==================================================================
    column             type           meaning
    =================  =============  ==================================================================
    customer           int64 or utf8  the id
    frequency          int64          periods with an order after the first one
    recency            float64        from the first period with an order to the last, in units
    T                  float64        from the first period to the end of the calibration, in units
    monetary           float64        mean money of the periods after the first, major units
    frequency_holdout  int64          periods with an order in the hold-out
    monetary_holdout   float64        mean money of those
    duration_holdout   float64        length of the hold-out, in units
    =================  =============  ==================================================================

    The columns of the hold-out are there with `calibration_end`, those of money with `amount`.

    Attributes
    ----------
    refused : Table
        The rows that could not be used: ``row`` (zero-based), ``column``, ``reason``.
    rows, rounded, waiting, zero_amounts, refunds : int
        How many rows were read, had an amount that is no multiple of the minor unit, lie after the
        observation, had an amount of zero, had a negative amount.
    later_customers, without_orders : int
        Customers who are not in the table: their first order is in the hold-out; none of their rows is an
        order.
    calibration_end : datetime or None
        As given.
    observation_end : datetime
        As given, or the newest time in the rows; in the zone of the call.
    unit : str
        The unit of `recency`, `T` and `duration_holdout`; a model of another unit refuses the table.
    first_order, money : str
        As given.
    """

    refused: Table
    rows: int
    rounded: int
    waiting: int
    zero_amounts: int
    refunds: int
    later_customers: int
    without_orders: int
    calibration_end: dt.datetime | None
    observation_end: dt.datetime
    unit: str
    first_order: str
    money: str

    def __repr__(self) -> str:
        count = len(self.refused)
        refused = f", {count} row{'s' if count != 1 else ''} refused" if count else ""
        until = f"{self.observation_end:%Y-%m-%d %H:%M:%S %Z}"
        return render(self, f"patron.ltv.SummaryResult in {self.unit}s until {until}{refused}")


def summary(
    orders: Any,
    *,
    customer: str,
    time: str,
    amount: str | None = None,
    order: str | None = None,
    unit: Unit = "week",
    collapse: Literal["day", "unit", "none"] = "day",
    calibration_end: Any = None,
    observation_end: Any = None,
    first_order: Literal["drop", "keep"] = "drop",
    money: Literal["mean", "total"] = "mean",
    refunds: Literal["net", "own_time", "ignore"] = "net",
    zero: Literal["count", "ignore"] = "count",
    scale: int = 2,
    timezone: str = "UTC",
    threads: int | None = None,
    on_bad_row: Literal["refuse", "raise"] = "refuse",
    progress: Callable[[float], object] | None = None,
    workspace: Workspace | None = None,
) -> SummaryResult:
    """Frequency, recency, T and money of every customer, as lifetime value models read them.

    Parameters
    ----------
    orders : table
        One row for each order, or order line where `order` is given: a pandas or Polars DataFrame, a
        pyarrow Table, a DuckDB relation, anything with ``__arrow_c_stream__``, or a mapping from column
        names to arrays or lists. It is read in place where it can be, and never changed.
    customer, time : str
        Columns: ids (integers or strings); dates, time stamps or ISO 8601 text.
    amount : str, optional
        Column of money in major units (integers, floats or decimals). Without it every row is an order
        and the result has no money.
    order : str, optional
        Column of order ids (integers or strings). Rows of one customer with one id are one order, and a
        negative amount belongs to the order that it names. Without it every row is an order.
    unit : {"hour", "day", "week", "month", "quarter", "year"}
        Of times. Hours, days and weeks have one length; months, quarters and years are those of the
        calendar: whole ones and the share of the running one.
    collapse : {"day", "unit", "none"}
        Orders of one period count once: of one local day, times being exact from day to day; of one `unit`
        of the calendar (weeks begin on Monday), times being whole numbers; or of one instant.
    calibration_end : datetime, date, numpy.datetime64, pandas.Timestamp or str, optional
        The calibration ends with the period that holds it, so a date is the last day that counts. What
        comes after is held out, and reaches none of the columns of the calibration. Without a zone it is a
        wall clock of `timezone`; with ``collapse="none"`` a date is its first instant.
    observation_end : likewise, optional
        The last period that is looked at holds it; rows after it wait. Default: the newest time in the rows.
    first_order : {"drop", "keep"}
        Whether the money of the first period is in `monetary`. It never counts in `frequency`.
    money : {"mean", "total"}
        Mean of a customer's periods, or their sum.
    refunds : {"net", "own_time", "ignore"}
        What a negative amount does. It never counts as an order. ``net``: enters the money at the time of
        the order it names, else at its own; ``own_time``: at its own; ``ignore``: left out.
    zero : {"count", "ignore"}
        Whether an amount of zero is an order.
    scale : int
        Decimal digits of the currency's minor unit, 0 to 9.
    timezone : str
        IANA name: whose days and months count, and what a wall clock without a zone means.
    threads : int, optional
        Default: one for each core. The result is the same for any number.
    on_bad_row : {"refuse", "raise"}
        Whether a row that cannot be used is listed in ``.refused`` while the others go on, or fails the call.
    progress : callable, optional
        Called with the share done, 0 to 1, on the calling thread. What it raises stops the call.
    workspace : Workspace, optional
        Keeps scratch memory from call to call.

    Returns
    -------
    SummaryResult
        One row for each customer who ordered until `calibration_end`.

    Raises
    ------
    DataError
        No such column, a column of the wrong type, lengths that differ, no usable row, nobody who ordered,
        text that is no time, an end before the first order, money beyond int64, or a bad row with ``on_bad_row="raise"``.
    ArgumentError
        An option outside its domain, or `calibration_end` after the observation.
    PolicyError
        An unknown zone.
    KeyboardInterrupt
        Ctrl-C stops the call within 50 ms.

    Examples
    --------
    >>> import patron
    >>> orders = {
    ...     "customer": [7, 7, 7, 8, 7],
    ...     "date": ["2026-01-05", "2026-01-19", "2026-01-19", "2026-01-12", "2026-02-16"],
    ...     "total": [20.0, 35.5, 4.5, 12.0, 80.0],
    ... }
    >>> names = {"customer": "customer", "time": "date", "amount": "total"}
    >>> weeks = patron.ltv.summary(orders, **names, calibration_end="2026-02-02")
    >>> [weeks[c].to_list() for c in ("frequency", "recency", "T", "monetary")]
    [[1, 0], [2.0, 0.0], [4.0, 3.0], [40.0, 0.0]]
    >>> weeks["frequency_holdout"].to_list(), weeks["duration_holdout"].to_list()
    ([1, 0], [2.0, 2.0])
    """
    names = {"customer": customer, "time": time, "amount": amount, "order": order}
    roles = _options.order_roles(("amount", "order"), **names)
    _options.timezone(timezone)
    options = _ffi.patron_ltv_summary_options.init()
    keep: list[object] = [options]
    _options.set_texts(options, keep, **names, timezone=timezone)
    _options.set_choices(
        options,
        CHOICES,
        unit=unit,
        collapse=collapse,
        first_order=first_order,
        money=money,
        refunds=refunds,
        zero=zero,
        on_bad_row=on_bad_row,
    )
    options.scale = _options.whole("scale", scale)
    options.threads = _options.threads(threads)
    if workspace is not None:
        options.workspace = _workspace.pointer_of(workspace)
        keep.append(workspace)
    for field, end in (("calibration_end", calibration_end), ("observation_end", observation_end)):
        if end is not None:
            micros = ctypes.c_int64(micros_of(end, timezone, field))
            setattr(options, field, _options.address(micros, keep))
    handle = compute(
        lib.patron_ltv_summary_compute,
        _inputs.open_table(orders, roles),
        options,
        Watcher(progress),
        out=_ffi.patron_ltv_summary_p,
        close=lib.patron_ltv_summary_close,
    )
    pointer = handle.pointer
    result: SummaryResult = SummaryResult._wrap(
        _native.take_table(lib.patron_ltv_summary_table, pointer)
    )
    counts = set_counts(result, lib.patron_ltv_summary_refused, lib.patron_ltv_summary_counts, pointer)
    result.later_customers = counts.later_customers
    result.without_orders = counts.without_orders
    result.calibration_end = None
    if calibration_end is not None:
        result.calibration_end = datetime_of(counts.calibration_end, timezone)
    result.observation_end = datetime_of(counts.observation_end, timezone)
    result.unit = unit
    result.first_order = first_order
    result.money = money
    return result


def set_counts(result: Any, refused_of: Any, counts_of: Any, pointer: Any) -> Any:
    """Sets what summaries and historic values count alike; gives the counts."""
    result.refused = Table._wrap(_native.take_table(refused_of, pointer))
    counts = _ffi.patron_ltv_counts.init()
    _native.call(counts_of, pointer, ctypes.byref(counts))
    result.rows = counts.rows
    result.rounded = counts.rounded_rows
    result.waiting = counts.waiting_rows
    result.zero_amounts = counts.zero_rows
    result.refunds = counts.refund_rows
    return counts
