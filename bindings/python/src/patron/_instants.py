"""Instants and periods as callers write them, in the microseconds of the library."""

from __future__ import annotations

import ctypes
import datetime as dt
import sys
from typing import Any

from . import _ffi, _native
from ._native import lib
from ._read import zone_of
from .errors import ArgumentError

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)
_MICRO = dt.timedelta(microseconds=1)
# Nanoseconds in the exact units of numpy.timedelta64.
_NANOS = {"W": 604800 * 10**9, "D": 86400 * 10**9, "h": 3600 * 10**9, "m": 60 * 10**9}
_NANOS |= {"s": 10**9, "ms": 10**6, "us": 1000, "ns": 1}


def micros_of(value: Any, zone: str, option: str = "as_of") -> int:
    """An instant.

    Parameters
    ----------
    value : datetime, date, numpy.datetime64, pandas.Timestamp or str
        Without a zone it is a wall clock of `zone`; a date is its local midnight. Text is ISO 8601.
    zone : str
        IANA name.
    option : str
        What the value is given as, for the message.
    """
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.datetime64):
        value = str(value.astype("M8[us]"))
    if isinstance(value, dt.datetime) and type(value).__name__ != "NaTType":
        if value.tzinfo is not None:
            return int((value - _EPOCH) // _MICRO)
        value = value.isoformat(timespec="microseconds")
    elif isinstance(value, dt.date):
        value = value.isoformat()
    if not isinstance(value, str) or value == "NaT":
        raise ArgumentError(
            f"{option}={value!r}: give a datetime, a date, or ISO 8601 text such as '2026-03-01'"
        )
    micros = ctypes.c_int64()
    _native.call(
        lib.patron_time_parse, *_native.text(value), *_native.text(zone), ctypes.byref(micros)
    )
    return micros.value


def period_of(value: Any) -> Any:
    """A window as a `patron_period`: text such as ``"365d"`` or ``"12mo"``, or a timedelta."""
    numpy = sys.modules.get("numpy")
    micros = None
    if numpy is not None and isinstance(value, numpy.timedelta64):
        unit, step = numpy.datetime_data(value.dtype)
        if unit in _NANOS and not numpy.isnat(value):  # its own conversion wraps around
            micros = int(value.astype("i8")) * step * _NANOS[unit] // 1000
    elif isinstance(value, dt.timedelta) and type(value).__name__ != "NaTType":
        micros = int(value // _MICRO)
    period = _ffi.patron_period.init()
    if micros is not None:
        if micros <= 0:
            raise ArgumentError(f"window={value!r}: give a length above zero")
        if micros >= 2**63:
            raise ArgumentError(f"window={value!r}: too long; nothing lasts beyond the year 9999")
        period.micros = micros
        return period
    if not isinstance(value, str):
        raise ArgumentError(
            f"window={value!r}: give text with a unit, such as '365d' or '12mo', or a timedelta"
        )
    _native.call(lib.patron_period_parse, *_native.text(value), ctypes.byref(period))
    return period


def datetime_of(micros: int, zone: str) -> dt.datetime:
    """An instant as an aware datetime of the zone."""
    return (_EPOCH + dt.timedelta(microseconds=micros)).astimezone(zone_of(zone))
