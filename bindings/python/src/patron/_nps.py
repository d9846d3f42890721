"""Feedback scores: NPS, CSAT and CES with intervals, by group, by kind, by topic, and over time."""

from __future__ import annotations

import ctypes
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from . import _ffi, _native, _options
from ._native import lib
from ._nps_options import INTERVALS, Selection, method_of
from ._nps_results import CesResult, CsatResult, FeedbackScore, NpsChange, NpsResult
from ._progress import Watcher

__all__ = [
    "CesResult",
    "CsatResult",
    "FeedbackScore",
    "NpsChange",
    "NpsResult",
    "ces",
    "csat",
    "nps",
    "nps_difference",
]


def nps(
    scores: Any,
    *,
    score: str | None = None,
    group: Any = None,
    kind: Any = None,
    only: str | int | None = None,
    customer: Any = None,
    time: Any = None,
    as_of: Any = None,
    window: str | dt.timedelta | None = None,
    timezone: str = "UTC",
    topics: Sequence[str] | Mapping[str, Any] = (),
    population: int | None = None,
    interval: Literal["auto", "wald", "adjusted_wald", "score"] = "auto",
    confidence: float = 0.95,
    threads: int | None = None,
    on_bad_row: Literal["refuse", "raise"] = "refuse",
    progress: Callable[[float], object] | None = None,
) -> NpsResult:
    """The net promoter score of responses of 0 to 10, with an interval that holds for small samples.

    Parameters
    ----------
    scores : sequence of numbers, shape (n,), or table
        The responses: a Series, an array, a list, a column of a `Table`. Or anything tabular (DataFrame,
        relation, mapping of columns) together with `score`, the name of its column.
    score : str, optional
        Column of the responses; then `group`, `kind`, `customer`, `time` and `topics` are names of columns
        too. Without it they are sequences as long as `scores`.
    group : str or sequence of shape (n,), optional
        Integers or text: one score for each value, null last.
    kind : str or sequence of shape (n,), optional
        Integers or text: which survey a response belongs to, ``"relational"`` or ``"transactional"`` for
        one. Kinds are never mixed: each has scores of its own. At most 64.
    only : str or int, optional
        Use only this kind.
    customer : str or sequence of shape (n,), optional
        Ids: only the last response of each customer and kind counts. Needs `time`.
    time : str or sequence of shape (n,), optional
        Dates, time stamps or ISO 8601 text.
    as_of : datetime, date, numpy.datetime64, pandas.Timestamp or str, optional
        The instant of evaluation; later responses wait. Default: the newest time. Needs `time`.
    window : str or timedelta, optional
        Use only responses in (as_of - window, as_of]: ``"90d"``, ``"12mo"``. Needs `time`.
    timezone : str
        IANA name: what a wall clock without a zone means.
    topics : sequence of str, or mapping of str to sequence of shape (n,)
        What responses mention: a bool column is one topic, named as the column; the values of an integer or
        text column are topics. ``.drivers`` says what each does to the score.
    population : int, optional
        How many customers there are to ask: the finite population correction. Not with `group`.
    interval : {"auto", "wald", "adjusted_wald", "score"}
        docs/nps.md says when to use which; "auto" is "adjusted_wald".
    confidence : float
        Of the interval, in (0, 1).
    threads : int, optional
        Default: one for each core. The result is the same for any number.
    on_bad_row : {"refuse", "raise"}
        Whether a row that cannot be used is listed in ``.refused`` while the others go on, or fails the call.
    progress : callable, optional
        Called with the share done, 0 to 1, on the calling thread. What it raises stops the call.

    Returns
    -------
    NpsResult
        One row for each kind and group; the score of everybody is in its attributes.

    Raises
    ------
    DataError
        No such column, a column of the wrong type, lengths that differ, no usable row, or a bad row with
        ``on_bad_row="raise"`` (with its row).
    ArgumentError
        An option outside its domain, or with ``on_bad_row="raise"`` a score outside the scale.

    Examples
    --------
    >>> import patron
    >>> result = patron.nps([10, 9, 9, 8, 7, 3, 10, 0, 9, 5])
    >>> result.score, result.promoters, result.passives, result.detractors
    (20.0, 5, 2, 3)
    >>> round(result.low, 1), round(result.high, 1)
    (-30.3, 61.1)
    >>> by_team = patron.nps([10, 9, 3, 8], group=["b", "a", "a", "b"])
    >>> by_team["group"].to_list(), by_team["score"].to_list()
    (['a', 'b'], [0.0, 50.0])
    """
    method = method_of(_ffi.PATRON_QUESTION_NPS, interval, confidence)
    selection = Selection(score, group, kind, only, customer, time, as_of, window, timezone, topics)
    return selection.compute(
        NpsResult, scores, method, population, threads, on_bad_row, Watcher(progress)
    )


