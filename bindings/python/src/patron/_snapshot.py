"""Snapshot: an engine as it stood, for other threads."""

from __future__ import annotations

import ctypes
import datetime as dt
from typing import Any

from . import _ffi, _native
from ._engine_calls import BEFORE_ALL
from ._engine_standing import Standing
from ._instants import datetime_of
from ._native import Handle, lib
from ._policy import Policy

__all__ = ["Snapshot"]


class Snapshot(Standing):
    """An engine as it stood at one moment, from `Engine.snapshot`.

    Any number of threads may ask it while one goes on with the engine, which it outlives. Who is forgotten in the
    engine later is still in it.
    """

    _noun = "snapshot"

    def __init__(self) -> None:
        raise TypeError("a patron.Snapshot comes from Engine.snapshot()")

    @classmethod
    def _of(cls, handle: Handle, policy: Policy, threads: int) -> Snapshot:
        snapshot = cls.__new__(cls)
        snapshot._handle = handle
        snapshot._policy = policy
        snapshot._zone = policy.timezone
        snapshot._threads = threads
        snapshot._watching = []
        snapshot._has_numbers = snapshot._info().customer == _ffi.PATRON_KIND_INT64
        return snapshot

    @property
    def policy(self) -> Policy:
        """The rules."""
        return self._policy

    @property
    def clock(self) -> dt.datetime | None:
        """The engine's clock, in the policy's zone; None before the first advance."""
        clock = self._info().clock
        return None if clock == BEFORE_ALL else datetime_of(clock, self._zone)

    def __enter__(self) -> Snapshot:
        return self

    def __reduce__(self) -> Any:
        raise TypeError("a patron.Snapshot cannot be pickled; take its tables")

    def __repr__(self) -> str:
        if self._handle is None:
            return "patron.Snapshot (closed)"
        clock = self.clock
        at = "before the first advance" if clock is None else f"at {clock.isoformat()}"
        return f"patron.Snapshot({self._policy.name!r}, {len(self)} customers, {at})"

    def _info(self) -> Any:
        info = _ffi.patron_snapshot_info.init()
        _native.call(lib.patron_snapshot_describe, self._open().pointer, ctypes.byref(info))
        return info
