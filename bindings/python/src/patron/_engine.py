"""Engine: a policy that lives. Facts go in, time passes, and changes of class come out."""

from __future__ import annotations

import ctypes
import datetime as dt
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from . import _ffi, _inputs, _native, _options
from ._calibration import Calibration, buffer_bytes
from ._instants import datetime_of, micros_of
from ._native import Handle, lib
from ._policy import Policy
from ._progress import Watcher
from ._read import zone_of
from ._schema import ROLES
from ._table import Table
from .errors import ArgumentError, CallbackError, StateError

__all__ = ["Engine", "EngineStats", "IngestReport", "ProfileValue"]

_Answer = TypeVar("_Answer")

_NEVER = 2**63 - 1
_BEFORE_ALL = -(2**63)
_EPOCH_DAY = dt.date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class IngestReport:
    """What became of a batch of facts.

    Attributes
    ----------
    rows : int
        How many there were; of attributes, every value is one.
    accepted, duplicates, corrected, deleted, unknown, refused_rows : int
        New ones; known by their event key and the same; known and different; deleted; to be deleted and not
        there; bad. A row is one of these.
    late, waiting : int
        Of those that changed something: at or before the clock, which take effect with the next advance, and
        later than it.
    refused : Table
        The first 10,000 bad rows: ``row``, ``column`` (empty: the row as a whole), ``reason``.
    """

    rows: int
    accepted: int
    duplicates: int
    corrected: int
    deleted: int
    unknown: int
    refused_rows: int
    late: int
    waiting: int
    refused: Table


@dataclass(frozen=True)
class EngineStats:
    """What `Engine.stats` found.

    Attributes
    ----------
    customers, events, values, transitions : int
        How many there are; values are those of attributes.
    next_due : datetime or None
        The first instant at which anything happens to anybody; None: nothing will by itself.
    memory : dict of str to int
        Bytes by what holds them, with their ``"total"``.
    """

    customers: int
    events: int
    values: int
    transitions: int
    next_due: dt.datetime | None
    memory: dict[str, int]


@dataclass(frozen=True)
class ProfileValue:
    """One value of a customer, from `Engine.profile`.

    Attributes
    ----------
    value : object
        bool, int, float, str, Decimal, date, datetime, timedelta, or a list of str for a set; None is unknown.
    kind, source : str
        As in `Policy.tags`.
    reads : list of str
        What it comes from: the attribute itself, streams, or other values.
    label, category : str
        For people.
    currency : str
        Of money.
    as_of : datetime or None
        The time of the newest of her facts that it rests on.
    """

    value: Any
    kind: str
    source: str
    reads: list[str]
    label: str
    category: str
    currency: str
    as_of: dt.datetime | None


