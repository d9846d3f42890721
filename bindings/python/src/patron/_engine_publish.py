"""Another policy takes over an engine, or is tried; who was where at other instants."""

from __future__ import annotations

import ctypes
import json
import os
from collections.abc import Callable, Mapping
from typing import Any

from . import _ffi, _native, _options
from ._engine_calls import EngineCalls
from ._engine_results import PublishReport
from ._instants import micros_of
from ._native import Handle, lib
from ._policy import Policy
from ._progress import Watcher
from ._table import Table
from .errors import ArgumentError

_Rules = Policy | str | os.PathLike[str] | Mapping[str, Any]


class EnginePublish(EngineCalls):
    """Publishing, comparing, migration."""

    def _begin(self, handle: Handle, policy: Policy, threads: int) -> None:
        raise NotImplementedError

    def publish(
        self, policy: _Rules, mapping: Mapping[str, Any] | None = None
    ) -> PublishReport:
        """Puts another policy in force.

        Parameters
        ----------
        policy : Policy, or what `Policy` takes
            The other rules.
        mapping : dict, optional
            How classifications go on that are called otherwise there, by their names here: None where one ends, a
            str where it is called so, or a dict with ``"to"`` (its name there) and ``"classes"`` (of each class the name
            there, or None where it ends). All others go on under the same names.

        Returns
        -------
        PublishReport
            What it did.

        Raises
        ------
        StateError
            Somebody is in a class, or an override says one, that has no place there; nothing changed.
        DataError
            A name in the mapping that is none.
        PolicyError
            The facts do not go with it.

        Notes
        -----
        Classes go on with their timers and overrides. The next `advance` settles everybody under the other policy, at
        the clock, cause ``"policy"``. What was decided keeps the names that it had.
        """
        rules = Policy._given("policy", policy)
        report = _ffi.patron_publish_report.init()
        handle = self._changing()
        models = Table._wrap(
            _native.take_table(
                _publish, handle.pointer, rules._open().pointer, *_mapping(mapping), report
            )
        )
        self._begin(handle, rules, self._threads)
        return PublishReport(
            int(report.number), bool(report.same), int(report.customers), models["model"].to_list()
        )

    def compare(
        self,
        policy: _Rules,
        mapping: Mapping[str, Any] | None = None,
        *,
        progress: Callable[[float], object] | None = None,
    ) -> Table:
        """The moves that `publish` and then ``advance(clock)`` would make; nothing is changed by asking.

        Parameters
        ----------
        policy, mapping
            As of `publish`.
        progress : callable, optional
            Called with the share done. What it raises stops the call.

        Returns
        -------
        Table
            In the columns of `forecast`.
        """
        rules = Policy._given("policy", policy)._open()
        names = _mapping(mapping)
        options = _ffi.patron_advance_options.init()
        pointer = self._open().pointer

        def ask() -> Table:
            place = ctypes.byref(options)
            handle = _native.take_table(
                lib.patron_engine_compare, pointer, rules.pointer, *names, place
            )
            table: Table = Table._wrap(handle)
            return table

        return self._watched(Watcher(progress), options, ask)

    @property
    def policies(self) -> Table:
        """All policies so far, the last of which is in force: ``number``, ``at`` (null of the first),
        ``name``, ``version``, ``hash``."""
        return self._table(lib.patron_engine_policies)

    def migration(self, classification: str, start: Any, end: Any) -> Table:
        """How many were in which class at one instant and in which at another.

        Parameters
        ----------
        classification : str
            Its name at `end`; flags overlap, and have no migration.
        start, end : datetime, date or str
            Neither is after the clock, nor `end` before `start`.

        Returns
        -------
        Table
            ``from``, ``to`` (null: in none), ``customers``, a row for each pair in the order of the policies.

        Raises
        ------
        ArgumentError
            Flags, or instants that are none of these.
        DataError
            No such classification.
        """
        name = _options.name_of("classification", "classification", classification)
        instants = micros_of(start, self._zone, "start"), micros_of(end, self._zone, "end")
        return self._table(lib.patron_engine_migration, *_native.text(name), *instants)


def _publish(engine: Any, policy: Any, mapping: Any, size: int, report: Any, out: Any, error: Any) -> int:
    status: int = lib.patron_engine_publish(
        engine, policy, mapping, size, ctypes.byref(report), out, error
    )
    return status


def _mapping(mapping: Any) -> tuple[bytes, int]:
    """A mapping as its JSON text."""
    if mapping is None:
        return b"", 0
    if not isinstance(mapping, Mapping):
        raise ArgumentError(f"mapping={mapping!r:.60}: give a dict of classifications, or None")
    try:
        return _native.text(json.dumps(dict(mapping), ensure_ascii=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise ArgumentError(f"mapping is no JSON: {error}") from None
