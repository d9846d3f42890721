"""Who is who in an engine, and the classes that people decide."""

from __future__ import annotations

import ctypes
from typing import Any

from . import _ffi, _native, _options
from ._engine_calls import EngineCalls, numbers_of, open_rows
from ._engine_results import IngestReport
from ._instants import micros_of
from ._native import lib
from ._table import Table
from .errors import ArgumentError

_PAIR = {"first": "id", "second": "id"}
_KINDS = {
    "pin": _ffi.PATRON_OVERRIDE_PIN,
    "hold": _ffi.PATRON_OVERRIDE_HOLD,
    "ceiling": _ffi.PATRON_OVERRIDE_CEILING,
    "floor": _ffi.PATRON_OVERRIDE_FLOOR,
}


class EnginePeople(EngineCalls):
    """Links, identity keys, forgetting, overrides."""

    def link(self, table: Any, second: str | int | None = None) -> IngestReport:
        """Makes one customer of two ids, or of those of each row of a table.

        Parameters
        ----------
        table : tabular, str or int
            Ids in the columns ``first`` and ``second``, or the first of two ids. Who stands for the first stands for
            both from now on; ids that are not there yet are added.
        second : str or int, optional
            The other id: ``engine.link("web:anna", "card:17")``.

        Returns
        -------
        IngestReport
            ``accepted`` links, ``duplicates`` of customers who were one already, ``refused`` rows.

        Notes
        -----
        In a ladder the better class of the two counts, with its timers; elsewhere that of the first; flags unite. It
        takes effect with the next `advance`, cause ``"merge"``.
        """
        return self._rows(lib.patron_engine_link_pairs, _pairs(table, second), _PAIR)

    def unlink(self, table: Any, second: str | int | None = None) -> IngestReport:
        """Takes a link out again, or that of each row of a table, as in `link`, the two ids in either order.

        Each side gets back where it stood when the link was made, united with what joined it since, and keeps its
        own facts. A link that is taken out before the next `advance` has never been.

        Returns
        -------
        IngestReport
            ``deleted`` links, and ``refused`` rows: no link was made between these two.
        """
        return self._rows(lib.patron_engine_unlink_pairs, _pairs(table, second), _PAIR)

    def claim(self, table: Any) -> IngestReport:
        """Values of the policy's identity keys: whoever has the same is one customer from then on.

        Parameters
        ----------
        table : tabular
            ``customer``, a column of text for each key, and perhaps ``time``, from which on the values hold; without
            it they hold from the clock on, which has to have been moved once.

        Returns
        -------
        IngestReport
            What became of the values; a bad one is refused, and harms nobody.

        Raises
        ------
        DataError
            A column that is no identity key of the policy; nothing changed.
        StateError
            No ``time``, and the clock has not been moved yet; nothing changed.

        Notes
        -----
        Customers whom a stronger key tells apart stay two: see `key_meetings`. The survivor is the one with the
        smaller id, the cause ``"merge"``.
        """
        return self._rows(lib.patron_engine_claim, table, {"customer": "id", "time": "time"})

    def key_meetings(self) -> Table:
        """What became of values of identity keys that two customers had, oldest first.

        Returns
        -------
        Table
            ``at``, ``key``, ``first``, ``second``, ``linked``, and ``because``: the stronger key of which they have
            different values, where they were not linked.
        """
        return self._table(lib.patron_engine_key_meetings)

    def forget(self, customer: str | int) -> bool:
        """Forgets a customer: all her ids, keys, facts, links, classes, overrides and transitions.

        Returns
        -------
        bool
            False where there is no such customer. Her name in the constants, which shards share, is gone all the
            same: tell every shard, each of her ids.
        """
        found = ctypes.c_int32()
        _native.call(
            lib.patron_engine_forget,
            self._changing().pointer,
            *self._id(customer),
            ctypes.byref(found),
        )
        return bool(found.value)

    def override(
        self,
        customer: str | int,
        classification: str,
        kind: str,
        value: str | None = None,
        *,
        reason: str = "",
        author: str = "",
        until: Any = None,
        at: Any = None,
    ) -> None:
        """Puts a class of people's choice in the place of a classification's own.

        Parameters
        ----------
        customer : str or int
            Her id.
        classification : str
            Its name.
        kind : {"pin", "hold", "ceiling", "floor"}
            This class; the one that she has when it begins; no better; no worse. One of each kind: a later one takes
            its place. A pin counts before a hold, that before a ceiling, that before a floor.
        value : str, optional
            The class; of a hold none.
        reason, author : str
            For people: why, and who decided it; `overrides` shows them.
        until : datetime, date or str, optional
            In force before this instant; without it until `clear_override`.
        at : datetime, date or str, optional
            From when on; default, and at the earliest: the clock.

        Raises
        ------
        ArgumentError
            A customer who is not there, a floor or a ceiling where classes have no order, a hold with a class, a pin to
            a seat that she has not, an end that is not after the beginning, or after all time.
        DataError
            No such classification or class, or none where the kind needs one.

        Notes
        -----
        It takes effect with the next `advance`. The machine's own class is computed beside it: see `overrides`.
        """
        keep: list[object] = []
        what = _ffi.patron_override.init()
        what.kind = _options.choose("kind", kind, _KINDS)
        texts = {
            "classification": _options.name_of("classification", "classification", classification),
            "to": "" if value is None else _options.name_of("class", "value", value),
            "reason": _options.words("reason", reason),
            "author": _options.words("author", author),
        }
        _options.set_texts(what, keep, **texts)
        for name, instant in (("at", at), ("until", until)):
            if instant is not None:
                micros = micros_of(instant, self._zone, name)
                setattr(what, name, _options.address(ctypes.c_int64(micros), keep))
        _native.call(
            lib.patron_engine_override,
            self._changing().pointer,
            *self._id(customer),
            ctypes.byref(what),
        )

    def clear_override(self, customer: str | int, classification: str, kind: str) -> None:
        """Ends an override of that kind before its time, with the next `advance`.

        Raises
        ------
        StateError
            There is none.
        """
        name = _native.text(_options.name_of("classification", "classification", classification))
        place = _options.choose("kind", kind, _KINDS)
        _native.call(
            lib.patron_engine_clear_override,
            self._changing().pointer,
            *self._id(customer),
            *name,
            place,
        )

    def overrides(self, customer: str | int) -> Table:
        """Her overrides, in force or to come, in the order in which they were given.

        Returns
        -------
        Table
            ``classification``, ``kind``, ``to``, ``at``, ``until``, ``reason``, ``author``, ``in_force``, ``own`` (the
            machine's class) and ``effective`` (what she is instead).
        """
        return self._table(lib.patron_engine_overrides, *self._id(customer))

    def _rows(self, function: Any, table: Any, roles: dict[str, str]) -> IngestReport:
        """A call with a table of rows to be done."""
        rows = open_rows(table, roles)
        report = _ffi.patron_ingest_report.init()
        pointer = self._changing().pointer
        refused = _native.take_table(function, pointer, rows.pointer, ctypes.byref(report))
        return IngestReport(**numbers_of(report), refused=Table._wrap(refused))


def _pairs(table: Any, second: str | int | None) -> Any:
    if second is not None:
        return {"first": [table], "second": [second]}
    if isinstance(table, (str, int)):
        raise ArgumentError(
            f"{table!r:.80} alone: give the other id too, or a table with the columns first and second"
        )
    return table