class Engine:
    """A policy, the facts of its customers, and where each of them stands.

    The engine reads no clock: only `advance` moves it, and never back. A fact at or before the clock is late and
    takes effect at the next `advance`, at the clock; a later one waits and takes effect at its own time. So a
    replay is *ingest everything, then advance*, and a nightly load is *advance, then ingest*. docs/engine.md has
    the rules.

    Parameters
    ----------
    policy : Policy, or what `Policy` takes
        The rules: a policy, the path of one, its text, or the parsed document.
    refuse_after : datetime, date or str, optional
        Facts later than this are refused: a bound against broken clocks.
    memory_limit : int, optional
        Bytes of facts; what would go beyond raises `ResourceError`, and changes nothing.
    shard : bool
        It holds a part of the customers: where a calibration is due, `advance` stops the instant before and raises
        `StateError`, and goes on after `calibration` was set.
    threads : int, optional
        Of `profiles`. Default: one for each core.

    Raises
    ------
    PolicyError
        The policy has errors, or asks for what cannot be kept.

    Notes
    -----
    One thread at a time: a call that meets another one, or comes from its progress callback, raises
    `StateError`.

    Examples
    --------
    >>> import patron
    >>> engine = patron.Engine({
    ...     "patron": 1, "name": "shop", "timezone": "Europe/Berlin", "money": {"currency": "EUR", "scale": 2},
    ...     "customer": {"id": "string"}, "streams": {"orders": {}},
    ...     "tags": [{"name": "spend", "metric": {"sum": "orders.amount", "window": "90d"}}],
    ...     "classifications": [{"name": "tier", "kind": "ladder", "classes": [
    ...         {"name": "gold", "enter": "spend >= 500", "grace": "14d"}, {"name": "guest"}]}]})
    >>> orders = {"customer": ["anna", "ben"], "time": ["2026-01-10", "2026-01-12"], "amount": [500, 120]}
    >>> engine.ingest("orders", orders, now="2026-02-01").accepted
    2
    >>> engine.classes().to_dict()["tier"]
    ['gold', 'guest']
    >>> forecast = engine.forecast("2026-12-31")
    >>> forecast["customer"][0], forecast["to"][0], str(forecast["at"][0])
    ('anna', 'guest', '2026-04-23 23:00:00+00:00')
    """

    def __init__(
        self,
        policy: Policy | str | os.PathLike[str] | Mapping[str, Any],
        *,
        refuse_after: Any = None,
        memory_limit: int | None = None,
        shard: bool = False,
        threads: int | None = None,
    ) -> None:
        self._policy = policy if isinstance(policy, Policy) else Policy(policy)
        opened = self._policy._open()
        options = _ffi.patron_engine_options.init()
        if memory_limit is not None:
            options.memory_limit = _options.whole("memory_limit", memory_limit, 2**63)
        options.shard = int(_flag("shard", shard))
        self._threads = _options.threads(threads)
        keep: list[object] = []
        if refuse_after is not None:
            until = micros_of(refuse_after, self._policy.timezone, "refuse_after")
            options.refuse_after = _options.address(ctypes.c_int64(until), keep)
        self._handle: Handle | None = _native.take(
            lib.patron_engine_open,
            opened.pointer,
            ctypes.byref(options),
            out=_ffi.patron_engine_p,
            close=lib.patron_engine_close,
        )
        self._zone = self._policy.timezone
        self._roles: dict[int, dict[str, str]] = {}
        self._has_numbers = self._info().customer == _ffi.PATRON_KIND_INT64

    # -- facts in ----------------------------------------------------------------------------------

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
            columns of the stream; those it has not are null. Money is in major units.
        now : datetime, date or str, optional
            The same as a following ``advance(now)``.
        quiet : bool
            What these facts move raises no actions.
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
        ResourceError
            Beyond the memory limit; nothing changed.
        """
        number = self._stream(stream)
        until = self._later("now", now)
        watcher = Watcher(progress)
        rows = _open(table, self._columns(number))
        name = _native.text(stream)
        report = self._take(lib.patron_engine_ingest, *name, rows.pointer, quiet=quiet)
        if until is not None:
            self._advance(until, watcher)
        return report

    def set_attributes(self, table: Any, *, quiet: bool = False) -> IngestReport:
        """Values of attributes.

        Parameters
        ----------
        table : tabular
            ``customer``, a column for each attribute, and perhaps ``time``, from which on they hold; without it
            they hold from the clock on. A null is no value.
        quiet : bool
            What these values move raises no actions.

        Returns
        -------
        IngestReport
            Every value is a fact of its own: one that is refused does not hinder its neighbours.
        """
        rows = _open(table, self._attributes())
        return self._take(lib.patron_engine_set_attributes, rows.pointer, quiet=quiet)

    def delete(self, stream: str, keys: Any, *, quiet: bool = False) -> IngestReport:
        """Deletes events by their keys.

        Parameters
        ----------
        stream : str
            One that has a key column.
        keys : tabular
            ``customer`` and the key column.
        quiet : bool
            What is moved by it raises no actions.

        Returns
        -------
        IngestReport
            ``deleted``, and ``unknown`` for what was not there.
        """
        rows = _open(keys, self._columns(self._stream(stream)))
        name = _native.text(stream)
        return self._take(lib.patron_engine_delete, *name, rows.pointer, quiet=quiet)

    def advance(self, now: Any, *, progress: Callable[[float], object] | None = None) -> None:
        """Lets time pass until `now`, and settles everybody who is due at her own instant.

        Parameters
        ----------
        now : datetime, date or str
            Not before the clock; without a zone it is a wall clock of the policy's zone. The clock itself settles
            what came late.
        progress : callable, optional
            Called with the share of the time that has passed, 0 to 1, on the calling thread. What it raises stops
            the call.

        Raises
        ------
        ArgumentError
            An instant before the clock.

        Notes
        -----
        A call that is stopped, by `progress` or by Ctrl-C, has got as far as `clock` then says; the next one goes
        on from there, with the same outcome as if it had never been stopped.
        """
        self._advance(micros_of(now, self._zone, "now"), Watcher(progress))

    # -- calibration -------------------------------------------------------------------------------

    def calibrate(self) -> Calibration:
        """Calibrates the models and ranks of the policy at the clock, and settles everybody under the new constants.

        Returns
        -------
        Calibration
            The constants, now in force; its ``report`` says how each model fared. One with too few customers or
            without a sound fit keeps the constants that it had.

        Raises
        ------
        StateError
            Before the first `advance`, or a policy that has nothing to calibrate.
        """
        return self._calibration(lib.patron_engine_calibrate)

    @property
    def calibration(self) -> Calibration:
        """The constants in force.

        Setting it puts others in force: those of a journal, of another engine, or of merged summaries.
        """
        return self._calibration(lib.patron_engine_calibration)

    @calibration.setter
    def calibration(self, value: Calibration) -> None:
        if not isinstance(value, Calibration):
            raise ArgumentError(f"calibration={value!r:.60}: give a Calibration")
        _native.call(
            lib.patron_engine_set_calibration, self._open().pointer, value._handle.pointer
        )

    @property
    def calibration_due(self) -> dt.datetime | None:
        """The next instant at which the policy wants a calibration; None: never."""
        due = self._info().calibration_due
        return None if due == _NEVER else datetime_of(due, self._zone)

    def summary_for_merge(self) -> bytes:
        """The exact summary of the customers here, for the next stage of a calibration of all shards.

        Every shard summarises, `merge_summaries` makes one of them, `learn` the constants of it, and every shard
        sets these, until they are ``complete``.
        """
        return buffer_bytes(lib.patron_engine_summarise, self._open().pointer)

    def learn(self, summary: bytes) -> Calibration:
        """The constants of a summary of `merge_summaries`; nothing is changed."""
        if not isinstance(summary, bytes):
            raise ArgumentError(f"summary={summary!r:.60}: give the bytes of merge_summaries()")
        return self._calibration(lib.patron_engine_learn, summary, len(summary))

    # -- what comes out ----------------------------------------------------------------------------

    @property
    def policy(self) -> Policy:
        """The rules."""
        return self._policy

    @property
    def clock(self) -> dt.datetime | None:
        """The instant up to which time has passed, in the policy's zone; None before the first advance."""
        clock = self._info().clock
        return None if clock == _BEFORE_ALL else datetime_of(clock, self._zone)

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
        most = _NEVER if limit is None else _options.whole("limit", limit, 2**63)
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
        ids = _open_ids(customers)
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
            ids = _open_ids(customers)
            keep.append(ids)
            options.customers = ids.pointer
        pointer = self._open().pointer
        place = ctypes.byref(options)

        def ask() -> Table:
            table: Table = Table._wrap(
                _native.take_table(lib.patron_engine_profiles, pointer, place)
            )
            return table

        return _watched(Watcher(progress), options, ask)

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

        return _watched(Watcher(progress), options, ask)

    def stats(self) -> EngineStats:
        """How many customers, facts and transitions there are, and the memory they take by part."""
        info = self._info()
        memory = _ffi.patron_engine_memory.init()
        _native.call(lib.patron_engine_measure, self._open().pointer, ctypes.byref(memory))
        due = None if info.next_due == _NEVER else datetime_of(info.next_due, self._zone)
        return EngineStats(
            info.customers,
            info.events,
            info.values,
            info.transitions,
            due,
            _numbers_of(memory),
        )

    def state_hash(self) -> str:
        """SHA-256 of the clock and of every customer's classes, timers and history.

        Engines that stand where the other stands have the same.
        """
        return _native.buffer_text(lib.patron_engine_state_hash, self._open())

    def close(self) -> None:
        """Frees the engine now; later calls raise `StateError`, and closing again does nothing."""
        if self._handle is not None:
            self._handle.close()
            self._handle = None

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __len__(self) -> int:
        return int(self._info().customers)

    def __bool__(self) -> bool:
        return True

    def __reduce__(self) -> Any:
        raise TypeError("a patron.Engine cannot be pickled; replay its facts into a new one")

    def __repr__(self) -> str:
        if self._handle is None:
            return "patron.Engine (closed)"
        info, clock = self._info(), self.clock
        at = "before the first advance" if clock is None else f"at {clock.isoformat()}"
        return (
            f"patron.Engine({self._policy.name!r}, {info.customers} customers, {info.events} events, "
            f"{info.transitions} transitions, {at})"
        )

    # -- the calls ---------------------------------------------------------------------------------

    def _open(self) -> Handle:
        if self._handle is None:
            raise StateError("this engine is closed")
        return self._handle

    def _info(self) -> Any:
        info = _ffi.patron_engine_info.init()
        _native.call(lib.patron_engine_describe, self._open().pointer, ctypes.byref(info))
        return info

    def _table(self, function: Any, *args: Any) -> Table:
        table: Table = Table._wrap(_native.take_table(function, self._open().pointer, *args))
        return table

    def _calibration(self, function: Any, *args: Any) -> Calibration:
        return Calibration._of(
            _native.take(
                function,
                self._open().pointer,
                *args,
                out=_ffi.patron_calibration_p,
                close=lib.patron_calibration_close,
            )
        )

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

    def _id(self, customer: Any) -> tuple[int, bytes, int]:
        """The arguments that name a customer."""
        if self._has_numbers:
            return (_options.whole("customer", customer, 2**63), b"", 0)
        if not isinstance(customer, str):
            raise ArgumentError(f"customer={customer!r:.60}: customers of this policy are texts")
        return (0, *_native.text(customer))

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
        if until < self._info().clock:
            raise ArgumentError(f"{option}={value!r}: is before the clock, {self.clock}; time does not go back")
        return until

    def _take(self, function: Any, *args: Any, quiet: Any) -> IngestReport:
        options = _ffi.patron_ingest_options.init()
        options.quiet = int(_flag("quiet", quiet))
        report = _ffi.patron_ingest_report.init()
        places = ctypes.byref(options), ctypes.byref(report)
        refused = _native.take_table(function, self._open().pointer, *args, *places)
        return IngestReport(**_numbers_of(report), refused=Table._wrap(refused))

    def _advance(self, now: int, watcher: Watcher) -> None:
        options = _ffi.patron_advance_options.init()
        pointer = self._open().pointer
        place = ctypes.byref(options)
        _watched(
            watcher, options, lambda: _native.call(lib.patron_engine_advance, pointer, now, place)
        )


