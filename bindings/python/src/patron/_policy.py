"""Policies: the rules of a business as one JSON document, checked before they touch a customer."""

from __future__ import annotations

import ctypes
import datetime as dt
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from . import _ffi, _inputs, _native, _options
from ._instants import micros_of
from ._native import Handle, lib
from ._progress import Watcher, compute
from ._schema import ROLES
from ._table import Table, render
from .errors import ArgumentError, Error, IoError

__all__ = ["Classified", "Finding", "Findings", "Policy"]

_TEXT = "<policy>"  # the file of a document that came without one


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


def _name_of(classification: Any) -> tuple[bytes, int]:
    if not isinstance(classification, str):
        raise ArgumentError(f"classification={classification!r:.60}: give the name of one, a str")
    return _native.text(classification)


def _document(option: str, source: Any) -> tuple[str, bytes]:
    """The name and the bytes of the document that an argument is, or names."""
    if isinstance(source, Mapping):
        try:
            text = json.dumps(dict(source), ensure_ascii=False, indent=2)
        except (TypeError, ValueError, RecursionError) as error:
            raise ArgumentError(f"{option} is no JSON document: {error}") from None
        return _TEXT, text.encode("utf-8", "surrogatepass")
    if isinstance(source, str) and _is_text(source):
        return _TEXT, source.encode("utf-8", "surrogatepass")
    if isinstance(source, (str, os.PathLike)):
        return str(os.fspath(source)), _read(option, source)
    raise ArgumentError(f"{option}={source!r:.80}: give a path, the text of a policy, or a dict")


def _read(option: str, path: str | os.PathLike[str]) -> bytes:
    try:
        return Path(path).read_bytes()
    except ValueError as error:
        raise ArgumentError(f"{option}={path!r:.80} is no path: {error}") from None
    except OSError as error:
        raise IoError(f"{os.fspath(path)}: {error.strerror or error}") from error


