"""What comes out of an engine: changes of class, what will come, how much there is."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any, Literal

from . import _ffi, _native, _options
from ._engine_calls import NEVER, flag, numbers_of
from ._engine_results import EngineStats
from ._engine_standing import Standing
from ._explain import ClassExplanation, explanation_of
from ._instants import datetime_of, micros_of
from ._native import lib
from ._progress import Watcher
from ._table import Table
from .errors import ArgumentError


class EngineReading(Standing):
    """Transitions, explanations, forecasts, statistics."""

    _noun = "engine"

    def transitions(self, after: int | None = None, limit: int | None = None) -> Table:
        """The changes of class, in the order in which they came.

        Parameters
        ----------
        after : int, optional
            Only those with a greater ``number``: keep the last number that you read.
        limit : int, optional
            At most so many.

        Returns
        -------
        Table
            ``number`` (1, 2, ...), ``sequence`` (the same of each customer), ``customer``, ``classification``,
            ``from`` and ``to`` (null: no class), ``at``, ``fact_time`` (of the earliest late fact that caused it),
            ``cause`` (``"event"``, ``"time"``, ``"correction"``, ``"calibration"``, ``"policy"``, ``"override"``,
            ``"merge"``), ``quiet``, ``calibration`` (the number of the constants in force; 0: none yet), ``policy`` (the
            number of the policy in force) and ``because``: the conditions that decided it, a JSON list in the words of
            `explain`; null where an override decided.
        """
        first = 0 if after is None else _options.whole("after", after, 2**63)
        most = NEVER if limit is None else _options.whole("limit", limit, 2**63)
        return self._table(lib.patron_engine_transitions, first, most)

    def history(self, customer: str | int) -> Table:
        """The changes of class of one customer and of all ids linked with hers, in the columns of `transitions`.

        No rows for an id that nobody has.
        """
        return self._table(lib.patron_engine_history, *self._id(customer))

    def distribution(self, classification: str, at: Any = None) -> Table:
        """How many customers are in each class, at the clock or at an instant before it.

        Parameters
        ----------
        classification : str
            Its name, in the policy then in force.
        at : datetime, date or str, optional
            Not after the clock: of those who are customers now, by the transitions; one at that instant counts.

        Returns
        -------
        Table
            ``class`` in the order of the policy and ``customers``; then those in none (null), where there are any.
        """
        if at is None:
            return super().distribution(classification)
        name = _native.text(_options.name_of("classification", "classification", classification))
        instant = micros_of(at, self._zone, "at")
        return self._table(lib.patron_engine_distribution_at, *name, instant)

    def explain(
        self, customer: str | int, classification: str, lang: Literal["en", "zh"] = "en"
    ) -> ClassExplanation:
        """Why a customer is in her class, and what would bring her into a better one.

        Parameters
        ----------
        customer : str or int
            Her id.
        classification : str
            Its name.
        lang : {"en", "zh"}
            Of the text.

        Returns
        -------
        ClassExplanation
            What holds, the least that is missing for each better class and until when that is enough, what holds her
            where she is, and what comes by time alone; ``print`` shows the text.

        Raises
        ------
        ArgumentError
            An id that nobody has, or another language.
        DataError
            No such classification.
        """
        if not isinstance(lang, str) or lang not in ("en", "zh"):
            raise ArgumentError(f"lang={lang!r:.60}: give 'en' or 'zh'")
        name = _native.text(_options.name_of("classification", "classification", classification))
        place = self._open().pointer, *self._id(customer), *name, *_native.text(lang), None
        document = _native.buffer_text(lib.patron_engine_explain, *place)
        return explanation_of(document, self._zone)

    def history_table(self) -> Table:
        """What is kept of everybody's way through the classifications that are no flags, ordered by id.

        Returns
        -------
        Table
            ``customer``, and of each classification its history tags at the clock, such as ``tier.previous``,
            ``tier.since``, ``tier.time_in``, ``tier.highest`` (ladders and bands) and ``tier.moves``.
        """
        return self._table(lib.patron_engine_history_table)

    def forecast(
        self,
        until: Any,
        classification: str | None = None,
        *,
        reasons: bool = True,
        progress: Callable[[float], object] | None = None,
    ) -> Table:
        """Every change that will come until then if nothing else happens; nothing is changed by asking.

        Parameters
        ----------
        until : datetime, date or str
            Not before the clock, and before 9999-12-31.
        classification : str, optional
            Only changes of this one.
        reasons : bool
            Whether to say what decides each change; without, a forecast of many changes takes a tenth of the time.
        progress : callable, optional
            Called with the share of the customers looked at. What it raises stops the call.

        Returns
        -------
        Table
            ``customer``, ``classification``, ``from``, ``to``, ``at``, ``cause``, ``because`` (as in `transitions`, with
            ``reasons``), ordered by (at, customer).
        """
        name = "" if classification is None else _options.name_of("classification", "classification", classification)
        instant = micros_of(until, self._zone, "until")
        options = _ffi.patron_advance_options.init()
        options.threads = self._threads
        options.reasons = int(flag("reasons", reasons))
        pointer = self._open().pointer
        function = lib.patron_engine_forecast

        def ask() -> Table:
            place = ctypes.byref(options)
            handle = _native.take_table(function, pointer, instant, *_native.text(name), place)
            table: Table = Table._wrap(handle)
            return table

        return self._watched(Watcher(progress), options, ask)

    def stats(self) -> EngineStats:
        """How many customers, facts and transitions there are, and the memory they take by part."""
        info = self._info()
        memory = _ffi.patron_engine_memory.init()
        _native.call(lib.patron_engine_measure, self._open().pointer, ctypes.byref(memory))
        due = None if info.next_due == NEVER else datetime_of(info.next_due, self._zone)
        return EngineStats(
            info.customers,
            info.events,
            info.values,
            info.transitions,
            due,
            numbers_of(memory),
        )

    def state_hash(self) -> str:
        """SHA-256 of the clock and of every customer's classes, timers and history.

        Engines in which everybody stands in the same place have the same. The facts behind are not in it: other
        amounts that make the same classes give the same hash.
        """
        return _native.buffer_text(lib.patron_engine_state_hash, self._open().pointer)
