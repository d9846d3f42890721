"""Bytes to files and from them, for objects that can be saved. The library itself opens none."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from .errors import ArgumentError, IoError


def write_file(path: str | os.PathLike[str], data: bytes) -> None:
    """Puts a file in the place of what was there, complete or not at all."""
    target = Path(path)
    try:
        descriptor, name = tempfile.mkstemp(prefix=target.name + ".", dir=target.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, target)
        except BaseException:
            os.unlink(name)
            raise
    except ValueError as error:
        raise ArgumentError(f"target={path!r:.80} is no path: {error}") from None
    except OSError as error:
        raise IoError(f"{os.fspath(path)}: {error.strerror or error}") from error


def read_bytes(source: Any) -> bytes:
    """All bytes of a path, of an open file, or those given."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return bytes(source)
    if isinstance(source, (str, os.PathLike)):
        try:
            return Path(source).read_bytes()
        except ValueError as error:
            raise ArgumentError(f"source={source!r:.80} is no path: {error}") from None
        except OSError as error:
            raise IoError(f"{os.fspath(source)}: {error.strerror or error}") from error
    if callable(read := getattr(source, "read", None)) and isinstance(data := read(), bytes):
        return data
    raise ArgumentError(f"source={source!r:.60}: give a path, bytes, or a file open for bytes")
