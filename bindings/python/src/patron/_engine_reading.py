"""What comes out of an engine: changes of class, where everybody stands, what will come."""

from __future__ import annotations

import ctypes
import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from . import _ffi, _native, _options
from ._engine_calls import NEVER, EngineCalls, numbers_of, open_ids, watched
from ._engine_results import EngineStats, ProfileValue
from ._instants import datetime_of, micros_of
from ._native import lib
from ._progress import Watcher
from ._read import zone_of
from ._table import Table

_EPOCH_DAY = dt.date(1970, 1, 1).toordinal()


class EngineReading(EngineCalls):
    """Transitions, classes, profiles, distributions, forecasts."""

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
            ``from`` and ``to`` (null: no class), ``at``, ``fact_time`` (of the late fact that caused it),
            ``cause`` (``"event"``, ``"time"``, ``"correction"``, ``"calibration"``), ``quiet``, ``calibration`` (the
            number of the constants in force; 0: none yet).
        """
        first = 0 if after is None else _options.whole("after", after, 2**63)
        most = NEVER if limit is None else _options.whole("limit", limit, 2**63)
        return self._table(lib.patron_engine_transitions, first, most)

    def history(self, customer: str | int) -> Table:
        """The changes of class of one customer, in the columns of `transitions` but for ``number``."""
        return self._table(lib.patron_engine_history, *self._id(customer))

    def classes(self, customers: Sequence[str | int] | None = None) -> Table:
        """Everybody's classes, or those of some, ordered by id.

        Parameters
        ----------
        customers : sequence of str or int, optional
            Ids; those that nobody has give no row.

        Returns
        -------
        Table
            ``customer``, for each classification its class and ``NAME_since``, and ``next_change``: the first
            instant at which anything may change by itself.
        """
        if customers is None:
            return self._table(lib.patron_engine_classes, None)
        ids = open_ids(customers)
        return self._table(lib.patron_engine_classes, ids.pointer)

    def profiles(
        self,
        tags: Sequence[str] | None = None,
        customers: Sequence[str | int] | None = None,
        *,
        progress: Callable[[float], object] | None = None,
    ) -> Table:
        """Everybody's tags, attributes and classes as at the clock, ordered by id.

        Parameters
        ----------
        tags : sequence of str, optional
            Which of `Policy.tags`; default: all.
        customers : sequence of str or int, optional
            Ids; those that nobody has give no row. Default: everybody.
        progress : callable, optional
            Called with the share done. What it raises stops the call.
        """
        keep: list[object] = []
        options = _ffi.patron_profiles_options.init()
        options.threads = self._threads
        if tags is not None:
            options.tags, options.tag_count = _options.texts(_options.columns("tags", tags), keep)
        if customers is not None:
            ids = open_ids(customers)
            keep.append(ids)
            options.customers = ids.pointer
        pointer = self._open().pointer
        place = ctypes.byref(options)

        def ask() -> Table:
            table: Table = Table._wrap(
                _native.take_table(lib.patron_engine_profiles, pointer, place)
            )
            return table

        return watched(Watcher(progress), options, ask)

    def profile(self, customer: str | int) -> dict[str, ProfileValue]:
        """All values of one customer at the clock, by name, with where they come from and how new that is.

        Raises
        ------
        ArgumentError
            An id that nobody has.
        """
        table = self._table(lib.patron_engine_profile, *self._id(customer))
        rows = zip(*(table[name] for name in table.columns), strict=True)
        found = {}
        for row in rows:
            name, label, category, kind, source, reads, known, integer, number, text, scale, currency, as_of = row
            found[name] = ProfileValue(
                self._value(kind, known, integer, number, text, scale),
                kind,
                source,
                reads.split(),
                label,
                category,
                currency or "",
                None if as_of is None else as_of.astimezone(zone_of(self._zone)),
            )
        return found

    def distribution(self, classification: str) -> Table:
        """How many customers are in each class at the clock.

        Returns
        -------
        Table
            ``class`` in the order of the policy and ``customers``; then those in none (null), where there are any.
        """
        name = _options.column("classification", classification)
        return self._table(lib.patron_engine_distribution, *_native.text(name))

    def forecast(
        self,
        until: Any,
        classification: str | None = None,
        *,
        progress: Callable[[float], object] | None = None,
    ) -> Table:
        """Every change that will come until then if nothing else happens; nothing is changed by asking.

        Parameters
        ----------
        until : datetime, date or str
            Not before the clock.
        classification : str, optional
            Only changes of this one.
        progress : callable, optional
            Called with the share of the customers looked at. What it raises stops the call.

        Returns
        -------
        Table
            ``customer``, ``classification``, ``from``, ``to``, ``at``, ``cause``, ordered by (at, customer).
        """
        name = "" if classification is None else _options.column("classification", classification)
        instant = micros_of(until, self._zone, "until")
        options = _ffi.patron_advance_options.init()
        pointer = self._open().pointer
        function = lib.patron_engine_forecast

        def ask() -> Table:
            place = ctypes.byref(options)
            handle = _native.take_table(function, pointer, instant, *_native.text(name), place)
            table: Table = Table._wrap(handle)
            return table

        return watched(Watcher(progress), options, ask)

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

        Engines that stand where the other stands have the same.
        """
        return _native.buffer_text(lib.patron_engine_state_hash, self._open())

    def _value(self, kind: str, known: bool, integer: Any, number: Any, text: Any, scale: Any) -> Any:
        """A value of a profile as Python has it."""
        if not known:
            return None
        if kind in ("string", "enum"):
            return text
        if kind == "enum_set":
            return text.split(",") if text else []
        if kind == "timestamp":
            return datetime_of(integer, self._zone)
        if kind == "date":
            return dt.date.fromordinal(_EPOCH_DAY + integer)
        of: dict[str, Callable[[], Any]] = {
            "double": lambda: number,
            "bool": lambda: bool(integer),
            "money": lambda: Decimal(integer).scaleb(-scale),
            "duration": lambda: dt.timedelta(microseconds=integer),
        }
        return of.get(kind, lambda: integer)()
