"""What the functions of feedback scores give back: scores, tables with attributes, differences."""

from __future__ import annotations

import ctypes
import datetime as dt
import math
from dataclasses import dataclass
from typing import Any, TypeVar

from . import _ffi, _native
from ._instants import datetime_of
from ._native import lib
from ._table import Table, render
from .errors import ArgumentError


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


AnyResult = TypeVar("AnyResult", bound=NpsResult)


def result_of(
    result_type: type[AnyResult], handle: _native.Handle, timezone: str | None
) -> AnyResult:
    """The result behind a handle, of the class that the question has.

    `timezone` is None where no times were read.
    """
    pointer = handle.pointer
    result: AnyResult = result_type._wrap(_native.take_table(lib.patron_nps_table, pointer))
    result._pointer = handle
    result.drivers = Table._wrap(_native.take_table(lib.patron_nps_drivers, pointer))
    result.refused = Table._wrap(_native.take_table(lib.patron_nps_refused, pointer))
    summary = _ffi.patron_nps_summary.init()
    _native.call(lib.patron_nps_counts, pointer, ctypes.byref(summary))
    result.kinds = {}
    for index in range(summary.kinds):
        score = _ffi.patron_nps_score.init()
        _native.call(lib.patron_nps_overall, pointer, index, ctypes.byref(score))
        one = _score_of(score)
        result.kinds[one.kind] = one
    result.rows = summary.rows
    result.waiting = summary.waiting_rows
    result.old = summary.old_rows
    result.superseded = summary.superseded_rows
    result.other = summary.other_rows
    result.as_of = None if timezone is None else datetime_of(summary.as_of, timezone)
    return result


def _score_of(score: Any) -> FeedbackScore:
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
