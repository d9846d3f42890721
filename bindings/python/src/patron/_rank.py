"""Rank: A/B/C by cumulative share, the top percent, the top n."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

from . import _ffi, _inputs, _native, _options
from ._native import lib
from ._table import Table, render
from .errors import ArgumentError

__all__ = ["RankResult", "rank"]


class RankResult(Table):
    """What `rank` gives: a `Table` with one row for each value, in the order of the input.

    The columns are ``rank`` (int64, 1 for the highest; equal values share the smallest), ``cumulative_share``
    (float64, of the total, to the end of the group of equals) and ``class`` (int8, 0 for the first). A null
    value has null in all of them.

    Attributes
    ----------
    cuts : list of float
        The smallest value that each class but the last admits.
    members : list of int
        How many values each class has, the last one included.
    ranked : int
        How many values are not null.
    """

    cuts: list[float]
    members: list[int]
    ranked: int

    def __repr__(self) -> str:
        return render(self, f"patron.RankResult (members {self.members})")


def rank(
    values: Any,
    *,
    share: float | Sequence[float] | None = None,
    top: int | None = None,
    top_percent: float | Sequence[float] | None = None,
) -> RankResult:
    """Ranks values from the top, and cuts them into classes. Exactly one of the three is given.

    Equal values are one group and never come into different classes.

    Parameters
    ----------
    values : sequence of numbers, shape (n,)
        A column of a `Table`, a Series, an array, or a list of int, float, Decimal or None.
    share : float or sequence of float
        Cumulative shares of the total, increasing, each in (0, 1]: ``(0.8, 0.95)`` makes A, B and C. Who
        crosses a share is inside it. Values must not be negative.
    top : int
        A number of seats. A group of equals that does not fit whole stays out.
    top_percent : float or sequence of float
        Cumulative percents of the values that are not null, increasing, each in (0, 100].

    Returns
    -------
    RankResult

    Raises
    ------
    ArgumentError
        None or several of `share`, `top` and `top_percent`; shares that do not increase or lie outside
        their range; a negative value where shares are asked for, with its row.
    DataError
        No numbers, none that is not null, or one that is NaN or infinite, with its row.

    Examples
    --------
    >>> import patron
    >>> abc = patron.rank([500, 20, 300, 30, 150], share=(0.8, 0.95))
    >>> ["ABC"[c] for c in abc["class"]]
    ['A', 'C', 'A', 'C', 'B']
    >>> abc.members, abc.cuts
    ([2, 1, 2], [300.0, 150.0])
    """
    options_given = {"share": share, "top": top, "top_percent": top_percent}
    given = [name for name, value in options_given.items() if value is not None]
    if len(given) != 1:
        raise ArgumentError(
            "give exactly one of share=, top= and top_percent=, "
            + (f"not {' and '.join(given)}" if given else "such as share=(0.8, 0.95)")
        )
    options = _ffi.patron_rank_options.init()
    limits = _limits(given[0], share if share is not None else top_percent)
    seats = ctypes.c_int64(0)
    if share is not None:
        options.shares, options.share_count = ctypes.addressof(limits), len(limits)
    elif top_percent is not None:
        options.top_percents, options.top_percent_count = ctypes.addressof(limits), len(limits)
    else:
        seats.value = _options.whole("top", top, 2**63)
        options.top = ctypes.addressof(seats)
    table, column = _inputs.open_values(values, "values")
    handle = _native.take(
        lib.patron_rank_compute,
        table.pointer,
        *_native.text(column),
        ctypes.byref(options),
        out=_ffi.patron_rank_p,
        close=lib.patron_rank_close,
    )
    return _result(handle)


def _limits(name: str, values: float | Sequence[float] | None) -> Any:
    if values is None:
        return (ctypes.c_double * 0)()
    listed = [values] if isinstance(values, (int, float)) else values
    try:
        numbers = [float(v) for v in listed]
    except (OverflowError, TypeError, ValueError):
        raise ArgumentError(f"{name}={values!r:.60}: give a number or a sequence of numbers") from None
    return (ctypes.c_double * len(numbers))(*numbers)


def _result(handle: _native.Handle) -> RankResult:
    result: RankResult = RankResult._wrap(
        _native.take_table(lib.patron_rank_table, handle.pointer)
    )
    summary = _ffi.patron_rank_summary.init()
    _native.call(lib.patron_rank_describe, handle.pointer, ctypes.byref(summary))
    result.cuts = _array(ctypes.c_double, summary.cuts, summary.cut_count)
    result.members = _array(ctypes.c_int64, summary.members, summary.class_count)
    result.ranked = summary.ranked
    return result


def _array(kind: Any, address: int | None, count: int) -> list[Any]:
    return list((kind * count).from_address(address)) if address and count else []
