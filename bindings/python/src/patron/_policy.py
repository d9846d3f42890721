"""Policies: the rules of a business as one JSON document, checked before they touch a customer."""

from __future__ import annotations

import ctypes
import datetime as dt
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from . import _ffi, _native
from ._instants import micros_of
from ._native import Handle, lib
from ._table import Table
from .errors import ArgumentError, Error, IoError

__all__ = ["Finding", "Findings", "Policy"]

_DIALECTS = {"duckdb": _ffi.PATRON_SQL_DUCKDB, "postgresql": _ffi.PATRON_SQL_POSTGRESQL}


class Finding(NamedTuple):
    """One thing to say about a policy.

    Attributes
    ----------
    code : str
        A stable word, such as ``"unknown_key"``.
    severity : {"error", "warning", "note"}
        A policy with errors is refused; warnings are advice, notes are worth knowing.
    pointer : str
        JSON pointer of the value it is about.
    offset : int
        The byte of the document at which that value, or its key, begins.
    span : tuple of int or None
        Inside an expression, the bytes of its text.
    message : str
        What is wrong, and what to do.
    """

    code: str
    severity: str
    pointer: str
    offset: int
    span: tuple[int, int] | None
    message: str


class Findings(list[Finding]):
    """What `Policy.check` found, in the order of the document; as text it looks like a compiler's.

    Attributes
    ----------
    errors, warnings, notes : list of Finding
        Those of each severity.
    """

    _text: str = ""

    @property
    def errors(self) -> list[Finding]:
        """The errors."""
        return [one for one in self if one.severity == "error"]

    @property
    def warnings(self) -> list[Finding]:
        """The warnings."""
        return [one for one in self if one.severity == "warning"]

    @property
    def notes(self) -> list[Finding]:
        """The notes."""
        return [one for one in self if one.severity == "note"]

    def __str__(self) -> str:
        return self._text


def _is_text(source: str) -> bool:
    return source.lstrip("\ufeff \t\r\n")[:1] in ("{", "[", "") or "\n" in source


def _read(path: str | os.PathLike[str]) -> bytes:
    try:
        return Path(path).read_bytes()
    except ValueError as error:
        raise ArgumentError(f"source={path!r:.80} is no path: {error}") from None
    except OSError as error:
        raise IoError(f"{os.fspath(path)}: {error.strerror or error}") from error


