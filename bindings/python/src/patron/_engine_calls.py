"""How an engine calls the library: its handle, customers, tables, reports, callbacks."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from . import _ffi, _inputs, _native, _options
from ._engine_results import IngestReport
from ._instants import micros_of
from ._native import Handle, lib
from ._policy import Policy
from ._progress import Watcher
from ._table import Table
from .errors import ArgumentError, CallbackError, DataError, StateError

_Answer = TypeVar("_Answer")

NEVER = 2**63 - 1
BEFORE_ALL = -(2**63)

_NULLS = {"ignore": _ffi.PATRON_NULLS_IGNORE, "clear": _ffi.PATRON_NULLS_CLEAR}


class EngineCalls:
    """The handle of an engine, and what its calls have in common."""

    _handle: Handle | None
    _policy: Policy
    _zone: str
    _threads: int
    _has_numbers: bool
    _telling = False  # whether a call tells its caller of transitions
    _watching: list[None]  # one for each call that may call back

    def close(self) -> None:
        """Frees it now; later calls raise `StateError`, and closing again does nothing.

        Raises
        ------
        StateError
            From within a callback of one of its own calls, or while another thread is in one.
        """
        if self._telling or self._watching:
            noun = type(self).__name__.lower()
            raise StateError(f"this {noun} is in a call; close it when that has ended, not from its callbacks")
        if self._handle is not None:
            self._handle.close()
            self._handle = None

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __len__(self) -> int:
        return int(self._info().customers)

    def __bool__(self) -> bool:
        return True

    def _open(self) -> Handle:
        if self._handle is None:
            raise StateError(f"this {type(self).__name__.lower()} is closed")
        return self._handle

    def _changing(self) -> Handle:
        """The handle, for a call that changes something."""
        if self._telling:
            raise StateError(
                "this engine tells of its transitions: it may be asked now, and changed when that call has ended"
            )
        return self._open()

    def _watched(self, watcher: Watcher, options: Any, ask: Callable[[], _Answer]) -> _Answer:
        """Makes a call with a watcher in its options; what that caught comes out of it."""
        watcher.attach(options)
        self._watching.append(None)
        try:
            answer = ask()
        except CallbackError:
            if watcher.exception is None:
                raise
            raise watcher.exception from None
        finally:
            self._watching.pop()
        if watcher.exception is not None:
            raise watcher.exception
        return answer

    def _info(self) -> Any:
        info = _ffi.patron_engine_info.init()
        _native.call(lib.patron_engine_describe, self._open().pointer, ctypes.byref(info))
        return info

    def _table(self, function: Any, *args: Any) -> Table:
        table: Table = Table._wrap(_native.take_table(function, self._open().pointer, *args))
        return table

    def _id(self, customer: Any) -> tuple[int, bytes, int]:
        """The arguments that name a customer."""
        if self._has_numbers:
            return (_options.whole("customer", customer, 2**63), b"", 0)
        if not isinstance(customer, str):
            raise ArgumentError(f"customer={customer!r:.60}: customers of this policy are texts")
        return (0, *_native.text(customer))

    def _take(self, function: Any, *args: Any, quiet: Any, nulls: Any = "ignore") -> IngestReport:
        options = _ffi.patron_ingest_options.init()
        options.nulls = _options.choose("nulls", nulls, _NULLS)
        options.quiet = int(flag("quiet", quiet))
        options.threads = self._threads
        report = _ffi.patron_ingest_report.init()
        places = ctypes.byref(options), ctypes.byref(report)
        refused = _native.take_table(function, self._changing().pointer, *args, *places)
        if not refused.pointer:
            raise MemoryError(
                f"no memory for the list of {report.refused_rows} refused rows; the {report.rows - report.refused_rows} others are in"
            )
        return IngestReport(**numbers_of(report), refused=Table._wrap(refused))


def open_ids(ids: Any, option: str = "customers") -> Handle:
    """A table of ids."""
    if isinstance(ids, (str, bytes)):
        raise ArgumentError(f"{option}={ids!r:.60}: give a list of ids")
    role = "any" if _inputs.is_blank(ids) else "id"
    return _inputs.open_table({"customer": ids}, {"customer": role})


@contextmanager
def said_of(option: str) -> Iterator[None]:
    """Errors about the column that `open_ids` makes of an argument name the argument instead."""
    column = 'column "customer"'
    try:
        yield
    except DataError as error:
        text = str(error).replace(f"{column} is null", f"{option}, row {error.row}: null")
        error.args = (text.replace(column, option),)
        raise


def flag(option: str, value: Any) -> bool:
    """A bool, Python's or NumPy's; no number stands for one."""
    if not isinstance(value, bool) and type(value).__name__ != "bool_":
        raise ArgumentError(f"{option}={value!r:.60}: give True or False")
    return bool(value)


def numbers_of(struct: Any) -> dict[str, int]:
    """The fields of a struct of numbers by name."""
    names = (field[0] for field in struct._fields_)
    return {name: getattr(struct, name) for name in names if name not in ("struct_size", "reserved")}


def open_rows(data: Any, known: Mapping[str, str]) -> Handle:
    """All columns of a table, those that nobody knows too, so that the library can say so."""
    names = _inputs.column_names(data)
    roles = {n: known.get(n, "any") for n in names} if names is not None else dict(known)
    if isinstance(data, Mapping):
        # A list of nothing, or of nulls alone, is a column of whatever type is asked.
        roles = {n: "any" if n in data and _inputs.is_blank(data[n]) else r for n, r in roles.items()}
    if not roles:
        raise ArgumentError("the table has no columns; it needs customer and time")
    return _inputs.open_table(data, roles)
