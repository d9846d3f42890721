"""RFM: raw orders in, scored and named customers out."""

from __future__ import annotations

import ctypes
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from . import _ffi, _inputs, _native, _options, _workspace
from ._cuts import METHODS, RfmCuts
from ._instants import datetime_of, micros_of, period_of
from ._native import lib
from ._progress import Watcher, compute
from ._segments import SegmentTable, segment_table
from ._table import Table, render
from ._workspace import Workspace
from .errors import ArgumentError

__all__ = ["RfmResult", "rfm"]

_AXES = ("recency", "frequency", "monetary")
_CHOICES = {
    "refunds": {
        "net": _ffi.PATRON_REFUNDS_NET,
        "own_time": _ffi.PATRON_REFUNDS_OWN_TIME,
        "ignore": _ffi.PATRON_REFUNDS_IGNORE,
    },
    "zero": {"ignore": _ffi.PATRON_ZERO_IGNORE, "count": _ffi.PATRON_ZERO_COUNT},
    "octant_names": {"classic": _ffi.PATRON_OCTANTS_CLASSIC, "ve": _ffi.PATRON_OCTANTS_VE},
    "language": {"en": _ffi.PATRON_LANGUAGE_EN, "zh": _ffi.PATRON_LANGUAGE_ZH},
    "on_gap": {"error": _ffi.PATRON_GAP_ERROR, "null": _ffi.PATRON_GAP_NULL},
    "on_overlap": {"error": _ffi.PATRON_OVERLAP_ERROR, "first": _ffi.PATRON_OVERLAP_FIRST},
    "on_bad_row": _options.BAD_ROWS,
}


class RfmResult(Table):
    """What `rfm` gives: a `Table` with one row for each customer, in the order of their ids.

    ==============  =========================  =====================================================
    column          type                       meaning
    ==============  =========================  =====================================================
    customer        int64 or utf8              the id
    first_order     timestamp[us, zone]        null for who never bought
    last_order      timestamp[us, zone]        likewise
    orders          int64                      all orders until `as_of`
    order_days      int64                      distinct local days of those orders
    recency_days    int64                      whole local days from last_order to `as_of`
    frequency       int64                      order days in the window
    monetary        float64                    net money in the window, major units
    monetary_minor  int64                      the same, exact, in minor units
    r, f, m         int8                       1 (worst) to the number of bins; 0: never bought
    code            int32                      the digits r f m (two each where an axis has 10 bins)
    segment         dictionary of utf8         the name in the segment table
    octant          dictionary of utf8         the value octant
    ==============  =========================  =====================================================

    Attributes
    ----------
    cuts : RfmCuts
        The cuts that made the scores; hand them to another `rfm` to score by the same yardstick.
    refused : Table
        The rows that could not be used: ``row`` (zero-based), ``column``, ``reason``.
    rows, rounded, waiting, zero_amounts, refunds : int
        How many rows were read, had an amount that is no multiple of the minor unit, lie after `as_of`,
        had an amount of zero, had a negative amount.
    as_of : datetime
        The instant of evaluation, in the zone of the call.
    """

    cuts: RfmCuts
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
        title = f"patron.RfmResult as of {self.as_of:%Y-%m-%d %H:%M:%S %Z}{refused}"
        return render(self, title, keep=("segment", "octant"))


