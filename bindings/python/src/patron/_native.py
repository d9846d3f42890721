"""The C library as the rest of the package uses it: calls that raise, handles that close themselves."""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Callable
from typing import Any

from . import _arrow, _ffi, _loader
from .errors import DataError, StateError, error_from_code

lib = _loader.load()

_python = ctypes.pythonapi
_capsule_new = _python.PyCapsule_New
_capsule_new.restype = ctypes.py_object
_capsule_new.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
_capsule_pointer = _python.PyCapsule_GetPointer
_capsule_pointer.restype = ctypes.c_void_p
_capsule_pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]

# The destructor of patron's capsules is a C function, because a Python one crashes when it runs at
# interpreter exit; it is told how to look into a capsule.
lib.patron_python_attach(
    ctypes.cast(_python.PyCapsule_IsValid, ctypes.c_void_p),
    ctypes.cast(_python.PyCapsule_GetPointer, ctypes.c_void_p),
)
_destroy: Any = lib.patron_python_capsule_destroy
_capsule_destroy = ctypes.cast(_destroy, ctypes.c_void_p)


def call(function: Any, *args: Any) -> None:
    """Calls a C function that takes a `patron_error` last, and raises what it reports."""
    error = _ffi.patron_error.init()
    status = function(*args, ctypes.byref(error))
    if status != 0:
        message = error.message.decode("utf-8", "replace") or f"patron failed with code {status}"
        raise error_from_code(status, message, error.row, error.byte_offset)


def text(value: str) -> tuple[bytes, int]:
    """A str as the pointer and length of a C call; a lone surrogate is left for C to refuse."""
    data = value.encode("utf-8", "surrogatepass")
    return data, len(data)


class Handle:
    """An open handle of the library, closed when nothing refers to it, or at interpreter exit.

    Parameters
    ----------
    pointer : ctypes.c_void_p
        What the library gave, of the handle's own type.
    close : callable
        The C function that closes it.
    keep : object
        What must stay alive until the handle is closed, such as the arrays that a table reads.
    """

    def __init__(self, pointer: Any, close: Callable[[Any], None], keep: object = None) -> None:
        self.pointer = pointer
        self._finalizer = weakref.finalize(self, _close, close, pointer, keep)

    def close(self) -> None:
        """Closes it now; a second time does nothing."""
        self._finalizer()


def _close(close: Callable[[Any], None], pointer: Any, keep: object) -> None:
    close(pointer)


def count(function: Any, handle: Handle) -> int:
    """Calls a C function that gives a number of a handle, which is -1 where it cannot."""
    number = int(function(handle.pointer))
    if number < 0:
        raise StateError("this object was made before fork(); make it again in the child process")
    return number


def take(function: Any, *args: Any, out: Any, close: Any, keep: object = None) -> Handle:
    """Calls a C function whose last output is a handle of type `out`, and owns that handle."""
    pointer = out()
    call(function, *args, ctypes.byref(pointer))
    return Handle(pointer, close, keep)


def take_table(function: Any, *args: Any, keep: object = None) -> Handle:
    """Calls a C function that gives a table."""
    return take(
        function, *args, out=_ffi.patron_table_p, close=lib.patron_table_close, keep=keep
    )


def buffer_bytes(function: Any, *args: Any) -> bytes:
    """Calls a C function whose last output is a `patron_buffer`, and copies its bytes."""
    buffer = take(function, *args, out=_ffi.patron_buffer_p, close=lib.patron_buffer_close)
    view = lib.patron_buffer_text(buffer.pointer)
    data = ctypes.string_at(view.data, view.size) if view.size else b""
    buffer.close()
    return data


def buffer_text(function: Any, *args: Any) -> str:
    """The same where the bytes are text, such as a to_json."""
    return buffer_bytes(function, *args).decode()


# -- Arrow capsules --------------------------------------------------------------------------------


def _capsule(kind: int, name: bytes, fill: Callable[[Any], None]) -> object:
    pointer = ctypes.c_void_p()
    call(lib.patron_arrow_create, kind, ctypes.byref(pointer))
    try:
        fill(pointer)
        capsule: object = _capsule_new(pointer, name, _capsule_destroy)
    except BaseException:
        lib.patron_arrow_close(kind, pointer)
        raise
    return capsule


def export_stream(table: Handle) -> object:
    """A table as an ``arrow_array_stream`` capsule."""

    def fill(stream: Any) -> None:
        call(lib.patron_table_export_stream, table.pointer, stream)

    return _capsule(_ffi.PATRON_ARROW_STREAM, b"arrow_array_stream", fill)


def export_schema(table: Handle) -> object:
    """The types of a table as an ``arrow_schema`` capsule."""

    def fill(schema: Any) -> None:
        stream = _arrow.Stream()
        call(lib.patron_table_export_stream, table.pointer, ctypes.addressof(stream))
        try:
            _arrow.schema_into(stream, schema.value)
        finally:
            stream.release(ctypes.addressof(stream))

    return _capsule(_ffi.PATRON_ARROW_SCHEMA, b"arrow_schema", fill)


def import_stream(capsule: object) -> Handle:
    """A table that reads an ``arrow_array_stream`` capsule, which is consumed."""
    place = capsule_address(capsule, b"arrow_array_stream")
    return take_table(lib.patron_table_import_stream, place)


def import_array(schema: object, array: object) -> Handle:
    """A table that reads the two capsules of ``__arrow_c_array__``, which are consumed."""
    places = capsule_address(array, b"arrow_array"), capsule_address(schema, b"arrow_schema")
    return take_table(lib.patron_table_import_array, *places)


def capsule_address(capsule: object, name: bytes) -> int:
    """Where the struct inside a capsule is."""
    try:
        return int(_capsule_pointer(capsule, name))
    except ValueError as error:
        raise DataError(f"this is no Arrow capsule named {name.decode()}: {error}", code=39) from None
