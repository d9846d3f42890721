"""Finds and loads libpatron.so, and refuses one that this package was not made for.

The library stands in the package's ``lib`` folder. The environment variable ``PATRON_LIBRARY`` names
another file instead, for people who build the library themselves.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

from . import _ffi

#: Where a wheel has the library.
BUNDLED = Path(__file__).resolve().parent / "lib" / "libpatron.so"


def library_path() -> Path:
    """The file that is loaded: ``PATRON_LIBRARY`` where it is set, else the one in the package."""
    override = os.environ.get("PATRON_LIBRARY")
    return Path(override).resolve() if override else BUNDLED


def load() -> _ffi.Library:
    """Loads the library, with a prototype for every function.

    Raises
    ------
    ImportError
        There is no such file, it does not load, or its ABI is not the one of this package. The message
        names the file, both versions, and what to do.
    """
    path = library_path()
    source = "PATRON_LIBRARY" if "PATRON_LIBRARY" in os.environ else "this installation of patron"
    if not path.is_file():
        raise ImportError(
            f"{source}: there is no library at {path}; install patron from a wheel, or set "
            "PATRON_LIBRARY to the libpatron.so that you built"
        )
    try:
        abi = _abi_of(ctypes.CDLL(str(path)))
    except (OSError, AttributeError) as error:
        raise ImportError(f"{source}: {path} is no patron library that loads here: {error}") from error
    major, minor = abi >> 16, abi & 0xFFFF
    if major != _ffi.ABI_MAJOR or minor < _ffi.ABI_MINOR:
        raise ImportError(
            f"the Python package at {Path(__file__).resolve().parent} needs a patron library of ABI "
            f"{_ffi.ABI_MAJOR}.{_ffi.ABI_MINOR}, but {path} ({source}) has ABI "
            f"{major}.{minor}; install one of the two in the version of the other"
        )
    return _ffi.Library(str(path))


def _abi_of(library: ctypes.CDLL) -> int:
    function = library.patron_abi_version
    function.restype = ctypes.c_uint32
    function.argtypes = []
    return int(function())
