"""Calibrations: what the models of a policy learned from all customers at one instant."""

from __future__ import annotations

import ctypes
import datetime as dt
from collections.abc import Iterable
from typing import Any

from . import _ffi, _native
from ._instants import datetime_of
from ._native import Handle, lib
from ._table import Table
from .errors import ArgumentError

__all__ = ["Calibration", "merge_summaries"]


class Calibration:
    """The constants of models and ranks: cuts, parameters, weights, seats. Immutable.

    Parameters
    ----------
    json : str
        A document of `to_json`.

    Attributes
    ----------
    number : int
        1, 2, ...: each is one more than the one in force before; 0: nothing is calibrated yet.
    at : datetime
        The instant whose customers it describes, in UTC; None where nothing is calibrated yet.
    customers : int
        How many they were.
    complete : bool
        False while stages are missing, where summaries of shards are merged step by step.

    Raises
    ------
    PolicyError
        Text that is no calibration.
    """

    number: int
    at: dt.datetime | None
    customers: int
    complete: bool

    def __init__(self, json: str) -> None:
        if not isinstance(json, str):
            raise ArgumentError(f"json={json!r:.60}: give a document of Calibration.to_json()")
        self._take(
            _native.take(
                lib.patron_calibration_parse,
                *_native.text(json),
                out=_ffi.patron_calibration_p,
                close=lib.patron_calibration_close,
            )
        )

    @classmethod
    def _of(cls, handle: Handle) -> Calibration:
        self = cls.__new__(cls)
        self._take(handle)
        return self

    def _take(self, handle: Handle) -> None:
        self._handle = handle
        info = _ffi.patron_calibration_info.init()
        _native.call(lib.patron_calibration_describe, handle.pointer, ctypes.byref(info))
        self.number = int(info.number)
        self.at = None if info.number == 0 else datetime_of(info.at, "UTC")
        self.customers = int(info.customers)
        self.complete = bool(info.complete)

    @property
    def report(self) -> Table:
        """How each model and rank fared.

        Columns ``model``, ``verdict`` (``"calibrated"``, ``"too_few"``, ``"not_fitted"``: the former constants
        stay), ``message`` for people, ``customers`` whom it could learn from, and of what moved most since the
        former constants ``drift``, ``stability_index`` and ``movers``.
        """
        table: Table = Table._wrap(
            _native.take_table(lib.patron_calibration_report, self._handle.pointer)
        )
        return table

    def to_json(self) -> str:
        """The document that holds every number bit for bit: journal it, ship it, read it again."""
        return _native.buffer_text(lib.patron_calibration_to_json, self._handle.pointer)

    def __eq__(self, other: object) -> bool:
        return self.to_json() == other.to_json() if isinstance(other, Calibration) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __reduce__(self) -> Any:
        return (Calibration, (self.to_json(),))

    def __repr__(self) -> str:
        if self.number == 0:
            return "patron.Calibration (nothing is calibrated yet)"
        return f"patron.Calibration(number {self.number}, {self.customers} customers, at {self.at})"


def merge_summaries(parts: Iterable[bytes]) -> bytes:
    """The summary of all parts of a base: the same bytes in any order.

    Parameters
    ----------
    parts : iterable of bytes
        Of `Engine.summary_for_merge`, one of each shard.

    Returns
    -------
    bytes
        For `Engine.learn`.

    Raises
    ------
    ArgumentError
        Parts that do not go together, or that share a customer, as far as they name any (in seats and referrals).
    DataError
        No parts.
    PolicyError
        Bytes that are no summary.
    """
    if isinstance(parts, (str, bytes)) or not isinstance(parts, Iterable):
        raise ArgumentError(f"parts={parts!r:.60}: give a list of the bytes of summary_for_merge()")
    listed = list(parts)
    if not all(isinstance(part, bytes) for part in listed):
        raise ArgumentError(f"parts={parts!r:.60}: give a list of the bytes of summary_for_merge()")
    views = (_ffi.patron_str * len(listed))(*(_ffi.patron_str.of(part) for part in listed))
    return _native.buffer_bytes(lib.patron_summaries_merge, views, len(listed))
