"""The options of feedback scores: which responses count, and how their score is estimated."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import _ffi, _inputs, _native, _options
from ._instants import micros_of, period_of
from ._native import lib
from ._nps_results import AnyResult, result_of
from ._progress import Watcher, compute
from ._table import Column
from .errors import ArgumentError

INTERVALS = {
    "auto": _ffi.PATRON_INTERVAL_AUTO,
    "wald": _ffi.PATRON_INTERVAL_WALD,
    "adjusted_wald": _ffi.PATRON_INTERVAL_ADJUSTED_WALD,
    "score": _ffi.PATRON_INTERVAL_SCORE,
    "student": _ffi.PATRON_INTERVAL_STUDENT,
}


@dataclass
class Selection:
    """Which responses count, and as what: the options that `nps`, `csat` and `ces` share."""

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
        result_type: type[AnyResult],
        scores: Any,
        method: Any,
        population: int | None,
        threads: int | None,
        on_bad_row: str,
        watcher: Watcher,
    ) -> AnyResult:
        options = _ffi.patron_nps_options.init()
        keep: list[object] = [method]
        options.on_bad_row = _options.choose("on_bad_row", on_bad_row, _options.BAD_ROWS)
        options.method = ctypes.addressof(method)
        options.timezone = _options.text(_options.timezone(self.timezone), keep)
        if self.only is not None:
            options.only = _options.text(str(self.only), keep)
        if self.as_of is not None:
            options.as_of = _options.address(ctypes.c_int64(micros_of(self.as_of, self.timezone)), keep)
        if self.window is not None:
            options.window = _options.address(period_of(self.window), keep)
        if population is not None:
            value = ctypes.c_int64(_options.whole("population", population, 2**63))
            options.population = _options.address(value, keep)
        options.threads = _options.threads(threads)
        table = self._open(scores, options, keep)
        handle = compute(
            lib.patron_nps_compute,
            table,
            options,
            watcher,
            out=_ffi.patron_nps_p,
            close=lib.patron_nps_close,
        )
        return result_of(result_type, handle, self.timezone if self.time is not None else None)

    def _open(self, scores: Any, options: Any, keep: list[object]) -> _native.Handle:
        """Opens the columns and sets their names."""
        parts = (("group", "id"), ("kind", "id"), ("customer", "id"), ("time", "time"))
        given = [(name, role, getattr(self, name)) for name, role in parts]
        given = [part for part in given if part[2] is not None]
        if self.score is None:
            return self._open_sequences(scores, given, options, keep)
        roles = {_options.column("score", self.score): "amount"}
        options.score = _options.text(self.score, keep)
        for option, role, name in given:
            roles.setdefault(_options.column(option, name), role)
            setattr(options, option, _options.text(name, keep))
        if isinstance(self.topics, (str, bytes)) or not isinstance(self.topics, Sequence):
            raise ArgumentError(f"topics={self.topics!r:.60}: give a list of names of columns")
        for name in self.topics:
            roles.setdefault(_options.column("topics", name), "any")
        options.topics, options.topic_count = _options.texts(self.topics, keep)
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
        if not isinstance(self.topics, Mapping) and self.topics not in ((), []):
            raise ArgumentError(
                f"topics={self.topics!r:.60}: give a mapping of names to sequences, or names and score="
            )
        if not given and not self.topics and isinstance(scores, Column):
            options.score = _options.text(scores.name, keep)
            return _inputs.open_values(scores, "scores")[0]
        topics = dict(self.topics or {})
        columns = {"scores": scores}
        roles = {"scores": "amount"}
        for option, role, values in given:
            columns[option], roles[option] = values, role
            setattr(options, option, _options.text(option, keep))
        for name, values in topics.items():
            if _options.column("topics", name) in columns:
                raise ArgumentError(f"topics: another name than {name!r}, please")
            columns[name], roles[name] = _mentions(name, values), "any"
        options.score = _options.text("scores", keep)
        options.topics, options.topic_count = _options.texts(list(topics), keep)
        return _inputs.open_table(columns, roles)


def _mentions(name: str, values: Any) -> Any:
    """A list of truth values as the texts of one topic; anything else as it is."""
    if isinstance(values, (list, tuple)) and any(isinstance(v, bool) for v in values):
        return [name if v else None for v in values]
    return values


def method_of(
    question: int, interval: str, confidence: float, scale: int | tuple[int, int] = 5
) -> Any:
    """The question, its scale and its interval."""
    method = _ffi.patron_nps_method.init()
    method.question = question
    method.interval = _options.choose("interval", interval, INTERVALS)
    method.confidence = _options.number("confidence", confidence)
    ends = (1, scale) if not isinstance(scale, Sequence) else tuple(scale)
    if len(ends) != 2:
        raise ArgumentError(f"scale={scale!r}: give the highest score, or the lowest and the highest")
    method.lowest, method.highest = (_options.whole("scale", end) for end in ends)
    return method
