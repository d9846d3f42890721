"""The three structs of the Arrow C interfaces, for the few places that look inside them."""

from __future__ import annotations

import ctypes
import itertools
from typing import Any


class Schema(ctypes.Structure):
    """struct ArrowSchema."""


class Array(ctypes.Structure):
    """struct ArrowArray."""


class Stream(ctypes.Structure):
    """struct ArrowArrayStream."""


_Release = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
_Get = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
_Error = ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.c_void_p)

Schema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_void_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.c_void_p),
    ("dictionary", ctypes.c_void_p),
    ("release", _Release),
    ("private_data", ctypes.c_void_p),
]
Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.c_void_p),
    ("children", ctypes.c_void_p),
    ("dictionary", ctypes.c_void_p),
    ("release", _Release),
    ("private_data", ctypes.c_void_p),
]
Stream._fields_ = [
    ("get_schema", _Get),
    ("get_next", _Get),
    ("get_last_error", _Error),
    ("release", _Release),
    ("private_data", ctypes.c_void_p),
]


def schema_into(stream: Any, address: int) -> None:
    """Fills the schema at an address with the stream's."""
    _check(stream, stream.get_schema(ctypes.addressof(stream), address))


def schema_of(stream: Any) -> Schema:
    """The stream's schema, which the caller owns."""
    schema = Schema()
    schema_into(stream, ctypes.addressof(schema))
    return schema


def next_array(stream: Any) -> Array | None:
    """The next array of the stream, which the caller owns; None at its end."""
    array = Array()
    _check(stream, stream.get_next(ctypes.addressof(stream), ctypes.addressof(array)))
    return array if array.release else None


def _check(stream: Any, status: int) -> None:
    if status != 0:
        message = stream.get_last_error(ctypes.addressof(stream)) or b"no message"
        raise OSError(status, f"the Arrow stream failed: {message.decode('utf-8', 'replace')}")


# -- A bare array as the only column of a struct array -----------------------------------------------

_numbers = itertools.count(1)
_adopted: dict[int, tuple[Any, ...]] = {}


def _release(kind: Any) -> Any:
    def release(address: int) -> None:
        parent = kind.from_address(address)
        children = _adopted.pop(parent.private_data)[0]
        child = children[0].contents
        if child.release:
            child.release(ctypes.addressof(child))
        ctypes.memmove(
            address + kind.release.offset, bytes(ctypes.sizeof(ctypes.c_void_p)), kind.release.size
        )

    return _Release(release)


# These two are Python functions, which is safe because only tables that patron reads hold them, and
# those are closed before the interpreter goes.
_release_schema = _release(Schema)
_release_array = _release(Array)


_STRUCT_FORMAT = b"+s"


def adopt(schema: Any, array: Any) -> tuple[Schema, Array]:
    """A struct schema and array whose only child is the given one, moved out of its place."""
    parents: list[Any] = []
    for kind, source, release in (
        (Schema, schema, _release_schema),
        (Array, array, _release_array),
    ):
        child = kind()
        ctypes.memmove(ctypes.addressof(child), ctypes.addressof(source), ctypes.sizeof(kind))
        ctypes.memmove(
            ctypes.addressof(source) + kind.release.offset,
            bytes(kind.release.size),
            kind.release.size,
        )
        children = (ctypes.POINTER(kind) * 1)(ctypes.pointer(child))
        parent = kind(n_children=1, children=ctypes.addressof(children), release=release)
        number = next(_numbers)
        parent.private_data = number
        buffers = (ctypes.c_void_p * 1)()
        _adopted[number] = (children, child, buffers)
        if kind is Schema:
            parent.format = _STRUCT_FORMAT
        else:
            parent.length = child.length
            parent.n_buffers = 1
            parent.buffers = ctypes.addressof(buffers)
        parents.append(parent)
    return parents[0], parents[1]
