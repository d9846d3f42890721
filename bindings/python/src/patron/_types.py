"""The column types of the C library, and one column as the C library sees it."""

from __future__ import annotations

import ctypes
from array import array
from dataclasses import dataclass
from enum import IntEnum
from itertools import accumulate
from typing import Any


class Type(IntEnum):
    """The numbers of the C interface."""

    UNSUPPORTED = -1
    NULL = 0
    BOOL = 1
    INT8 = 2
    INT16 = 3
    INT32 = 4
    INT64 = 5
    UINT8 = 6
    UINT16 = 7
    UINT32 = 8
    UINT64 = 9
    FLOAT = 10
    DOUBLE = 11
    DECIMAL128 = 12
    STRING = 13
    LARGE_STRING = 14
    STRING_VIEW = 15
    DATE32 = 16
    DATE64 = 17
    TIMESTAMP = 18
    DURATION = 19
    DICTIONARY = 20


class Unit(IntEnum):
    """The unit of time stamps and durations."""

    SECOND = 0
    MILLI = 1
    MICRO = 2
    NANO = 3


#: The types of plain numbers, by NumPy's kind and the size in bytes.
NUMBER_TYPES = {
    ("i", 1): Type.INT8,
    ("i", 2): Type.INT16,
    ("i", 4): Type.INT32,
    ("i", 8): Type.INT64,
    ("u", 1): Type.UINT8,
    ("u", 2): Type.UINT16,
    ("u", 4): Type.UINT32,
    ("u", 8): Type.UINT64,
    ("f", 4): Type.FLOAT,
    ("f", 8): Type.DOUBLE,
}


@dataclass
class Buffer:
    """Memory that a column reads, and the object that keeps it alive."""

    address: int
    owner: object


def bytes_buffer(data: bytes) -> Buffer:
    """The memory of a bytes object, not copied."""
    return Buffer(ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value or 0, data)


def array_buffer(values: array[Any]) -> Buffer:
    """The memory of an `array.array`, not copied."""
    return Buffer(values.buffer_info()[0], values)


@dataclass
class Column:
    """One column in one run of memory, laid out as Arrow lays it out."""

    name: str
    type: Type
    length: int
    values: Buffer | None = None
    validity: Buffer | None = None
    offsets: Buffer | None = None
    data: Buffer | None = None
    unit: Unit = Unit.MICRO
    zone: str = ""
    precision: int = 0
    scale: int = 0
    offset: int = 0
    view_buffers: Buffer | None = None
    view_buffer_count: int = 0
    index: Type = Type.INT32
    dictionary: Column | None = None


def validity_bits(valid: bytes | bytearray) -> Buffer:
    """Arrow's bit mask from one byte a value, 0 or 1."""
    text = bytes(valid).translate(_DIGITS)[::-1]
    size = (len(valid) + 7) // 8
    return bytes_buffer(int(text, 2).to_bytes(size, "little") if valid else b"")


_DIGITS = bytes.maketrans(b"\x00\x01", b"01")


def string_column(name: str, encoded: list[bytes], validity: Buffer | None) -> Column:
    """Strings already encoded; a null is any bytes, such as none."""
    offsets = array("q", [0])
    offsets.extend(accumulate(map(len, encoded)))
    return Column(
        name,
        Type.LARGE_STRING,
        len(encoded),
        validity=validity,
        offsets=array_buffer(offsets),
        data=bytes_buffer(b"".join(encoded)),
    )