class Policy:
    """The rules of a business: streams, attributes, tags, models, classifications, actions.

    A policy with errors can be made, to be asked what is wrong with it; everything else raises the first
    error.

    Parameters
    ----------
    source : str, path or mapping
        The document: the path of a file, its text (a str that begins with ``{``), or the parsed document.

    Raises
    ------
    IoError
        The file cannot be read.

    Examples
    --------
    >>> import patron
    >>> policy = patron.Policy({"patron": 1, "name": "shop", "streams": {"orders": {}},
    ...                         "tags": [{"name": "spend", "metric": {"sum": "orders.amont"}}]})
    >>> policy.check()[0].pointer, policy.check()[0].message
    ('/tags/0/metric/sum', '"amont" is no column of orders; did you mean "amount"?')
    """

    def __init__(self, source: str | os.PathLike[str] | Mapping[str, Any]) -> None:
        self._handle: Handle | None = None
        self._file = "policy.json"
        if isinstance(source, Mapping):
            try:
                text = json.dumps(dict(source), ensure_ascii=False, indent=2)
            except (TypeError, ValueError, RecursionError) as error:
                raise ArgumentError(f"source is no JSON document: {error}") from None
            self._data = text.encode("utf-8", "surrogatepass")
        elif isinstance(source, str) and _is_text(source):
            self._data = source.encode("utf-8", "surrogatepass")
        elif isinstance(source, (str, os.PathLike)):
            self._file = str(os.fspath(source))
            self._data = _read(source)
        else:
            raise ArgumentError(
                f"source={source!r:.80}: give a path, the text of a policy, or a dict"
            )

    @classmethod
    def _from_bytes(cls, name: str, data: bytes) -> Policy:
        policy = cls({})
        policy._file, policy._data = name, data
        return policy

    def check(self) -> Findings:
        """Everything that is wrong with the policy, or worth saying of it.

        Returns
        -------
        Findings
            A list; ``print`` shows it with the lines of the document and carets.
        """
        table: Table = Table._wrap(
            _native.take_table(lib.patron_policy_check, self._data, len(self._data))
        )
        rows = zip(*(table[name] for name in table.columns), strict=True)
        found = Findings(
            Finding(code, severity, pointer, offset, None if begin < 0 else (begin, end), message)
            for code, severity, pointer, offset, begin, end, message in rows
        )
        found._text = self._formatted()
        return found

    @property
    def name(self) -> str:
        """The name of the policy."""
        return self._info("name")

    @property
    def version(self) -> str:
        """Its version, as it says."""
        return self._info("version")

    @property
    def timezone(self) -> str:
        """The zone of its days and months."""
        return self._info("timezone")

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical document, in hexadecimal digits."""
        return self._info("hash")

    @property
    def tags(self) -> Table:
        """Everything that a profile holds, each behind what it reads.

        Columns ``name``, ``type``, ``source``, ``category``, ``label``, ``description``, ``reads``.
        """
        table: Table = Table._wrap(
            _native.take_table(lib.patron_policy_tags, self._open().pointer)
        )
        return table

    @property
    def classes(self) -> Table:
        """The classes of all classifications: ``classification``, ``kind``, ``class``, ``label``."""
        table: Table = Table._wrap(
            _native.take_table(lib.patron_policy_classes, self._open().pointer)
        )
        return table

    def to_json(self) -> str:
        """The canonical document: keys in byte order, numbers in their shortest form."""
        return _native.buffer_text(lib.patron_policy_to_json, self._open())

    def to_sql(
        self,
        classification: str,
        dialect: Literal["duckdb", "postgresql"] = "duckdb",
        *,
        now: str | dt.datetime | None = None,
    ) -> str:
        """A classification by conditions as the select list of an SQL query.

        Parameters
        ----------
        classification : str
            A ladder, a first match, or flags.
        dialect : {"duckdb", "postgresql"}
            Whose SQL.
        now : str or datetime, optional
            What ``now`` means; without it, the database's own.

        Returns
        -------
        str
            For a table of customers with the columns of `tags`.

        Raises
        ------
        ArgumentError
            No such classification, or one of another kind.
        """
        if dialect not in _DIALECTS:
            raise ArgumentError(f"dialect={dialect!r}: give one of {', '.join(map(repr, _DIALECTS))}")
        instant = None
        if now is not None:
            instant = ctypes.byref(ctypes.c_int64(micros_of(now, self.timezone)))
        buffer = _native.take(
            lib.patron_policy_to_sql,
            self._open().pointer,
            *_native.text(classification),
            _DIALECTS[dialect],
            instant,
            out=_ffi.patron_buffer_p,
            close=lib.patron_buffer_close,
        )
        text: str = lib.patron_buffer_text(buffer.pointer).text()
        buffer.close()
        return text

    def _open(self) -> Handle:
        if self._handle is None:
            self._handle = _native.take(
                lib.patron_policy_parse,
                self._data,
                len(self._data),
                out=_ffi.patron_policy_p,
                close=lib.patron_policy_close,
            )
        return self._handle

    def _info(self, field: str) -> str:
        info = _ffi.patron_policy_info.init()
        _native.call(lib.patron_policy_describe, self._open().pointer, ctypes.byref(info))
        text: str = getattr(info, field).text()
        return text

    def _formatted(self) -> str:
        buffer = _native.take(
            lib.patron_policy_format,
            *_native.text(self._file.encode("utf-8", "replace").decode()),
            self._data,
            len(self._data),
            out=_ffi.patron_buffer_p,
            close=lib.patron_buffer_close,
        )
        text: str = lib.patron_buffer_text(buffer.pointer).text()
        buffer.close()
        return text

    def __repr__(self) -> str:
        try:
            return f"patron.Policy({self.name!r}, {len(self.tags)} tags, {self.hash[:12]})"
        except Error as error:
            return f"patron.Policy({self._file!r}, with errors: {error})"
