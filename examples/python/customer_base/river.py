"""The flow of customers between stages as a picture: a column for each month, a band for each way between two."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from .flow import Flow

WIDTH, HEIGHT = 1160, 430
LEFT, RIGHT, TOP, BOTTOM = 12, 12, 8, 30
BAR = 22
LEAST_FOR_A_NUMBER = 15  # pixels
COLOURS = {"prospect": "#c3cad2", "loyal": "#0b5c8a", "new": "#4aa3a2", "active": "#7fb069", "silent": "#e3b23c", "lost": "#b3561f"}
OTHERS = ("#0b5c8a", "#4aa3a2", "#7fb069", "#e3b23c", "#b3561f", "#8593a1")


def colours(flow: Flow) -> dict[str, str]:
    """A colour for each stage."""
    return {s.name: COLOURS.get(s.name, OTHERS[i % len(OTHERS)]) for i, s in enumerate(flow.stages)}


def draw(flow: Flow) -> str:
    """The picture as an SVG element; its words are in both languages of the page."""
    paint = colours(flow)
    most = max(sum(standing.values()) for standing in flow.standing)
    per_head = (HEIGHT - TOP - BOTTOM) / most
    step = (WIDTH - LEFT - RIGHT - BAR) / (len(flow.months) - 1)
    tops = [_tops(flow, k, per_head) for k in range(len(flow.months))]
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="flow-title">',
        '<title id="flow-title">Customers by stage at the beginning of each month, and how they moved</title>',
    ]
    for k, moves in enumerate(flow.moves):
        parts += _bands(flow, moves, tops[k], tops[k + 1], LEFT + k * step + BAR, LEFT + (k + 1) * step, per_head, paint)
    for k, month in enumerate(flow.months):
        parts += _column(flow, k, LEFT + k * step, tops[k], per_head, paint)
        if len(flow.months) <= 12 or k % 2 == 0:
            x = LEFT + k * step + BAR / 2
            parts.append(f'<text class="month" x="{x:.1f}" y="{HEIGHT - 8}">{month:%Y-%m}</text>')
    return "".join([*parts, "</svg>"])


def _tops(flow: Flow, k: int, per_head: float) -> dict[str, float]:
    """Where each stage of a column begins; all columns stand on one ground."""
    y = HEIGHT - BOTTOM - per_head * sum(flow.standing[k].values())
    tops = {}
    for stage in flow.stages:
        tops[stage.name] = y
        y += per_head * flow.standing[k].get(stage.name, 0)
    return tops


def _bands(
    flow: Flow,
    moves: dict[tuple[str, str], int],
    tops: dict[str, float],
    next_tops: dict[str, float],
    x0: float,
    x1: float,
    per_head: float,
    paint: dict[str, str],
) -> Iterator[str]:
    """The ways from one column to the next, in the order of the stages on both sides."""
    names = [stage.name for stage in flow.stages]
    labels = {stage.name: stage.en for stage in flow.stages}
    ends = dict(next_tops)
    middle = (x0 + x1) / 2
    begins = dict(tops)
    places = {}
    for start in names:
        for end in names:
            places[start, end] = begins[start]
            begins[start] += per_head * moves.get((start, end), 0)
    for end in names:
        for start in names:
            people = moves.get((start, end), 0)
            if not people:
                continue
            high, y0, y1 = per_head * people, places[start, end], ends[end]
            ends[end] += high
            kind = "stays" if start == end else "moves"
            yield (
                f'<path class="{kind}" fill="{paint[end]}" d="M{x0:.1f} {y0:.2f}C{middle:.1f} {y0:.2f} {middle:.1f} {y1:.2f} '
                f"{x1:.1f} {y1:.2f}V{y1 + high:.2f}C{middle:.1f} {y1 + high:.2f} {middle:.1f} {y0 + high:.2f} "
                f'{x0:.1f} {y0 + high:.2f}Z"><title>{escape(labels[start])} → {escape(labels[end])}: {people:,}</title></path>'
            )


def _column(
    flow: Flow, k: int, x: float, tops: dict[str, float], per_head: float, paint: dict[str, str]
) -> Iterator[str]:
    for stage in flow.stages:
        people = flow.standing[k].get(stage.name, 0)
        if not people:
            continue
        high = per_head * people
        yield (
            f'<rect x="{x:.1f}" y="{tops[stage.name]:.2f}" width="{BAR}" height="{high:.2f}" fill="{paint[stage.name]}">'
            f"<title>{flow.months[k]:%Y-%m-%d}, {escape(stage.en)}: {people:,}</title></rect>"
        )
        if high >= LEAST_FOR_A_NUMBER and k in (0, len(flow.months) - 1):
            share = 100 * people / sum(flow.standing[k].values())
            yield f'<text class="share" x="{x + BAR / 2:.1f}" y="{tops[stage.name] + high / 2 + 3.5:.1f}">{share:.0f}</text>'
