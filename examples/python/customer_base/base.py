"""The customer base in numbers: by segment, by A/B/C, by action. All money is in minor units."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import patron
import polars as pl

from .orders import Orders, OrdersError
from .words import ACTIONS, CLASS_ADVICE, PROSPECT

SHARES = (0.8, 0.95)


@dataclass(frozen=True)
class Group:
    """Some customers: how many, what they brought, and what to do with them."""

    name: str
    name_zh: str
    customers: int
    revenue: int
    advice: str
    advice_zh: str


@dataclass(frozen=True)
class Action:
    """What to do next, and with whom; the customers who spent most come first."""

    key: str
    segments: tuple[str, ...]
    customers: int
    revenue: int
    first: list[tuple[Any, int]]
    people: pl.DataFrame


@dataclass(frozen=True)
class Base:
    """Everything that the terminal and the page show."""

    orders: Orders
    scored: patron.RfmResult
    customers: int
    order_count: int
    revenue: int
    scale: int
    first_day: dt.date
    last_day: dt.date
    buyers: int
    bought_once: int
    segments: list[Group]
    classes: list[Group]
    actions: list[Action]
    cells: list[dict[str, int]]
    pareto: list[tuple[float, float]]
    class_ends: list[tuple[str, float, float]]
    refused: Counter[str] = field(default_factory=Counter)
    below_zero: int = 0


def evaluate(orders: Orders, as_of: str | None = None, scale: int = 2) -> Base:
    """Scores the orders with patron and sums up who is there.

    Raises
    ------
    OrdersError
        No revenue to share out.
    patron.Error
        Orders that cannot be scored.
    """
    if not (orders.frame["amount"] > 0).any():
        raise OrdersError("no amount is above zero: there is no revenue to share out")
    scored = patron.rfm(
        orders.frame,
        customer="customer",
        time="time",
        amount="amount",
        order="order" if orders.has_order_ids else None,
        as_of=as_of,
        scale=scale,
    )
    people = scored.to_polars().with_columns(pl.col("segment").cast(pl.String))
    revenue = int(people["monetary_minor"].sum())
    if revenue <= 0:
        raise OrdersError(f"the amounts sum to {revenue / 10**scale:g}: there is no revenue to share out")
    # Shares are of what came in: who got back more than she paid counts as nothing.
    worth = people["monetary_minor"].clip(lower_bound=0)
    ranked = patron.rank(worth, share=SHARES)
    people = people.with_columns(
        pl.Series("class", ["ABC"[c] for c in ranked["class"]]),
        pl.Series("cumulative", ranked["cumulative_share"].to_list(), dtype=pl.Float64),
    )
    buyers = people.filter(pl.col("r") > 0)
    table = patron.segment_table("eleven")
    return Base(
        orders=orders,
        scored=scored,
        customers=people.height,
        order_count=int(people["orders"].sum()),
        revenue=revenue,
        scale=scale,
        first_day=buyers["first_order"].min().date(),  # type: ignore[union-attr]
        last_day=scored.as_of.date(),
        buyers=buyers.height,
        bought_once=buyers.filter(pl.col("orders") == 1).height,
        segments=_segments(people, table.rows),
        classes=_classes(people),
        actions=_actions(people),
        cells=_cells(buyers),
        pareto=_curve(people),
        class_ends=_class_ends(people),
        refused=Counter(scored.refused["reason"].to_list()),
        below_zero=int((people["monetary_minor"] < 0).sum()),
    )


def _totals(people: pl.DataFrame, by: str) -> dict[Any, tuple[int, int]]:
    sums = people.group_by(by).agg(customers=pl.len(), revenue=pl.col("monetary_minor").sum())
    return {row[by]: (row["customers"], row["revenue"]) for row in sums.iter_rows(named=True)}


def _segments(people: pl.DataFrame, rows: list[dict[str, Any]]) -> list[Group]:
    totals = _totals(people, "segment")
    profiles = [*rows, PROSPECT] if PROSPECT["name"] in totals else rows
    return [
        Group(row["name"], row["label_zh"], *totals.get(row["name"], (0, 0)), row["advice"], row["advice_zh"])
        for row in profiles
    ]


def _classes(people: pl.DataFrame) -> list[Group]:
    totals = _totals(people, "class")
    return [
        Group(name, name, *totals.get(name, (0, 0)), advice, advice_zh)
        for name, (advice, advice_zh) in CLASS_ADVICE.items()
    ]


def _actions(people: pl.DataFrame) -> list[Action]:
    columns = "customer last_order orders monetary segment class recency_days r f m".split()
    ranked = people.sort("monetary_minor", "customer", descending=[True, False])
    made = []
    for key, segments in ACTIONS.items():
        concerned = ranked.filter(pl.col("segment").is_in(segments))
        made.append(
            Action(
                key,
                segments,
                concerned.height,
                int(concerned["monetary_minor"].sum()),
                list(concerned.head(5).select("customer", "monetary_minor").iter_rows()),
                concerned.select(columns),
            )
        )
    return made


def _cells(buyers: pl.DataFrame) -> list[dict[str, int]]:
    """One cell for each R and F, empty ones included."""
    sums = buyers.group_by("r", "f").agg(customers=pl.len(), revenue=pl.col("monetary_minor").sum())
    known = {(row["r"], row["f"]): row for row in sums.iter_rows(named=True)}
    empty = {"customers": 0, "revenue": 0}
    return [
        {"r": r, "f": f, **{k: known.get((r, f), empty)[k] for k in empty}}
        for r in range(1, 6)
        for f in range(1, 6)
    ]


def _curve(people: pl.DataFrame) -> list[tuple[float, float]]:
    """The share of revenue that the first x of the customers bring: every percent, and finer where it is steep."""
    worth = people["monetary_minor"].clip(lower_bound=0).sort(descending=True)
    sums, total = worth.cum_sum(), worth.sum()
    shares = [i / 1000 for i in [*range(1, 50, 2), *range(50, 1001, 10)]]
    places = sorted({round(people.height * share) for share in shares} - {0})
    return [(0.0, 0.0)] + [(n / people.height, sums[n - 1] / total) for n in places]


def _class_ends(people: pl.DataFrame) -> list[tuple[str, float, float]]:
    """For each class its last place on the curve: share of customers, share of revenue."""
    ends = []
    for name in "AB":
        inside = people.filter(pl.col("class") <= name)
        members = people.filter(pl.col("class") == name)
        if members.height:
            ends.append((name, inside.height / people.height, float(members["cumulative"].max())))  # type: ignore[arg-type]
    return ends
