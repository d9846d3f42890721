"""Facts go into an engine, and time passes."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from . import _ffi, _native
from ._engine_calls import EngineCalls, open_rows
from ._engine_results import IngestReport
from ._instants import datetime_of, micros_of
from ._native import lib
from ._progress import Watcher
from ._schema import ROLES
from ._table import Table
from .errors import ArgumentError

_TOLD_AT_ONCE = 1000


class EngineFacts(EngineCalls):
    """Ingesting, deleting, advancing."""

    _roles: dict[int, dict[str, str]]

    def ingest(
        self,
        stream: str,
        table: Any,
        *,
        now: Any = None,
        quiet: bool = False,
        progress: Callable[[float], object] | None = None,
    ) -> IngestReport:
        """Files events of a stream.

        Parameters
        ----------
        stream : str
            Such as ``"orders"``.
        table : tabular
            A DataFrame, anything with ``__arrow_c_stream__``, or a dict of columns: ``customer``, ``time`` and
            columns of the stream (``referrals`` have no ``customer``, but ``referrer`` and ``referred``); those it has
            not are null. Money is in major units, rounded half to even to the policy's scale; in another currency
            where the columns ``currency`` and ``rate`` say so.
        now : datetime, date or str, optional
            The same as a following ``advance(now)``; one that is before the clock is refused, and nothing is filed.
        quiet : bool
            The transitions that these facts alone cause are marked ``quiet``: the host sends no letter for them.
        progress : callable, optional
            Of that advance; see there.

        Returns
        -------
        IngestReport
            What became of the rows; a bad one is refused, and harms nobody.

        Raises
        ------
        DataError
            No such stream or column, or a column of the wrong type; nothing changed.
        ArgumentError
            A `now` before the clock; nothing changed.
        ResourceError
            Beyond the memory limit; nothing changed.
        StateError
            As of `advance`; the facts are filed.
        """
        number = self._stream(stream)
        until = self._later("now", now)
        watcher = Watcher(progress)
        rows = open_rows(table, self._columns(number))
        name = _native.text(stream)
        report = self._take(lib.patron_engine_ingest, *name, rows.pointer, quiet=quiet)
        if until is not None:
            self._advance(until, watcher)
        return report

    def set_attributes(self, table: Any, *, nulls: str = "ignore", quiet: bool = False) -> IngestReport:
        """Values of attributes.

        Parameters
        ----------
        table : tabular
            ``customer``, a column for each attribute, and perhaps ``time``, from which on they hold; without it
            they hold from the clock on, which has to have been moved once.
        nulls : {"ignore", "clear"}
            What a null says: nothing, so that what held before goes on; or that from then on there is no value.
        quiet : bool
            As of `ingest`.

        Returns
        -------
        IngestReport
            Every value is a fact of its own: one that is refused does not hinder its neighbours. Nulls that say
            nothing are not counted.

        Raises
        ------
        DataError
            No such attribute, or a column of the wrong type; nothing changed.
        StateError
            No ``time``, and the clock has not been moved yet; nothing changed.
        ResourceError
            Beyond the memory limit; nothing changed.
        """
        rows = open_rows(table, self._attributes())
        return self._take(lib.patron_engine_set_attributes, rows.pointer, quiet=quiet, nulls=nulls)

    def delete(self, stream: str, keys: Any, *, quiet: bool = False) -> IngestReport:
        """Deletes events by their keys.

        Parameters
        ----------
        stream : str
            One that has a key column.
        keys : tabular
            ``customer`` and the key column.
        quiet : bool
            As of `ingest`.

        Returns
        -------
        IngestReport
            ``deleted``, and ``unknown`` for what was not there.

        Raises
        ------
        DataError
            A stream without event keys; nothing changed.
        """
        rows = open_rows(keys, self._columns(self._stream(stream)))
        name = _native.text(stream)
        return self._take(lib.patron_engine_delete, *name, rows.pointer, quiet=quiet)

    def advance(
        self,
        now: Any,
        *,
        on_transitions: Callable[[Table], object] | None = None,
        progress: Callable[[float], object] | None = None,
    ) -> None:
        """Lets time pass until `now`, and settles everybody who is due at her own instant.

        Parameters
        ----------
        now : datetime, date or str
            Not before the clock; without a zone it is a wall clock of the policy's zone. The clock itself settles
            what came late.
        on_transitions : callable, optional
            Called on the calling thread, once everybody is settled, with the `transitions` that the call made, at
            most 1,000 at a time. It may ask the engine but not change it (`StateError`); what it raises comes out
            of the call, and what it was not told is read with `transitions`, as after a call that was stopped.
        progress : callable, optional
            Called with the share of the time that has passed, 0 to 1, on the calling thread. What it raises stops
            the call.

        Raises
        ------
        ArgumentError
            An instant before the clock.
        DataError
            Text that is no time.
        StateError
            A shard at whose next instant a calibration is due: set `calibration`, and call again.

        Notes
        -----
        A call that is stopped, by `progress` or by Ctrl-C, has got as far as `clock` then says; the next one goes
        on from there, with the same outcome as if it had never been stopped.
        """
        if on_transitions is not None and not callable(on_transitions):
            raise ArgumentError(
                f"on_transitions={on_transitions!r:.60}: give a function of a Table, or None"
            )
        before = self._info().transitions if on_transitions is not None else 0
        self._advance(micros_of(now, self._zone, "now"), Watcher(progress))
        if on_transitions is not None:
            self._tell(before, on_transitions)

    def _tell(self, after: int, handler: Callable[[Table], object]) -> None:
        """Hands the transitions with greater numbers to a handler."""
        self._telling = True
        try:
            while len(some := self._table(lib.patron_engine_transitions, after, _TOLD_AT_ONCE)):
                after = some["number"][len(some) - 1]
                handler(some)
        finally:
            self._telling = False

    def _stream(self, name: Any) -> int:
        if not isinstance(name, str):
            raise ArgumentError(f"stream={name!r:.60}: give the name of a stream, such as 'orders'")
        return int(lib.patron_engine_find_stream(self._open().pointer, *_native.text(name)))

    def _columns(self, stream: int) -> dict[str, str]:
        """What the columns of a stream are read for; of an unknown one nothing, for C to refuse."""
        if stream not in self._roles:
            roles = {"customer": "id", "time": "time"}
            if stream >= 0:
                columns = self._table(lib.patron_engine_columns, stream)
                for name, kind, is_id in zip(columns["name"], columns["kind"], columns["customer"]):
                    roles[name] = "id" if is_id else ROLES.get(kind, "any")
            self._roles[stream] = roles
        return self._roles[stream]

    def _attributes(self) -> dict[str, str]:
        roles = {"customer": "id", "time": "time"}
        tags = self._policy.tags
        for name, kind, source in zip(tags["name"], tags["type"], tags["source"]):
            if source == "attribute":
                roles[name] = ROLES.get(kind, "any")
        return roles

    def _later(self, option: str, value: Any) -> int | None:
        """An instant that is not before the clock, or None."""
        if value is None:
            return None
        until = micros_of(value, self._zone, option)
        clock = self._info().clock
        if until < clock:
            at = datetime_of(clock, self._zone)
            raise ArgumentError(f"{option}={value!r}: is before the clock, {at}; time does not go back")
        return until

    def _advance(self, now: int, watcher: Watcher) -> None:
        options = _ffi.patron_advance_options.init()
        pointer = self._changing().pointer
        place = ctypes.byref(options)
        self._watched(
            watcher, options, lambda: _native.call(lib.patron_engine_advance, pointer, now, place)
        )