def csat(
    scores: Any,
    *,
    scale: int | tuple[int, int] = 5,
    top_boxes: int = 2,
    score: str | None = None,
    group: Any = None,
    kind: Any = None,
    only: str | int | None = None,
    customer: Any = None,
    time: Any = None,
    as_of: Any = None,
    window: str | dt.timedelta | None = None,
    timezone: str = "UTC",
    topics: Sequence[str] | Mapping[str, Any] = (),
    population: int | None = None,
    interval: Literal["auto", "wald", "adjusted_wald", "score"] = "auto",
    confidence: float = 0.95,
    threads: int | None = None,
    on_bad_row: Literal["refuse", "raise"] = "refuse",
    progress: Callable[[float], object] | None = None,
) -> CsatResult:
    """The share of satisfied customers in percent: of responses in the top boxes of a scale.

    Parameters
    ----------
    scores : sequence of numbers, shape (n,), or table
        The responses, as in `nps`.
    scale : int or (int, int)
        The highest score, the lowest being 1; or both. At most 11 scores.
    top_boxes : int
        How many of the best scores count as satisfied: of 1 to 5 with 2, these are 4 and 5.
    score, group, kind, only, customer, time, as_of, window, timezone, topics, population
        As in `nps`.
    interval : {"auto", "wald", "adjusted_wald", "score"}
        "auto" is "score", Wilson's; "adjusted_wald" is Agresti and Coull's.
    confidence, threads, on_bad_row, progress
        As in `nps`.

    Returns
    -------
    CsatResult

    Raises
    ------
    DataError, ArgumentError
        As `nps`.

    Examples
    --------
    >>> import patron
    >>> result = patron.csat([5, 4, 4, 2, 1, 5, 3, 5])
    >>> result.score, result.satisfied, round(result.low, 1), round(result.high, 1)
    (62.5, 5, 30.6, 86.3)
    """
    method = method_of(_ffi.PATRON_QUESTION_CSAT, interval, confidence, scale)
    method.top_boxes = _options.whole("top_boxes", top_boxes)
    selection = Selection(score, group, kind, only, customer, time, as_of, window, timezone, topics)
    return selection.compute(
        CsatResult, scores, method, population, threads, on_bad_row, Watcher(progress)
    )


def ces(
    scores: Any,
    *,
    scale: int | tuple[int, int] = 7,
    score: str | None = None,
    group: Any = None,
    kind: Any = None,
    only: str | int | None = None,
    customer: Any = None,
    time: Any = None,
    as_of: Any = None,
    window: str | dt.timedelta | None = None,
    timezone: str = "UTC",
    topics: Sequence[str] | Mapping[str, Any] = (),
    population: int | None = None,
    interval: Literal["auto", "wald", "student"] = "auto",
    confidence: float = 0.95,
    threads: int | None = None,
    on_bad_row: Literal["refuse", "raise"] = "refuse",
    progress: Callable[[float], object] | None = None,
) -> CesResult:
    """The customer effort score: the mean of the responses. For the share that found it easy use `csat`.

    Parameters
    ----------
    scores : sequence of numbers, shape (n,), or table
        The responses, as in `nps`.
    scale : int or (int, int)
        The highest score, the lowest being 1; or both. At most 11 scores.
    score, group, kind, only, customer, time, as_of, window, timezone, topics, population
        As in `nps`.
    interval : {"auto", "wald", "student"}
        "auto" is "student": Student's t on the mean.
    confidence, threads, on_bad_row, progress
        As in `nps`.

    Returns
    -------
    CesResult

    Raises
    ------
    DataError, ArgumentError
        As `nps`.

    Examples
    --------
    >>> import patron
    >>> result = patron.ces([3, 5, 5, 7])
    >>> result.score, round(result.low, 2), result.high
    (5.0, 2.4, 7.0)
    """
    method = method_of(_ffi.PATRON_QUESTION_CES, interval, confidence, scale)
    selection = Selection(score, group, kind, only, customer, time, as_of, window, timezone, topics)
    return selection.compute(
        CesResult, scores, method, population, threads, on_bad_row, Watcher(progress)
    )


def nps_difference(
    a: Any,
    b: Any,
    *,
    interval: Literal["auto", "wald", "adjusted_wald", "score", "student"] = "auto",
    confidence: float = 0.95,
) -> NpsChange:
    """Whether the scores of two independent samples (two periods, two groups) differ: a - b.

    Parameters
    ----------
    a, b : NpsResult, CsatResult or CesResult, or responses for `nps`
        Two results for the same question and scale, each of one kind.
    interval : {"auto", "wald", "adjusted_wald", "score", "student"}
        As in `nps`, `csat` and `ces`, by the question of the results.
    confidence : float
        Of the interval, in (0, 1).

    Returns
    -------
    NpsChange

    Raises
    ------
    ArgumentError
        Results of different questions or scales, of several kinds, or an interval that the question has not.

    Examples
    --------
    >>> import patron
    >>> now = patron.nps([10] * 80 + [8] * 25 + [3] * 15)
    >>> before = patron.nps([10] * 50 + [8] * 30 + [3] * 20)
    >>> change = patron.nps_difference(now, before)
    >>> round(change.difference, 1), round(change.p, 3)
    (24.2, 0.018)
    """
    first, second = (x if isinstance(x, NpsResult) else nps(x) for x in (a, b))
    change = _ffi.patron_nps_change.init()
    _native.call(
        lib.patron_nps_difference,
        first._pointer.pointer,
        second._pointer.pointer,
        _options.choose("interval", interval, INTERVALS),
        _options.number("confidence", confidence),
        ctypes.byref(change),
    )
    fields = ("difference", "standard_error", "low", "high", "z", "p", "degrees")
    return NpsChange(**{name: getattr(change, name) for name in fields})
