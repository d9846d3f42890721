"""What patron raises: one exception class for each family of codes of the C library.

Every class is an `Error` and also the built-in exception that a reader would expect, so
``except ValueError`` catches bad arguments and bad data alike. The message names the thing, the
value, the place and the remedy; the place is also there as numbers.

>>> import patron
>>> try:
...     patron.segment_table("twelve")
... except patron.PolicyError as error:
...     print(error.code_name)
document
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "ArgumentError",
    "CallbackError",
    "Cancelled",
    "DataError",
    "Error",
    "ExpressionError",
    "ExpressionFinding",
    "InternalError",
    "IoError",
    "PolicyError",
    "ResourceError",
    "StateError",
]

#: The names of the codes; the numbers are those of the C library and frozen.
CODE_NAMES = {
    10: "argument",
    11: "unsupported",
    12: "handle",
    13: "buffer",
    20: "syntax",
    21: "document",
    22: "zone",
    30: "column",
    31: "type",
    32: "length",
    33: "empty",
    34: "null",
    35: "number",
    36: "overflow",
    37: "time",
    38: "utf8",
    39: "arrow",
    40: "state",
    50: "io",
    60: "memory",
    61: "limit",
    70: "cancelled",
    71: "callback",
    90: "internal",
}


class Error(Exception):
    """The base of everything patron raises on its own account.

    Parameters
    ----------
    message : str
        What went wrong, and what would be right.
    code : int
        The code of the C library; the tens digit is the family.
    row : int, optional
        Zero-based row of the input.
    byte_offset : int, optional
        Zero-based byte offset in a text, such as a segment table in JSON.

    Attributes
    ----------
    code, row, byte_offset
        As above; `row` and `byte_offset` are None where there is no such place.
    """

    default_code = 90

    code: int
    row: int | None
    byte_offset: int | None

    def __init__(
        self,
        message: str = "",
        *,
        code: int | None = None,
        row: int | None = None,
        byte_offset: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = self.default_code if code is None else code
        self.row = row
        self.byte_offset = byte_offset

    @property
    def code_name(self) -> str:
        """The name of the code in lower case, such as ``"column"``."""
        return CODE_NAMES.get(self.code, "unknown")


class ArgumentError(Error, ValueError):
    """A value outside its domain (codes 10 to 19)."""

    default_code = 10


class PolicyError(Error, ValueError):
    """Text or a table that does not parse or means nothing sound (codes 20 to 29)."""

    default_code = 20


@dataclass(frozen=True)
class ExpressionFinding:
    """One thing that is wrong, or odd, in the text of an expression.

    Attributes
    ----------
    code : str
        A stable word, such as ``"unknown_name"``.
    severity : str
        ``"error"`` or ``"warning"``.
    begin, end : int
        The bytes of the text (UTF-8) that it is about.
    message : str
        What is wrong and what to do.
    """

    code: str
    severity: str
    begin: int
    end: int
    message: str


class ExpressionError(PolicyError):
    """An expression that does not parse or means nothing sound.

    The message is all that was found, as a compiler prints it.

    Attributes
    ----------
    findings : list of ExpressionFinding
        The same one by one, warnings included, in the order of the text.
    """

    findings: list[ExpressionFinding]

    def __init__(
        self,
        message: str = "",
        *,
        code: int | None = None,
        row: int | None = None,
        byte_offset: int | None = None,
        findings: list[ExpressionFinding] | None = None,
    ) -> None:
        super().__init__(message, code=code, row=row, byte_offset=byte_offset)
        self.findings = findings or []


class DataError(Error, ValueError):
    """Input columns or rows that cannot be used (codes 30 to 39)."""

    default_code = 39


class StateError(Error, RuntimeError):
    """Not now: closed, released, or used after fork (codes 40 to 49)."""

    default_code = 40


class IoError(Error, OSError):
    """Reading or writing failed (codes 50 to 59)."""

    default_code = 50


class ResourceError(Error, MemoryError):
    """Out of memory, or more than patron can hold (codes 60 to 69)."""

    default_code = 60


class Cancelled(Error):
    """The call was cancelled (code 70)."""

    default_code = 70


class CallbackError(Error):
    """A callback stopped the call (code 71)."""

    default_code = 71


class InternalError(Error):
    """A defect in patron itself; please report it (codes 90 to 99)."""

    default_code = 90


_FAMILIES: dict[int, type[Error]] = {
    1: ArgumentError,
    2: PolicyError,
    3: DataError,
    4: StateError,
    5: IoError,
    6: ResourceError,
    7: CallbackError,
    9: InternalError,
}


def error_from_code(code: int, message: str, row: int = -1, byte_offset: int = -1) -> Error:
    """The exception for a code; -1 means that there is no such place."""
    kind = Cancelled if code == 70 else _FAMILIES.get(code // 10, InternalError)
    return kind(
        message,
        code=code,
        row=None if row < 0 else row,
        byte_offset=None if byte_offset < 0 else byte_offset,
    )