def rfm(
    orders: Any,
    *,
    customer: str,
    time: str,
    amount: str,
    order: str | None = None,
    as_of: Any = None,
    window: str | dt.timedelta | None = None,
    scores: int | Sequence[int] = 5,
    method: str | Sequence[str] | Mapping[str, str] = "quantile",
    cuts: RfmCuts | Mapping[str, Sequence[float]] | None = None,
    table: str | SegmentTable | Sequence[Mapping[str, Any]] | None = "eleven",
    refunds: Literal["net", "own_time", "ignore"] = "net",
    zero: Literal["ignore", "count"] = "ignore",
    scale: int = 2,
    timezone: str = "UTC",
    threads: int | None = None,
    octant: Any = "mean",
    octant_names: Literal["classic", "ve"] = "classic",
    language: Literal["en", "zh"] = "en",
    on_gap: Literal["error", "null"] = "error",
    on_overlap: Literal["error", "first"] = "error",
    on_bad_row: Literal["refuse", "raise"] = "refuse",
    progress: Callable[[float], object] | None = None,
    workspace: Workspace | None = None,
) -> RfmResult:
    """Recency, frequency and monetary value of every customer, with scores and segments.

    Parameters
    ----------
    orders : table
        One row for each order, or order line where `order` is given: a pandas or Polars DataFrame, a
        pyarrow Table, a DuckDB relation, anything with ``__arrow_c_stream__``, or a mapping from column
        names to arrays or lists. It is read in place where it can be, and never changed.
    customer, time, amount : str
        Columns: ids (integers or strings); dates, time stamps or ISO 8601 text; money in major units
        (integers, floats or decimals).
    order : str, optional
        Column of order ids (integers or strings). Rows of one customer with one id are one order, and a
        negative amount belongs to the order that it names. Without it every row is an order.
    as_of : datetime, date, numpy.datetime64, pandas.Timestamp or str, optional
        The instant of evaluation. Rows after it wait: they are counted, not used. Without a zone it is a
        wall clock of `timezone`; a date is its local midnight, so orders later that day wait. Default: the
        newest time in the rows.
    window : str or timedelta, optional
        Frequency and money look at (as_of - window, as_of]: ``"365d"``, ``"12mo"``, ``"2y"``. Default: all
        time. Recency always looks at all time.
    scores : int or (int, int, int)
        Bins of each axis, 2 to 10.
    method : {"quantile", "nearest", "fixed"}, or one of them for each axis
        Cuts at type 7 quantiles, at nearest ranks, or fixed ones given in `cuts`. For each axis: a sequence
        (r, f, m) or a mapping with the keys ``recency``, ``frequency``, ``monetary``.
    cuts : RfmCuts or mapping, optional
        The cuts of an earlier result; nothing is calibrated then, and `scores` and `method` stay at their
        defaults. Or fixed cuts: ``{"recency": [30, 90, 180, 365], ...}``, bins - 1 for each axis named, in
        days, order days and major units; other axes are calibrated.
    table : str, SegmentTable, list of rows or None
        Names the segments, see `segment_table`. ``"eleven"`` and the other built-in ones need five bins.
        None: the segment is null.
    refunds : {"net", "own_time", "ignore"}
        What a negative amount does. It never counts as an order. ``net``: enters the money at the time of
        the order it names, else at its own; ``own_time``: at its own; ``ignore``: left out.
    zero : {"ignore", "count"}
        Whether an amount of zero is an order.
    scale : int
        Decimal digits of the currency's minor unit, 0 to 9. Amounts are rounded to it, half to even; those
        that were no multiple of it within 1e-6 are counted in ``.rounded``.
    timezone : str
        IANA name: whose days count, and what a wall clock without a zone means.
    threads : int, optional
        Default: one for each core. The result is the same for any number.
    octant : {"mean", "median"} or (r, f, m)
        Where octants split the axes: at the mean, at the median, or each axis by its own choice, which may
        be a value (days, order days, major units).
    octant_names : {"classic", "ve"}
        Which of the two naming systems in use.
    language : {"en", "zh"}
        Of segment and octant names.
    on_gap : {"error", "null"}
        Whether a segment table that leaves scores without a name is refused, or gives null for them.
    on_overlap : {"error", "first"}
        Whether a segment table in which two rows claim the same scores is refused, or its first row wins.
    on_bad_row : {"refuse", "raise"}
        Whether a row that cannot be used is listed in ``.refused`` while the others go on, or fails the call.
    progress : callable, optional
        Called with the share done, 0 to 1, on the calling thread. What it raises stops the call.
    workspace : Workspace, optional
        Keeps scratch memory from call to call.

    Returns
    -------
    RfmResult
        One row for each customer.

    Raises
    ------
    DataError
        No such column, a column of the wrong type, lengths that differ, no usable row, `as_of` before the
        first order, money beyond int64, or a bad row with ``on_bad_row="raise"`` (with its row).
    ArgumentError
        An option outside its domain, or a segment table for other bins than the axes have.
    PolicyError
        An unknown zone, a window without a unit, or a segment table that is unknown or has gaps or
        overlaps.
    KeyboardInterrupt
        Ctrl-C stops the call within 50 ms.

    Examples
    --------
    >>> import patron
    >>> orders = {
    ...     "customer": [7, 7, 8, 9],
    ...     "date": ["2026-01-05", "2026-02-10", "2026-01-20", "2026-02-11"],
    ...     "total": [20.0, 35.5, 12.0, 80.0],
    ... }
    >>> scored = patron.rfm(orders, customer="customer", time="date", amount="total")
    >>> scored["customer"].to_list(), scored["frequency"].to_list()
    ([7, 8, 9], [2, 1, 1])
    >>> scored["monetary"].to_list(), scored["recency_days"].to_list()
    ([55.5, 12.0, 80.0], [1, 22, 0])
    """
    names = {"customer": customer, "time": time, "amount": amount, "order": order}
    roles = _options.order_roles(("order",), **names)
    _options.timezone(timezone)
    options = _ffi.patron_rfm_options.init()
    keep: list[object] = [options]

    _options.set_texts(options, keep, **names, timezone=timezone)
    _options.set_choices(
        options,
        _CHOICES,
        refunds=refunds,
        zero=zero,
        octant_names=octant_names,
        language=language,
        on_gap=on_gap,
        on_overlap=on_overlap,
        on_bad_row=on_bad_row,
    )
    options.scale = _options.whole("scale", scale)
    options.threads = _options.threads(threads)
    if workspace is not None:
        options.workspace = _workspace.pointer_of(workspace)
        keep.append(workspace)
    if as_of is not None:
        options.as_of = _options.address(ctypes.c_int64(micros_of(as_of, timezone)), keep)
    if window is not None:
        options.window = _options.address(period_of(window), keep)
    bins = _set_axes(options, scores, method, cuts, octant, keep)
    if table is not None:
        segments = segment_table(table, bins)
        keep.append(segments)
        options.segments = segments._handle.pointer.value

    handle = compute(
        lib.patron_rfm_compute,
        _inputs.open_table(orders, roles),
        options,
        Watcher(progress),
        out=_ffi.patron_rfm_p,
        close=lib.patron_rfm_close,
    )
    return _result(handle, timezone)


