"""Feedback scores: NPS, CSAT and CES with intervals, by group, by kind, by topic, and over time."""

from __future__ import annotations

import ctypes
import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from . import _ffi, _inputs, _native
from ._instants import datetime_of, micros_of, period_of
from ._native import lib
from ._progress import Watcher
from ._table import Column, Table, render
from .errors import ArgumentError, CallbackError

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

_INTERVALS = {
    "auto": _ffi.PATRON_INTERVAL_AUTO,
    "wald": _ffi.PATRON_INTERVAL_WALD,
    "adjusted_wald": _ffi.PATRON_INTERVAL_ADJUSTED_WALD,
    "score": _ffi.PATRON_INTERVAL_SCORE,
    "student": _ffi.PATRON_INTERVAL_STUDENT,
}
_BAD_ROWS = {"refuse": _ffi.PATRON_BAD_ROW_REFUSE, "raise": _ffi.PATRON_BAD_ROW_FAIL}


@dataclass(frozen=True)
class FeedbackScore:
    """The score of everybody of one kind of survey.

    Attributes
    ----------
    kind : str
        The value of the kind column; empty where there is none.
    count : int
        Responses.
    promoters, passives, detractors : int
        Of NPS. Of CSAT, promoters are those who are satisfied and detractors the others; of CES all are 0.
    score : float
        NPS: -100 to 100. CSAT: 0 to 100. CES: on its own scale.
    standard_error : float or None
        In the unit of the score; None for a CES of one response.
    low, high : float
        The interval.
    """

    kind: str
    count: int
    promoters: int
    passives: int
    detractors: int
    score: float
    standard_error: float | None
    low: float
    high: float


@dataclass(frozen=True)
class NpsChange:
    """The difference of two scores.

    Attributes
    ----------
    difference : float
        The first less the second, as observed.
    standard_error : float
        Of the difference, as the interval's method estimates it.
    low, high : float
        The interval.
    z : float
        The statistic of "no difference"; t for ``"student"``.
    p : float
        Two-sided.
    degrees : float
        Of freedom, for ``"student"``; else 0.
    """

    difference: float
    standard_error: float
    low: float
    high: float
    z: float
    p: float
    degrees: float


class NpsResult(Table):
    """What `nps` gives: a `Table` with one row for each kind and group.

    The columns are ``kind`` and ``group`` where such columns were named, ``count``, ``promoters``,
    ``passives``, ``detractors`` (int64), ``score``, ``standard_error``, ``low`` and ``high`` (float64, -100 to
    100). The attributes ``score``, ``count``, ``promoters``, ``passives``, ``detractors``,
    ``standard_error``, ``low`` and ``high`` are those of everybody, where there is one kind.

    Attributes
    ----------
    kinds : dict of str to FeedbackScore
        The score of everybody, by kind of survey; without a kind column the key is empty.
    drivers : Table
        One row for each topic: ``topic``, ``mentions``, ``score_with``, ``score_without``, ``effect``,
        ``low``, ``high`` (and ``kind``).
    refused : Table
        The rows that could not be used: ``row`` (zero-based), ``column``, ``reason``.
    rows, waiting, old, superseded, other : int
        How many rows were read, lie after `as_of`, before the window, are not the last of their
        customer, are of other kinds than `only`.
    as_of : datetime or None
        The instant of evaluation, where a time column was named.
    """

    kinds: dict[str, FeedbackScore]
    drivers: Table
    refused: Table
    rows: int
    waiting: int
    old: int
    superseded: int
    other: int
    as_of: dt.datetime | None
    _pointer: _native.Handle

    @property
    def overall(self) -> FeedbackScore:
        """The score of everybody. Kinds of surveys are not mixed: with several, look at ``.kinds``."""
        if len(self.kinds) == 1:
            return next(iter(self.kinds.values()))
        names = ", ".join(repr(kind) for kind in self.kinds)
        raise ArgumentError(f"responses of several kinds ({names}): look at .kinds, or give only=")

    @property
    def count(self) -> int:
        """Responses."""
        return self.overall.count

    @property
    def promoters(self) -> int:
        """Responses of 9 and 10."""
        return self.overall.promoters

    @property
    def passives(self) -> int:
        """Responses of 7 and 8."""
        return self.overall.passives

    @property
    def detractors(self) -> int:
        """Responses of 0 to 6."""
        return self.overall.detractors

    @property
    def score(self) -> float:
        """The score of everybody."""
        return self.overall.score

    @property
    def standard_error(self) -> float | None:
        """Of the score."""
        return self.overall.standard_error

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return self.overall.low

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return self.overall.high

    def __repr__(self) -> str:
        said = ", ".join(
            f"{kind + ': ' if kind else ''}{one.score:.1f} [{one.low:.1f}, {one.high:.1f}]"
            for kind, one in self.kinds.items()
        )
        count = len(self.refused)
        refused = f", {count} row{'s' if count != 1 else ''} refused" if count else ""
        return render(self, f"patron.{type(self).__name__} {said}{refused}")