class Classified(Table):
    """What `Policy.classify` gives: a `Table` with a row for each customer.

    ``class`` is the first class whose condition holds, or the one that takes the rest; null where there is
    none; flags have no such column. Bit i of ``held`` says that the condition of class i (from 0, in the order of
    the policy) holds, and bit i of ``unknown`` that it is not known. What is unknown matches nothing, so a customer
    may belong to a better class where ``unknown`` has one of its bits. Beyond 64 conditions there are no masks.

    Attributes
    ----------
    unknown_rows : int
        Customers for whom some condition is unknown.
    overflows, divisions_by_zero : int
        Operations with known operands whose result was unknown for that reason.
    bad_cells : int
        Cells that could not be read as their tag's kind: NaN, out of range, no time, none of the values.
    """

    unknown_rows: int
    overflows: int
    divisions_by_zero: int
    bad_cells: int

    def __repr__(self) -> str:
        return render(self, f"patron.Classified ({self.unknown_rows} unknown)")


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
        self._file, self._data = _document("source", source)

    @classmethod
    def _given(cls, option: str, policy: Any) -> Policy:
        """The policy that an argument is, or that is made of it; errors call it `option`."""
        if isinstance(policy, Policy):
            return policy
        return cls._from_bytes(*_document(option, policy))

    @classmethod
    def _from_bytes(cls, name: str, data: bytes) -> Policy:
        policy = cls({})
        policy._file, policy._data = name, data
        return policy

    @classmethod
    def _of(cls, handle: Handle) -> Policy:
        """What the library holds already."""
        document = _native.buffer_bytes(lib.patron_policy_to_json, handle.pointer)
        policy = cls._from_bytes(_TEXT, document)
        policy._handle = handle
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
        return _native.buffer_text(lib.patron_policy_to_json, self._open().pointer)

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
        chosen = _options.choose("dialect", dialect, _options.SQL_DIALECTS)
        instant = None
        if now is not None:
            instant = ctypes.byref(ctypes.c_int64(micros_of(now, self.timezone, "now")))
        return _native.buffer_text(
            lib.patron_policy_to_sql,
            self._open().pointer,
            *_name_of(classification),
            chosen,
            instant,
        )

    def classify(
        self,
        customers: Any,
        classification: str,
        *,
        now: Any = None,
        threads: int | None = None,
        progress: Callable[[float], object] | None = None,
    ) -> Classified:
        """What customers are called who have no history: a classification by conditions, in one pass.

        Parameters
        ----------
        customers : tabular
            A `Table`, a DataFrame, anything with ``__arrow_c_stream__``, or a dict of columns, with those
            columns of `tags` that the conditions read. Money is in major units.
        classification : str
            A ladder, a first match, or flags.
        now : datetime, date, numpy.datetime64, pandas.Timestamp or str, optional
            What ``now`` means; needed where a condition speaks of it.
        threads : int, optional
            Default: one for each core. The result is the same for any number.
        progress : callable, optional
            Called with the share done, 0 to 1, on the calling thread. What it raises stops the call.

        Returns
        -------
        Classified
            The columns ``class`` (null where none fits; not for flags), ``held`` and ``unknown``.

        Raises
        ------
        ArgumentError
            No such classification, or one of another kind; `now` is missing.
        DataError
            A column is missing, or its type does not go with the kind of the tag.

        Examples
        --------
        >>> import patron
        >>> shop = patron.Policy({"patron": 1, "name": "shop",
        ...     "attributes": {"spend": {"type": "money"}, "vip": {"type": "bool"}},
        ...     "classifications": [{"name": "tier", "kind": "ladder", "classes": [
        ...         {"name": "gold", "enter": "spend >= 1000 || vip"},
        ...         {"name": "silver", "enter": "spend >= 200"}, {"name": "guest"}]}]})
        >>> tiers = shop.classify({"spend": [1500, 300, None], "vip": [None, False, False]}, "tier")
        >>> tiers["class"].to_list()
        ['gold', 'silver', 'guest']
        >>> tiers["held"].to_list(), tiers["unknown"].to_list()   # bit 0: gold, bit 1: silver
        ([3, 2, 0], [0, 0, 3])
        """
        handle = self._open()
        keep: list[object] = []
        options = _ffi.patron_expression_options.init()
        options.threads = _options.threads(threads)
        if now is not None:
            instant = _options.address(ctypes.c_int64(micros_of(now, self.timezone, "now")), keep)
            options.now = instant
        name = _name_of(classification)
        rows = _inputs.open_columns(customers, self._roles(classification))
        counts = _ffi.patron_expression_counts.init()

        def run(table: Any, options: Any, out: Any, error: Any) -> int:
            return lib.patron_policy_classify(
                handle.pointer, *name, table, options, out, ctypes.byref(counts), error
            )

        found: Classified = Classified._wrap(
            compute(
                run,
                rows,
                options,
                Watcher(progress),
                out=_ffi.patron_table_p,
                close=lib.patron_table_close,
            )
        )
        for field in ("unknown_rows", "overflows", "divisions_by_zero", "bad_cells"):
            setattr(found, field, getattr(counts, field))
        return found

    def _roles(self, classification: str) -> dict[str, str]:
        """What the columns that a classification reads are read for."""
        tags = self.tags
        kinds = dict(zip(tags["name"], tags["type"], strict=True))
        reads = dict(zip(tags["name"], tags["reads"], strict=True)).get(classification) or ""
        return {name: ROLES.get(kinds[name], "any") for name in reads.split()}

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
        return _native.buffer_text(
            lib.patron_policy_format,
            *_native.text(self._file.encode("utf-8", "replace").decode()),
            self._data,
            len(self._data),
        )

    def __repr__(self) -> str:
        try:
            return f"patron.Policy({self.name!r}, {len(self.tags)} tags, {self.hash[:12]})"
        except Error as error:
            return f"patron.Policy({self._file!r}, with errors: {error})"
