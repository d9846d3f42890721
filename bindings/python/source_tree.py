"""Where the C++ sources are: two folders up in a checkout, in `core` in a source distribution."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def root() -> Path:
    """The folder of the project's CMakeLists.txt."""
    bundled = _HERE / "core"
    return bundled if bundled.is_dir() else _HERE.parent.parent


def version() -> str:
    """The project's version."""
    return (root() / "VERSION").read_text(encoding="utf-8").strip()
