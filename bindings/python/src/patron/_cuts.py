"""RfmCuts: what calibration learned, as a value that can be stored, shown and applied to others."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

from . import _ffi, _native
from ._native import lib
from .errors import ArgumentError

__all__ = ["AxisCuts", "RfmCuts"]

METHODS = {
    "quantile": _ffi.PATRON_METHOD_QUANTILE,
    "nearest": _ffi.PATRON_METHOD_NEAREST_RANK,
    "fixed": _ffi.PATRON_METHOD_FIXED,
}
_METHOD_NAMES = {number: name for name, number in METHODS.items()}


@dataclass(frozen=True)
class AxisCuts:
    """The cuts of one axis.

    Attributes
    ----------
    method : str
        ``"quantile"``, ``"nearest"`` or ``"fixed"``.
    cuts : tuple of float
        bins - 1 of them, not decreasing: days, order days, or money in major units. A score is 1 + the
        number of cuts strictly below the value (for recency: bins minus that number).
    octant_split : float
        High where strictly above (recency: where not above).
    """

    method: str
    cuts: tuple[float, ...]
    octant_split: float

    @property
    def bins(self) -> int:
        """How many scores the axis has."""
        return len(self.cuts) + 1


class RfmCuts:
    """The cuts of the three axes: a value, equal where its cuts are.

    Comes from ``patron.rfm(...).cuts`` or `from_json`, and goes into ``patron.rfm(..., cuts=...)``.
    """

    def __init__(self, handle: _native.Handle) -> None:
        self._handle = handle
        info = _ffi.patron_cuts_info.init()
        _native.call(lib.patron_cuts_describe, handle.pointer, ctypes.byref(info))
        #: Decimal digits of the minor unit in which the monetary cuts are exact.
        self.scale: int = info.scale
        #: The zone whose midnights recency counted.
        self.timezone: str = info.timezone.text()
        #: How many customers the cuts were learned from.
        self.customers: int = info.customers
        self.recency = self._axis(_ffi.PATRON_AXIS_RECENCY, 1)
        self.frequency = self._axis(_ffi.PATRON_AXIS_FREQUENCY, 1)
        self.monetary = self._axis(_ffi.PATRON_AXIS_MONETARY, 10**self.scale)

    def _axis(self, axis: int, unit: int) -> AxisCuts:
        view: Any = _ffi.patron_axis_cuts.init()
        _native.call(lib.patron_cuts_axis, self._handle.pointer, axis, ctypes.byref(view))
        whole = (ctypes.c_int64 * view.count).from_address(view.cuts) if view.count else ()
        return AxisCuts(
            _METHOD_NAMES[view.method],
            tuple(cut / unit if unit != 1 else cut for cut in whole),
            view.octant_split / unit if unit != 1 else view.octant_split,
        )

    @classmethod
    def from_json(cls, text: str) -> RfmCuts:
        """Cuts from what `to_json` wrote.

        Raises
        ------
        PolicyError
            No JSON (with `byte_offset`), or cuts that decrease, or unknown keys.
        """
        if not isinstance(text, str):
            raise ArgumentError(f"a {type(text).__name__} is no JSON text; give a str")
        return cls(
            _native.take(
                lib.patron_cuts_parse,
                *_native.text(text),
                out=_ffi.patron_cuts_p,
                close=lib.patron_cuts_close,
            )
        )

    def to_json(self) -> str:
        """The cuts as a small, versioned JSON document; equal cuts give equal text."""
        return _native.buffer_text(lib.patron_cuts_to_json, self._handle.pointer)

    def __eq__(self, other: object) -> bool:
        return self.to_json() == other.to_json() if isinstance(other, RfmCuts) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __reduce__(self) -> Any:
        return RfmCuts.from_json, (self.to_json(),)

    def __repr__(self) -> str:
        lines = [f"patron.RfmCuts from {self.customers} customers, days in {self.timezone}:"]
        for name, unit in (("recency", "days"), ("frequency", "order days"), ("monetary", "")):
            axis: AxisCuts = getattr(self, name)
            digits = self.scale if name == "monetary" else 0
            cuts = ", ".join(f"{cut:.{digits}f}" for cut in axis.cuts)
            lines.append(f"  {name:<9}  {axis.method:<8}  {cuts} {unit}".rstrip())
        return "\n".join(lines)