class CsatResult(NpsResult):
    """What `csat` gives: as `NpsResult`, with the column ``satisfied`` in place of the three classes."""

    @property
    def satisfied(self) -> int:
        """Responses in the top boxes."""
        return self.overall.promoters


class CesResult(NpsResult):
    """What `ces` gives: as `NpsResult`, without classes; the score is a mean on the scale."""


_Result = TypeVar("_Result", bound=NpsResult)


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
    method = _method(_ffi.PATRON_QUESTION_NPS, interval, confidence)
    options = _Options(score, group, kind, only, customer, time, as_of, window, timezone, topics)
    return options.compute(
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
    method = _method(_ffi.PATRON_QUESTION_CSAT, interval, confidence, scale)
    method.top_boxes = _whole("top_boxes", top_boxes)
    options = _Options(score, group, kind, only, customer, time, as_of, window, timezone, topics)
    return options.compute(
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
    method = _method(_ffi.PATRON_QUESTION_CES, interval, confidence, scale)
    options = _Options(score, group, kind, only, customer, time, as_of, window, timezone, topics)
    return options.compute(
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
        _choose("interval", interval, _INTERVALS),
        _number("confidence", confidence),
        ctypes.byref(change),
    )
    fields = ("difference", "standard_error", "low", "high", "z", "p", "degrees")
    return NpsChange(**{name: getattr(change, name) for name in fields})


# -- Options ---------------------------------------------------------------------------------------


@dataclass
class _Options:
    """What the three functions share."""

    score: str | None
    group: Any
    kind: Any
    only: Any
    customer: Any
    time: Any
    as_of: Any
    window: Any
    timezone: str
    topics: Any

    def compute(
        self,
        result_type: type[_Result],
        scores: Any,
        method: Any,
        population: int | None,
        threads: int | None,
        on_bad_row: str,
        watcher: Watcher,
    ) -> _Result:
        options = _ffi.patron_nps_options.init()
        keep: list[object] = [method]
        options.on_bad_row = _choose("on_bad_row", on_bad_row, _BAD_ROWS)
        options.method = ctypes.addressof(method)
        if not isinstance(self.timezone, str) or not self.timezone:
            raise ArgumentError(
                f"timezone={self.timezone!r}: give an IANA name such as 'Asia/Shanghai'"
            )
        options.timezone = _borrow(self.timezone, keep)
        if self.only is not None:
            options.only = _borrow(str(self.only), keep)
        if self.as_of is not None:
            options.as_of = _address(ctypes.c_int64(micros_of(self.as_of, self.timezone)), keep)
        if self.window is not None:
            options.window = _address(period_of(self.window), keep)
        if population is not None:
            value = ctypes.c_int64(_whole("population", population))
            options.population = _address(value, keep)
        options.threads = 0 if threads is None else _threads(threads)
        table = self._open(scores, options, keep)
        handle = _run(table, options, watcher)
        return _result(result_type, handle, self.timezone if self.time is not None else None)

    def _open(self, scores: Any, options: Any, keep: list[object]) -> _native.Handle:
        """Opens the columns and sets their names."""
        parts = (("group", "id"), ("kind", "id"), ("customer", "id"), ("time", "time"))
        given = [(name, role, getattr(self, name)) for name, role in parts]
        given = [part for part in given if part[2] is not None]
        if self.score is None:
            return self._open_sequences(scores, given, options, keep)
        roles = {_name("score", self.score): "amount"}
        options.score = _borrow(self.score, keep)
        for option, role, name in given:
            roles.setdefault(_name(option, name), role)
            setattr(options, option, _borrow(name, keep))
        if isinstance(self.topics, (str, bytes)) or not isinstance(self.topics, Sequence):
            raise ArgumentError(f"topics={self.topics!r:.60}: give a list of names of columns")
        for name in self.topics:
            roles.setdefault(_name("topics", name), "any")
        _set_topics(options, self.topics, keep)
        if isinstance(scores, Mapping):
            scores = {
                name: _mentions(name, values) if name in self.topics else values
                for name, values in scores.items()
            }
        return _inputs.open_table(scores, roles)

    def _open_sequences(
        self, scores: Any, given: list[tuple[str, str, Any]], options: Any, keep: list[object]
    ) -> _native.Handle:
        for option, _, values in given:
            if isinstance(values, (str, bytes)):
                raise ArgumentError(
                    f"{option}={values!r}: a name of a column needs score=, the name of the "
                    "column of scores; or give a sequence as long as the scores"
                )
        if not isinstance(self.topics, Mapping) and len(self.topics) > 0:
            raise ArgumentError("topics: give a mapping of names to sequences, or names and score=")
        if not given and not self.topics and isinstance(scores, Column):
            options.score = _borrow(scores.name, keep)
            return _inputs.open_values(scores, "scores")[0]
        topics = dict(self.topics or {})
        columns = {"scores": scores}
        roles = {"scores": "amount"}
        for option, role, values in given:
            columns[option], roles[option] = values, role
            setattr(options, option, _borrow(option, keep))
        for name, values in topics.items():
            if _name("topics", name) in columns:
                raise ArgumentError(f"topics: another name than {name!r}, please")
            columns[name], roles[name] = _mentions(name, values), "any"
        options.score = _borrow("scores", keep)
        _set_topics(options, list(topics), keep)
        return _inputs.open_table(columns, roles)


def _mentions(name: str, values: Any) -> Any:
    """A list of truth values as the texts of one topic; anything else as it is."""
    if isinstance(values, (list, tuple)) and any(isinstance(v, bool) for v in values):
        return [name if v else None for v in values]
    return values


def _set_topics(options: Any, topics: Sequence[str], keep: list[object]) -> None:
    names = (_ffi.patron_str * len(topics))(*(_borrow(name, keep) for name in topics))
    if len(topics) > 0:
        options.topics, options.topic_count = _address(names, keep), len(topics)


def _method(
    question: int, interval: str, confidence: float, scale: int | tuple[int, int] = 5
) -> Any:
    method = _ffi.patron_nps_method.init()
    method.question = question
    method.interval = _choose("interval", interval, _INTERVALS)
    method.confidence = _number("confidence", confidence)
    ends = (1, scale) if not isinstance(scale, Sequence) else tuple(scale)
    if len(ends) != 2:
        raise ArgumentError(f"scale={scale!r}: give the highest score, or the lowest and the highest")
    method.lowest, method.highest = (_whole("scale", end) for end in ends)
    return method


def _run(table: _native.Handle, options: Any, watcher: Watcher) -> _native.Handle:
    watcher.attach(options)
    try:
        handle = _native.take(
            lib.patron_nps_compute,
            table.pointer,
            ctypes.byref(options),
            out=_ffi.patron_nps_p,
            close=lib.patron_nps_close,
        )
    except CallbackError:
        if watcher.exception is None:
            raise
        raise watcher.exception from None
    if watcher.exception is not None:
        raise watcher.exception
    return handle


def _result(
    result_type: type[_Result], handle: _native.Handle, timezone: str | None
) -> _Result:
    pointer = handle.pointer
    result: _Result = result_type._wrap(_native.take_table(lib.patron_nps_table, pointer))
    result._pointer = handle
    result.drivers = Table._wrap(_native.take_table(lib.patron_nps_drivers, pointer))
    result.refused = Table._wrap(_native.take_table(lib.patron_nps_refused, pointer))
    summary = _ffi.patron_nps_summary.init()
    _native.call(lib.patron_nps_counts, pointer, ctypes.byref(summary))
    result.kinds = {}
    for index in range(summary.kinds):
        score = _ffi.patron_nps_score.init()
        _native.call(lib.patron_nps_overall, pointer, index, ctypes.byref(score))
        one = _score(score)
        result.kinds[one.kind] = one
    result.rows = summary.rows
    result.waiting = summary.waiting_rows
    result.old = summary.old_rows
    result.superseded = summary.superseded_rows
    result.other = summary.other_rows
    result.as_of = None if timezone is None else datetime_of(summary.as_of, timezone)
    return result


def _score(score: Any) -> FeedbackScore:
    error = score.standard_error
    return FeedbackScore(
        kind=score.kind.text(),
        count=score.count,
        promoters=score.promoters,
        passives=score.passives,
        detractors=score.detractors,
        score=score.score,
        standard_error=None if math.isnan(error) else error,
        low=score.low,
        high=score.high,
    )


def _name(option: str, name: Any) -> str:
    if not isinstance(name, str) or not name:
        raise ArgumentError(f"{option}={name!r:.60}: give the name of a column")
    return name


def _choose(option: str, value: Any, choices: Mapping[str, int]) -> int:
    if not isinstance(value, str) or value not in choices:
        raise ArgumentError(f"{option}={value!r}: give one of {', '.join(map(repr, choices))}")
    return choices[value]


def _whole(option: str, value: Any) -> int:
    limit = 2**63 if option == "population" else 2**31
    if isinstance(value, bool) or not hasattr(value, "__index__") or not -limit <= value < limit:
        raise ArgumentError(f"{option}={value!r}: give a whole number")
    return int(value)


def _threads(value: Any) -> int:
    if _whole("threads", value) < 1:
        raise ArgumentError(f"threads={value!r}: give 1 or more, or None for one on each core")
    return int(value)


def _number(option: str, value: Any) -> float:
    if isinstance(value, (str, bytes, bool)) or not hasattr(value, "__float__"):
        raise ArgumentError(f"{option}={value!r}: give a number, such as 0.95")
    return float(value)


def _borrow(value: str, keep: list[object]) -> Any:
    data = value.encode("utf-8", "surrogatepass")
    keep.append(data)
    return _ffi.patron_str.of(data)


def _address(value: Any, keep: list[object]) -> int:
    keep.append(value)
    return ctypes.addressof(value)
