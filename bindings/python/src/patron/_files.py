"""Bytes to files and from them, for objects that can be saved. The library itself opens none."""

from __future__ import annotations

import io
import os
import secrets
from pathlib import Path
from typing import Any

from .errors import ArgumentError, IoError


def write_file(path: str | os.PathLike[str], data: bytes) -> None:
    """Puts a file in the place of what was there, complete or not at all; a device or a pipe is written to."""
    try:
        target = Path(path).resolve()  # what a link leads to
        if target.exists() and not target.is_file():
            with open(target, "wb") as file:
                file.write(data)
            return
        name = target.with_name(f"{target.name}.{secrets.token_hex(8)}")
        try:
            with open(name, "xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                os.chmod(name, target.stat().st_mode & 0o7777)
            os.replace(name, target)
        except BaseException:
            name.unlink(missing_ok=True)
            raise
    except ValueError as error:
        raise ArgumentError(f"target={path!r:.80} is no path: {error}") from None
    except OSError as error:
        raise IoError(f"{os.fspath(path)}: {error.strerror or error}") from error


def write_to(file: Any, data: bytes) -> None:
    """All bytes to an open file, which may take them a part at a time."""
    if isinstance(file, io.TextIOBase):
        raise ArgumentError(f"target={file!r:.60}: give a file open for bytes; this one is for text")
    left = memoryview(data)
    while left:
        taken = file.write(left)
        if not isinstance(taken, int):
            return  # a writer that does not count takes all
        if not 0 < taken <= len(left):
            raise IoError(f"{file!r:.60} took {taken} of {len(left)} bytes")
        left = left[taken:]


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