def _open_ids(customers: Any) -> Handle:
    """A table of ids."""
    if isinstance(customers, (str, bytes)):
        raise ArgumentError(f"customers={customers!r:.60}: give a list of ids")
    return _inputs.open_table({"customer": customers}, {"customer": "id"})


def _flag(option: str, value: Any) -> bool:
    if not isinstance(value, bool) and type(value).__name__ != "bool_":
        raise ArgumentError(f"{option}={value!r:.60}: give True or False")
    return bool(value)


def _numbers_of(struct: Any) -> dict[str, int]:
    """The fields of a struct of numbers by name."""
    names = (field[0] for field in struct._fields_)
    return {name: getattr(struct, name) for name in names if name not in ("struct_size", "reserved")}


def _watched(watcher: Watcher, options: Any, ask: Callable[[], _Answer]) -> _Answer:
    """Makes a call with a watcher in its options; what that caught comes out of it."""
    watcher.attach(options)
    try:
        answer = ask()
    except CallbackError:
        if watcher.exception is None:
            raise
        raise watcher.exception from None
    if watcher.exception is not None:
        raise watcher.exception
    return answer


def _open(data: Any, known: Mapping[str, str]) -> Handle:
    """All columns of a table, those that nobody knows too, so that the library can say so."""
    names = _inputs.column_names(data)
    roles = {n: known.get(n, "any") for n in names} if names is not None else dict(known)
    if not roles:
        raise ArgumentError("the table has no columns; it needs customer and time")
    return _inputs.open_table(data, roles)
