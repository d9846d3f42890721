"""Engine: a policy that lives. Facts go in, time passes, and changes of class come out."""

from __future__ import annotations

import ctypes
import datetime as dt
import os
from collections.abc import Mapping
from typing import IO, Any

from . import _ffi, _native, _options
from ._calibration import Calibration
from ._engine_calls import BEFORE_ALL, NEVER, flag
from ._engine_facts import EngineFacts
from ._engine_people import EnginePeople
from ._engine_publish import EnginePublish
from ._engine_reading import EngineReading
from ._files import read_bytes, write_file, write_to
from ._instants import datetime_of, micros_of
from ._native import Handle, lib
from ._policy import Policy
from ._snapshot import Snapshot
from ._table import Table
from .errors import ArgumentError, PolicyError

__all__ = ["Engine"]


class Engine(EngineFacts, EnginePeople, EnginePublish, EngineReading):
    """A policy, the facts of its customers, and where each of them stands.

    The engine reads no clock: only `advance` moves it, and never back. A fact at or before the clock is late and
    takes effect at the next `advance`, at the clock; a later one waits and takes effect at its own time. So a
    replay is *ingest everything, then advance*, and so is a nightly load, where each change has the instant of its
    fact; ``ingest(..., now=t)`` does both. docs/engine.md has the rules.

    Instants go in as datetimes, dates or ISO 8601 text; without an offset they are of the policy's zone. They come
    out as datetimes: in tables in UTC, elsewhere in the policy's zone.

    Parameters
    ----------
    policy : Policy, or what `Policy` takes
        The rules: a policy, the path of one, its text, or the parsed document.
    refuse_after : datetime, date or str, optional
        Facts later than this are refused: a bound against broken clocks.
    memory_limit : int, optional
        Bytes of facts, about the parts ``customers`` to ``slack`` of ``stats().memory``; what would go beyond raises
        `ResourceError`, and changes nothing. Classes, what waits and transitions come on top. Default, and 0: none.
    shard : bool
        It holds a part of the customers: where a calibration is due, `advance` stops the instant before and raises
        `StateError`, and goes on after `calibration` was set.
    threads : int, optional
        Of `profiles`, `forecast` and the ingestion of large tables. Default: one for each core.

    Raises
    ------
    PolicyError
        The policy has errors, of which this is the first (`Policy.check` lists all), or asks for what cannot be kept.
    IoError
        The file of the policy cannot be read.

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
        rules = Policy._given("policy", policy)
        opened = rules._open()
        keep: list[object] = []
        options = _opening(refuse_after, memory_limit, shard, rules.timezone, keep)
        handle = _native.take(
            lib.patron_engine_open,
            opened.pointer,
            ctypes.byref(options),
            out=_ffi.patron_engine_p,
            close=lib.patron_engine_close,
        )
        self._begin(handle, rules, _options.threads(threads))

    def _begin(self, handle: Handle, policy: Policy, threads: int) -> None:
        self._handle = handle
        self._policy = policy
        self._threads = threads
        self._zone = policy.timezone
        self._roles = {}
        self._watching = []
        self._has_numbers = self._info().customer == _ffi.PATRON_KIND_INT64

    # -- saved -------------------------------------------------------------------------------------

    def save(self, target: str | os.PathLike[str] | IO[bytes]) -> None:
        """Writes everything that the engine remembers.

        Parameters
        ----------
        target : path or binary file
            A file that is put in the place of what was there once it is complete, or anything with ``write``, such
            as an ``io.BytesIO``.

        Raises
        ------
        IoError
            The file cannot be written, or does not take all.
        """
        data = _native.buffer_bytes(lib.patron_engine_save, self._open().pointer)
        if isinstance(target, (str, os.PathLike)):
            write_file(target, data)
        elif callable(getattr(target, "write", None)):
            write_to(target, data)
        else:
            raise ArgumentError(f"target={target!r:.60}: give a path, or a file open for bytes")

    @classmethod
    def load(
        cls,
        source: str | os.PathLike[str] | bytes | IO[bytes],
        *,
        policy: Policy | str | os.PathLike[str] | Mapping[str, Any] | None = None,
        refuse_after: Any = None,
        memory_limit: int | None = None,
        shard: bool = False,
        threads: int | None = None,
    ) -> Engine:
        """An engine that goes on as the saved one would have: the same `state_hash`, the same future.

        Parameters
        ----------
        source : path, bytes or binary file
            What `save` wrote.
        policy : Policy, or what `Policy` takes, optional
            The policy that was in force, to be shared by all engines that are loaded with it: one takes about a
            fifth of the memory then. Without it each reads its own from the bytes.
        refuse_after, memory_limit, shard, threads
            As of a new engine; they are not saved.

        Raises
        ------
        PolicyError
            Bytes that are damaged, with their offset, that are no engine, or of a format of another version.
        ArgumentError
            Another policy than the one that was in force, with the names of both.
        ResourceError
            Its facts take more than the memory limit.
        IoError
            The file cannot be read.

        Examples
        --------
        >>> import io, patron
        >>> engine = patron.Engine({"patron": 1, "name": "shop", "streams": {"orders": {}}})
        >>> file = io.BytesIO()
        >>> engine.save(file)
        >>> patron.Engine.load(file.getvalue()).state_hash() == engine.state_hash()
        True
        """
        data = read_bytes(source)
        keep: list[object] = []
        options = _opening(refuse_after, memory_limit, shard, "UTC", keep)
        rules = None if policy is None else Policy._given("policy", policy)
        shared = [] if rules is None else [rules._open().pointer]
        try:
            handle = _native.take(
                lib.patron_engine_load if rules is None else lib.patron_engine_load_with_policy,
                data,
                len(data),
                *shared,
                ctypes.byref(options),
                out=_ffi.patron_engine_p,
                close=lib.patron_engine_close,
            )
        except ArgumentError as error:  # another format, which is what a changed bit may look like
            if error.code != _ffi.PATRON_E_UNSUPPORTED:
                raise
            raise PolicyError(str(error), code=error.code) from None
        if rules is None:
            rules = Policy._of(
                _native.take(
                    lib.patron_engine_policy,
                    handle.pointer,
                    out=_ffi.patron_policy_p,
                    close=lib.patron_policy_close,
                )
            )
        engine = cls.__new__(cls)
        engine._begin(handle, rules, _options.threads(threads))
        return engine

    @property
    def policy(self) -> Policy:
        """The rules in force."""
        return self._policy

    @property
    def clock(self) -> dt.datetime | None:
        """The instant up to which time has passed, in the policy's zone; None before the first advance."""
        clock = self._info().clock
        return None if clock == BEFORE_ALL else datetime_of(clock, self._zone)

    def snapshot(self) -> Snapshot:
        """The engine as it stands, for other threads: they may read it while this one goes on.

        Returns
        -------
        Snapshot
            With `policy`, `clock`, `classes`, `profiles`, `profile` and `distribution` (at its clock). It costs
            some 0.2 us for each customer with one ladder; facts are shared until the engine changes them.
        """
        handle = _native.take(
            lib.patron_engine_snapshot,
            self._open().pointer,
            out=_ffi.patron_snapshot_p,
            close=lib.patron_snapshot_close,
        )
        return Snapshot._of(handle, self._policy, self._threads)

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
        self._changing()
        return self._calibration(lib.patron_engine_calibrate)

    @property
    def calibration(self) -> Calibration:
        """The constants in force.

        Setting it puts others in force: those of a journal, of another engine, or of merged summaries. Those of
        another policy raise `ArgumentError`.
        """
        return self._calibration(lib.patron_engine_calibration)

    @calibration.setter
    def calibration(self, value: Calibration) -> None:
        if not isinstance(value, Calibration):
            raise ArgumentError(f"calibration={value!r:.60}: give a Calibration")
        _native.call(
            lib.patron_engine_set_calibration, self._changing().pointer, value._handle.pointer
        )

    def calibrations(self) -> Table:
        """What became of each calibration so far, a row for each of its models and ranks.

        Returns
        -------
        Table
            ``number`` (1, 2, ...), ``at``, ``customers`` (in the population) and ``moved`` (who changed a class
            because of it); of the model ``model``, ``verdict``, ``message``, ``model_customers`` (whom it could learn
            from), and what moved most: ``drift``, ``stability_index`` and ``movers``, as in `Calibration.report`.
        """
        return self._table(lib.patron_engine_calibrations)

    @property
    def calibration_due(self) -> dt.datetime | None:
        """The next instant at which the policy wants a calibration; None: never, or before the first customer."""
        due = self._info().calibration_due
        return None if due == NEVER else datetime_of(due, self._zone)

    def summary_for_merge(self) -> bytes:
        """The exact summary of the customers here, for the next stage of a calibration of all shards.

        Each shard gives its summary, `merge_summaries` makes one of all, `learn` finds the constants, and each shard
        sets its `calibration` to them; again from the beginning until they are ``complete``.
        """
        return _native.buffer_bytes(lib.patron_engine_summary_for_merge, self._open().pointer)

    def learn(self, summary: bytes) -> Calibration:
        """The constants of a summary of `merge_summaries`; nothing is changed."""
        if not isinstance(summary, bytes):
            raise ArgumentError(f"summary={summary!r:.60}: give the bytes of merge_summaries()")
        return self._calibration(lib.patron_engine_learn, summary, len(summary))

    def __enter__(self) -> Engine:
        return self

    def __reduce__(self) -> Any:
        raise TypeError("a patron.Engine cannot be pickled; save() and Engine.load() keep it")

    def __repr__(self) -> str:
        if self._handle is None:
            return "patron.Engine (closed)"
        info, clock = self._info(), self.clock
        at = "before the first advance" if clock is None else f"at {clock.isoformat()}"
        return (
            f"patron.Engine({self._policy.name!r}, {info.customers} customers, {info.events} events, "
            f"{info.transitions} transitions, {at})"
        )

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


def _opening(refuse_after: Any, memory_limit: Any, shard: Any, zone: str, keep: list[object]) -> Any:
    """The options of an engine that is opened or loaded."""
    options = _ffi.patron_engine_options.init()
    if memory_limit is not None:
        options.memory_limit = _options.whole("memory_limit", memory_limit, 2**63)
    options.shard = int(flag("shard", shard))
    if refuse_after is not None:
        until = micros_of(refuse_after, zone, "refuse_after")
        options.refuse_after = _options.address(ctypes.c_int64(until), keep)
    return options
