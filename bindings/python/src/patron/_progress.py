"""Lets Python run while the library works: Ctrl-C, other signals, and the caller's progress callback."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Generator
from types import GeneratorType
from typing import Any

from . import _ffi, _native
from .errors import ArgumentError, CallbackError

# A pending signal raises where a Python frame begins or resumes, and what leaves a ctypes callback is
# lost. So the callback is no Python function but the built-in `send`, which resumes a generator inside
# its own try. The context that the library hands back is that generator.
_Send = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.py_object, ctypes.c_double)


class Watcher:
    """The progress callback of one call of the library.

    Parameters
    ----------
    progress : callable, optional
        Called with the share done, 0 to 1. What it raises stops the call and comes out of it.

    Attributes
    ----------
    exception : BaseException or None
        What a signal handler or `progress` raised.
    """

    def __init__(self, progress: Callable[[float], object] | None) -> None:
        if progress is not None and not callable(progress):
            raise ArgumentError(
                f"progress={progress!r:.60}: give a function of the share done, or None"
            )
        self.exception: BaseException | None = None
        self._loop = self._watch(progress)
        next(self._loop)
        self._send = _Send(GeneratorType.send)
        self._wanted = progress is not None or (
            threading.current_thread() is threading.main_thread()
        )

    def attach(self, options: Any) -> None:
        """Sets the callback in an options struct; the watcher must outlive the call."""
        if self._wanted:
            options.progress = ctypes.cast(self._send, _ffi.patron_progress_fn)
            options.progress_context = id(self._loop)

    def _watch(self, progress: Callable[[float], object] | None) -> Generator[int, float, None]:
        answer = 0
        while True:
            try:
                while True:
                    share = yield answer
                    if progress is not None:
                        progress(share)
            except GeneratorExit:
                return
            except BaseException as exception:
                self.exception = exception
                answer = 1


def compute(
    function: Any, table: _native.Handle, options: Any, watcher: Watcher, *, out: Any, close: Any
) -> _native.Handle:
    """Calls function(table, options, out, error), watched; what the watcher caught comes out of it."""
    watcher.attach(options)
    try:
        handle = _native.take(
            function, table.pointer, ctypes.byref(options), out=out, close=close
        )
    except CallbackError:
        if watcher.exception is None:
            raise
        raise watcher.exception from None
    if watcher.exception is not None:
        raise watcher.exception
    return handle
