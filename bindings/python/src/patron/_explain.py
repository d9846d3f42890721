"""Why a customer is in her class: the explanations of `Engine.explain`."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from ._instants import datetime_of

__all__ = ["BetterClass", "ClassExplanation", "ComingChange", "Hold", "MissingCondition", "MissingFact", "Reason"]


@dataclass(frozen=True)
class Reason:
    """One condition as it is written, and what stood on its sides.

    Attributes
    ----------
    of, part : str
        The class whose condition it is, or the tag; ``"enter"``, ``"keep"``, ``"where"``, ``"tag"``, ``"cut"``,
        ``"score"``, ``"seat"``.
    text : str
        Such as ``"spend >= 1000"``.
    holds : bool or None
        None: unknown.
    left, op, right : str or None
        Of a comparison, as people read it.
    distance : float or None
        right - left: money in major units, times in seconds.
    unknown : list of str
        The values it reads that are null.
    """

    of: str
    part: str
    text: str
    holds: bool | None
    left: str | None
    op: str | None
    right: str | None
    distance: float | None
    unknown: list[str]


@dataclass(frozen=True)
class MissingFact:
    """Facts that meet a condition: `count` events of a stream, or a value of an attribute.

    ``columns`` and ``values`` say what has to stand in them, as people read it.
    """

    name: str
    attribute: bool
    count: int
    columns: list[str]
    values: list[str]


@dataclass(frozen=True)
class MissingCondition:
    """A condition that has to become what ``wanted`` says.

    ``more`` is how much is missing, in its unit; ``facts`` meet it; ``not_before`` is of one that only time meets.
    """

    condition: Reason
    wanted: bool
    more: str | None
    facts: list[MissingFact]
    not_before: dt.datetime | None


@dataclass(frozen=True)
class BetterClass:
    """A class that she has not, and the least that is missing.

    Attributes
    ----------
    name, label : str
        Of the class.
    how : str
        ``"by_facts"``, ``"not_before"``, ``"by_time"``, ``"not_attainable"``, ``"no_seat"``, ``"not_decided"``.
    missing : list of MissingCondition
        All of them have to be met.
    before, at : datetime or None
        The facts are enough before this instant; when time alone brings it.
    """

    name: str
    label: str
    how: str
    missing: list[MissingCondition]
    before: dt.datetime | None
    at: dt.datetime | None


@dataclass(frozen=True)
class Hold:
    """What holds her where she is: ``"min_dwell"``, ``"grace"``, ``"pin"`` ..., of which class, until when.

    ``reason`` and ``author`` are of an override, where they were said.
    """

    what: str
    of: str
    until: dt.datetime | None
    reason: str | None
    author: str | None


@dataclass(frozen=True)
class ComingChange:
    """The next change of class by time alone, and the conditions that decide it. ``from_`` or ``to`` None: no class."""

    from_: str | None
    to: str | None
    at: dt.datetime
    because: list[Reason]


@dataclass(frozen=True)
class ClassExplanation:
    """Why a customer is in her class, from `Engine.explain`; ``str`` of it is the text for people.

    Attributes
    ----------
    customer : str or int
        Who stands for her.
    classification, label, kind : str
        Which classification.
    at : datetime or None
        The clock.
    classes : list of str
        Those she has: one, or of flags any number.
    since : datetime or None
        Of one class.
    own : str or None
        The machine's class, where an override puts another in its place.
    reasons : list of Reason
        Why she has them.
    better : list of BetterClass
        From the best; of flags those she has not.
    holds : list of Hold
        What holds her.
    next : ComingChange or None
        By time alone.
    to_stay : BetterClass or None
        What keeps the class that ``next`` takes, before that instant, or right behind the clock where she
        loses it there; its values are those of that instant.
    looked_until : datetime or None
        Before this instant nothing else comes by itself; None: as far as time goes.
    unknown : list of str
        Values that are null and were asked for.
    text : str
        All of it as people read it, in lines.
    """

    customer: str | int
    classification: str
    label: str
    kind: str
    at: dt.datetime | None
    classes: list[str]
    since: dt.datetime | None
    own: str | None
    reasons: list[Reason]
    better: list[BetterClass]
    holds: list[Hold]
    next: ComingChange | None
    to_stay: BetterClass | None
    looked_until: dt.datetime | None
    unknown: list[str]
    text: str

    def __str__(self) -> str:
        return self.text


def explanation_of(document: str, zone: str) -> ClassExplanation:
    """An explanation from its JSON document, its instants in a zone."""
    found: dict[str, Any] = json.loads(document)

    def instant(micros: int | None) -> dt.datetime | None:
        return None if micros is None else datetime_of(micros, zone)

    def missing(one: dict[str, Any]) -> MissingCondition:
        facts = [MissingFact(**fact) for fact in one["facts"]]
        return MissingCondition(
            Reason(**one["condition"]), one["wanted"], one["more"], facts, instant(one["not_before"])
        )

    def better(one: dict[str, Any]) -> BetterClass:
        least = [missing(condition) for condition in one["missing"]]
        return BetterClass(
            one["name"], one["label"], one["how"], least, instant(one["before"]), instant(one["at"])
        )

    coming = found["next"]
    found["reasons"] = [Reason(**one) for one in found["reasons"]]
    found["better"] = [better(one) for one in found["better"]]
    found["holds"] = [Hold(**{**one, "until": instant(one["until"])}) for one in found["holds"]]
    if found["to_stay"] is not None:
        found["to_stay"] = better(found["to_stay"])
    if coming is not None:
        because = [Reason(**one) for one in coming["because"]]
        at = datetime_of(coming["at"], zone)
        found["next"] = ComingChange(coming["from"], coming["to"], at, because)
    for name in ("at", "since", "looked_until"):
        found[name] = instant(found[name])
    return ClassExplanation(**found)
