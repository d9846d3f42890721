"""Scratch memory that is kept from call to call."""

from __future__ import annotations

from typing import Any

from . import _ffi, _native
from .errors import ArgumentError


class Workspace:
    """Scratch memory that is kept from call to call.

    A call on many rows needs scratch memory in proportion to them, 24 bytes a row for `rfm`, and memory
    that comes fresh from the operating system is cleared page by page: a tenth of the time of such a call.
    Who calls again and again hands in a workspace. It never changes a result. Threads may share one: one
    call has the memory, the others take their own.

    Attributes
    ----------
    nbytes : int
        How many bytes it holds now, those that a call has left out.

    Examples
    --------
    >>> import patron
    >>> orders = {"id": [1, 2, 1], "day": ["2026-01-02", "2026-01-05", "2026-02-01"], "paid": [10, 25, 7.5]}
    >>> with patron.Workspace() as workspace:
    ...     for _ in range(2):
    ...         scored = patron.rfm(orders, customer="id", time="day", amount="paid", workspace=workspace)
    ...     workspace.nbytes > 0
    True
    """

    def __init__(self) -> None:
        self._handle = _native.take(
            _native.lib.patron_workspace_create,
            out=_ffi.patron_workspace_p,
            close=_native.lib.patron_workspace_close,
        )
        self._open = True

    @property
    def nbytes(self) -> int:
        return int(_native.lib.patron_workspace_bytes(self._handle.pointer)) if self._open else 0

    def close(self) -> None:
        """Returns the memory to the system; a second time does nothing. No call may be using it."""
        self._open = False
        self._handle.close()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"patron.Workspace({self.nbytes:,} bytes)" if self._open else "patron.Workspace(closed)"


def pointer_of(workspace: Any) -> Any:
    """The handle of a workspace that is open."""
    if not isinstance(workspace, Workspace):
        raise ArgumentError(f"workspace={workspace!r}: give a patron.Workspace, or None")
    if not workspace._open:
        raise ArgumentError("the workspace is closed; make a new one")
    return workspace._handle.pointer.value
