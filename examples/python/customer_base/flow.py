"""The same orders as they came: every customer's stage month by month, who changes next, and one customer's way."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import patron
import polars as pl

from .base import Base
from .words import LANGUAGES

POLICY = Path(__file__).resolve().parents[2] / "policies" / "lifecycle.json"
CLASSIFICATION = "stage"
MOST_MONTHS = 18


@dataclass(frozen=True)
class Stage:
    """A class of the policy: its name and what people call it."""

    name: str
    en: str
    zh: str


@dataclass(frozen=True)
class Next:
    """Some customers who change their stage within a month if they do nothing, and the first of them."""

    start: str
    end: str
    customers: int
    first: dt.date
    because: str


@dataclass(frozen=True)
class Step:
    """A change in one customer's life."""

    at: dt.date
    stage: str


@dataclass(frozen=True)
class Person:
    """Of those who leave the better stages within a month the one who brought most."""

    customer: str
    revenue: int
    steps: list[Step]
    stage: str
    next_stage: str
    next_at: dt.date
    why: dict[str, str]


@dataclass(frozen=True)
class Flow:
    """How many stood where at the beginning of each month, and how many went from where to where in between."""

    stages: list[Stage]
    months: list[dt.date]
    standing: list[dict[str, int]]
    moves: list[dict[tuple[str, str], int]]
    transitions: int
    ahead: list[Next]
    leaving: int
    person: Person | None


def replay(base: Base) -> Flow | None:
    """Replays the orders month by month; None where they cover less than three months."""
    months = _months(base.first_day, base.last_day)
    if len(months) < 3:
        return None
    engine = patron.Engine(_policy(base))
    engine.ingest("orders", _orders(base))
    standing, moves, before = [], [], None
    for month in months:
        engine.advance(month)
        now = _standing(engine)
        standing.append(dict(now.group_by("stage").len().iter_rows()))
        if before is not None:
            both = before.join(now, on="customer", suffix="_now").group_by("stage", "stage_now").len()
            moves.append({(start, end): n for start, end, n in both.iter_rows()})
        before = now
    ahead = engine.forecast(engine.clock + dt.timedelta(days=31), CLASSIFICATION).to_dicts()
    stages = _stages(engine)
    order = [stage.name for stage in stages]
    return Flow(
        stages=stages,
        months=months,
        standing=standing,
        moves=moves,
        transitions=engine.stats().transitions,
        ahead=_ahead(ahead),
        leaving=len({row["customer"] for row in ahead}),
        person=_person(engine, base, [r for r in ahead if order.index(r["from"]) < order.index(r["to"])], order),
    )


def _policy(base: Base) -> patron.Policy:
    document = json.loads(POLICY.read_text(encoding="utf-8"))
    document["money"]["scale"] = base.scale
    return patron.Policy(document)


def _orders(base: Base) -> pl.DataFrame:
    # One row of an order is as good as another here: the policy counts days.
    return base.orders.frame.select(pl.col("customer").cast(pl.String), "time", "amount")


def _months(first: dt.date, last: dt.date) -> list[dt.date]:
    """The first days of the last months up to the one after the last order."""
    months = []
    day = first.replace(day=1)
    while day <= last:
        day = (day + dt.timedelta(days=32)).replace(day=1)
        months.append(day)
    return months[-MOST_MONTHS:]


def _stages(engine: patron.Engine) -> list[Stage]:
    document = json.loads(engine.policy.to_json())
    (found,) = [c for c in document["classifications"] if c["name"] == CLASSIFICATION]
    return [Stage(c["name"], c["label"]["en"], c["label"]["zh"]) for c in found["classes"]]


def _standing(engine: patron.Engine) -> pl.DataFrame:
    """Who has come so far, and her stage."""
    table = engine.classes().to_polars().select("customer", stage=pl.col(CLASSIFICATION).cast(pl.String))
    return table.filter(pl.col("stage").is_not_null())


def _ahead(rows: list[dict[str, Any]]) -> list[Next]:
    counts = Counter((row["from"], row["to"]) for row in rows)
    first: dict[tuple[str, str], dt.date] = {}
    reasons: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        pair = (row["from"], row["to"])
        first.setdefault(pair, row["at"].date())
        said = [r["text"] for r in json.loads(row["because"]) if not r["holds"] and r["of"] == row["from"]]
        reasons.setdefault(pair, Counter()).update([" && ".join(said)])
    return [Next(*pair, n, first[pair], reasons[pair].most_common(1)[0][0]) for pair, n in counts.most_common()]


def _person(engine: patron.Engine, base: Base, ahead: list[dict[str, Any]], order: list[str]) -> Person | None:
    if not ahead:
        return None
    best = min(order.index(row["from"]) for row in ahead)
    rows = {row["customer"]: row for row in reversed(ahead) if order.index(row["from"]) == best}
    people = base.scored.to_polars().select(pl.col("customer").cast(pl.String), "monetary_minor")
    most = people.filter(pl.col("customer").is_in(list(rows))).sort("monetary_minor", "customer", descending=[True, False])
    customer, revenue = most.row(0)
    steps = [
        Step(row["at"].date(), row["to"])
        for row in engine.history(customer).to_dicts()
        if row["classification"] == CLASSIFICATION and row["to"] is not None
    ]
    row = rows[customer]
    why = {language: engine.explain(customer, CLASSIFICATION, language).text for language in LANGUAGES}
    return Person(customer, int(revenue), steps, row["from"], row["to"], row["at"].date(), why)