def _result(handle: _native.Handle, timezone: str) -> RfmResult:
    pointer = handle.pointer
    result: RfmResult = RfmResult._wrap(_native.take_table(lib.patron_rfm_table, pointer))
    result.refused = Table._wrap(_native.take_table(lib.patron_rfm_refused, pointer))
    result.cuts = RfmCuts(
        _native.take(
            lib.patron_rfm_cuts, pointer, out=_ffi.patron_cuts_p, close=lib.patron_cuts_close
        )
    )
    summary = _ffi.patron_rfm_summary.init()
    _native.call(lib.patron_rfm_counts, pointer, ctypes.byref(summary))
    result.rows = summary.rows
    result.rounded = summary.rounded_rows
    result.waiting = summary.waiting_rows
    result.zero_amounts = summary.zero_rows
    result.refunds = summary.refund_rows
    result.as_of = datetime_of(summary.as_of, timezone)
    return result


# -- Options ---------------------------------------------------------------------------------------


def _set_axes(
    options: Any, scores: Any, method: Any, cuts: Any, octant: Any, keep: list[object]
) -> int:
    """Sets the three axes or the frozen cuts; gives the bins of recency, those of a table of rows."""
    if isinstance(cuts, RfmCuts):
        if scores != 5 or method != "quantile":
            raise ArgumentError("cuts= are frozen and bring their own scores= and method=")
        keep.append(cuts)
        options.cuts = cuts._handle.pointer.value
        return cuts.recency.bins
    if cuts is not None and not isinstance(cuts, Mapping):
        raise ArgumentError(
            f"cuts={cuts!r:.60}: give an RfmCuts, or fixed cuts such as "
            '{"recency": [30, 90, 180, 365]}'
        )
    fixed: Mapping[str, Any] = cuts or {}
    _known_axes("cuts", fixed)
    bins = _per_axis("scores", scores)
    methods = _per_axis("method", method)
    splits = _per_axis("octant", octant)
    structs = []
    for axis, count, how, split in zip(_AXES, bins, methods, splits):
        struct = _ffi.patron_rfm_axis.init()
        struct.method = _options.choose(
            "method", how if axis not in fixed else "fixed", METHODS
        )
        struct.bins = _options.whole("scores", count)
        if axis in fixed:
            values = _options.numbers(f"cuts[{axis!r}]", fixed[axis])
            struct.cuts, struct.cut_count = _options.address(values, keep), len(values)
            if isinstance(scores, int):
                struct.bins = len(values) + 1
        elif how == "fixed":
            raise ArgumentError(f'method "fixed" for {axis} needs cuts={{"{axis}": [...]}}')
        _set_split(struct, split)
        setattr(options, axis, _options.address(struct, keep))
        structs.append(struct)
    return structs[0].bins


def _set_split(struct: Any, split: Any) -> None:
    if split == "mean":
        struct.octant_split = _ffi.PATRON_SPLIT_MEAN
    elif split == "median":
        struct.octant_split = _ffi.PATRON_SPLIT_MEDIAN
    else:
        struct.octant_split = _ffi.PATRON_SPLIT_VALUE
        try:
            struct.octant_value = float(split)
        except (OverflowError, TypeError, ValueError):
            raise ArgumentError(
                f'octant={split!r:.60}: give "mean", "median", or a value for each axis'
            ) from None


def _per_axis(option: str, value: Any) -> Sequence[Any]:
    if isinstance(value, Mapping):
        _known_axes(option, value)
        default = {"scores": 5, "method": "quantile", "octant": "mean"}[option]
        return [value.get(axis, default) for axis in _AXES]
    if isinstance(value, (str, bytes)) or not isinstance(value, Sequence):
        return [value] * 3
    if len(value) != 3:
        raise ArgumentError(f"{option}={value!r}: give one for all axes, or three: (r, f, m)")
    return value


def _known_axes(option: str, value: Mapping[str, Any]) -> None:
    for axis in value:
        if axis not in _AXES:
            raise ArgumentError(f"{option}: no axis {axis!r}; the axes are {', '.join(_AXES)}")
