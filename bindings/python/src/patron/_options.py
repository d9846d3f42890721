"""Options of a call: values that are checked, and memory that an options struct points to.

Each function takes the name of the option, for the message, and the value that the caller gave. Those with a
`keep` put what they made into that list, which must live until the call ends.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import _ffi
from .errors import ArgumentError

BAD_ROWS = {"refuse": _ffi.PATRON_BAD_ROW_REFUSE, "raise": _ffi.PATRON_BAD_ROW_FAIL}
SQL_DIALECTS = {"duckdb": _ffi.PATRON_SQL_DUCKDB, "postgresql": _ffi.PATRON_SQL_POSTGRESQL}


def choose(option: str, value: Any, choices: Mapping[str, int]) -> int:
    """The constant of one of several words."""
    if not isinstance(value, str) or value not in choices:
        raise ArgumentError(f"{option}={value!r}: give one of {', '.join(map(repr, choices))}")
    return choices[value]


def whole(option: str, value: Any, limit: int = 2**31) -> int:
    """A whole number from -limit to limit - 1: an int or NumPy's, no bool."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise ArgumentError(f"{option}={value!r:.60}: give a whole number")
    if not -limit <= value < limit:
        raise ArgumentError(
            f"{option}={value!r:.60}: give a whole number from {-limit:,} to {limit - 1:,}"
        )
    return int(value)


def threads(value: Any) -> int:
    """None is 0, one thread on each core."""
    if value is None:
        return 0
    if whole("threads", value) < 1:
        raise ArgumentError(f"threads={value!r}: give 1 or more, or None for one on each core")
    return int(value)


def number(option: str, value: Any) -> float:
    """A float of anything that is a number, no bool and no text."""
    if isinstance(value, (str, bytes, bool)) or not hasattr(value, "__float__"):
        raise ArgumentError(f"{option}={value!r:.60}: give a number, such as 0.95")
    try:
        return float(value)
    except (OverflowError, TypeError, ValueError):
        raise ArgumentError(f"{option}={value!r:.60}: give a number that a float can hold") from None


def numbers(option: str, values: Any) -> Any:
    """A C array of doubles."""
    try:
        listed = [float(v) for v in values]
    except (OverflowError, TypeError, ValueError):
        raise ArgumentError(f"{option}={values!r:.60}: give a list of numbers") from None
    return (ctypes.c_double * len(listed))(*listed)


def timezone(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ArgumentError(f"timezone={value!r}: give an IANA name such as 'Asia/Shanghai'")
    return value


def column(option: str, value: Any) -> str:
    """The name of a column."""
    if not isinstance(value, str) or not value:
        raise ArgumentError(f"{option}={value!r:.60}: give the name of a column")
    return value


def name_of(what: str, option: str, value: Any) -> str:
    """The name of a part of a policy: "classification", "class"."""
    if not isinstance(value, str) or not value:
        raise ArgumentError(f"{option}={value!r:.60}: give the name of a {what}")
    return value


def words(option: str, value: Any) -> str:
    """Any text, for people."""
    if not isinstance(value, str):
        raise ArgumentError(f"{option}={value!r:.60}: give a text")
    return value


def columns(option: str, value: Any) -> list[str]:
    """One name of a column, or several."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, (bytes, Mapping)) or not isinstance(value, Iterable):
        listed: list[Any] = [None]
    else:
        listed = list(value)
    if not all(isinstance(name, str) for name in listed):
        raise ArgumentError(f"{option}={value!r:.60}: give the name of a column, or a list of names")
    return listed


_ROLES = {"customer": "id", "time": "time", "amount": "amount", "margin": "amount", "order": "id"}


def order_roles(optional: Iterable[str], **names: str | None) -> dict[str, str]:
    """The columns of orders, by the option that names each, and what they are read for.

    Those that are optional may be None.
    """
    roles: dict[str, str] = {}
    for option, name in names.items():
        if name is None and option in optional:
            continue
        if roles.setdefault(column(option, name), _ROLES[option]) != _ROLES[option]:
            raise ArgumentError(f'{option}="{name}": this column is already used for another purpose')
    return roles


def text(value: str, keep: list[object]) -> Any:
    """A patron_str of a text."""
    data = value.encode("utf-8", "surrogatepass")
    keep.append(data)
    return _ffi.patron_str.of(data)


def set_texts(options: Any, keep: list[object], **names: str | None) -> None:
    """Sets fields of an options struct to texts; None is an empty one."""
    for field, name in names.items():
        setattr(options, field, text(name or "", keep))


def set_choices(options: Any, choices: Mapping[str, Mapping[str, int]], **chosen: Any) -> None:
    """Sets fields of an options struct, each to the constant of one of its words."""
    for field, word in chosen.items():
        setattr(options, field, choose(field, word, choices[field]))


def texts(values: Sequence[str], keep: list[object]) -> tuple[int | None, int]:
    """Address and length of an array of patron_str; no address where there are none."""
    if len(values) == 0:
        return None, 0
    array = (_ffi.patron_str * len(values))(*(text(value, keep) for value in values))
    return address(array, keep), len(array)


def address(value: Any, keep: list[object]) -> int:
    """Where a ctypes value lies."""
    keep.append(value)
    return ctypes.addressof(value)
