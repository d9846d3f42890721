"""What an engine says of what it did and of a customer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from ._table import Table

__all__ = ["EngineStats", "IngestReport", "ProfileValue", "PublishReport"]


@dataclass(frozen=True)
class IngestReport:
    """What became of a batch of facts.

    Attributes
    ----------
    rows : int
        How many there were; of attributes, every value is one.
    accepted, duplicates, corrected, deleted, unknown, refused_rows : int
        New ones; known by their event key and the same; known and different; deleted; to be deleted and not
        there; bad. A row is one of these.
    late, waiting : int
        Of new and corrected ones: how many are at or before the clock, and take effect with the next advance, and
        how many are later than it, and take effect at their own time.
    refused : Table
        The first 10,000 of the bad rows, in the order of the table: ``row`` (from 0), ``column`` (empty: the row as
        a whole), ``reason``.
    """

    rows: int
    accepted: int
    duplicates: int
    corrected: int
    deleted: int
    unknown: int
    refused_rows: int
    late: int
    waiting: int
    refused: Table = field(repr=False)

    def __str__(self) -> str:
        return f"{self!r}\n{self.refused}" if self.refused_rows > 0 else repr(self)


@dataclass(frozen=True)
class EngineStats:
    """What `Engine.stats` found.

    Attributes
    ----------
    customers, events, values, transitions : int
        How many there are; values are those of attributes.
    next_due : datetime or None
        The first instant at which anything happens to anybody; None: nothing will by itself.
    memory : dict of str to int
        Bytes by what holds them, with their ``"total"``.
    """

    customers: int
    events: int
    values: int
    transitions: int
    next_due: dt.datetime | None
    memory: dict[str, int]


@dataclass(frozen=True)
class ProfileValue:
    """One value of a customer, from `Engine.profile`.

    Attributes
    ----------
    value : object
        bool, int, float, str, Decimal, date, datetime, timedelta, or a list of str for a set; None is unknown.
    kind, source : str
        As in `Policy.tags`.
    reads : list of str
        What it comes from: the attribute itself, streams, or other values.
    label, category : str
        For people.
    currency : str
        Of money.
    as_of : datetime or None
        The time of the newest of her facts that it rests on.
    """

    value: Any
    kind: str
    source: str
    reads: list[str]
    label: str
    category: str
    currency: str
    as_of: dt.datetime | None


@dataclass(frozen=True)
class PublishReport:
    """What `Engine.publish` did.

    Attributes
    ----------
    number : int
        Of the policy in force: as in the column ``policy`` of transitions.
    same : bool
        It was in force already, and nothing has changed.
    customers : int
        Whom the next `Engine.advance` will settle under it.
    uncalibrated : list of str
        Models and ranks whose constants do not hold any more: null until the next calibration.
    """

    number: int
    same: bool
    customers: int
    uncalibrated: list[str]
