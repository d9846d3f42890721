"""The customer base as text for a terminal."""

from __future__ import annotations

import textwrap
import unicodedata

from .base import Base, Group
from .flow import Flow
from .words import action_word, counted, money, percent, word


def render(base: Base, language: str = "en", width: int = 100) -> str:
    """Segments, classes and actions, each with customers, revenue and what to do."""
    lines = [_headline(base, language), ""]
    lines += [*textwrap.wrap(word("relative", language), width), ""]
    lines += _groups(base, base.segments, "segment", language, width)
    lines += _groups(base, base.classes, "class", language, width)
    lines += _actions(base, language, width)
    return "\n".join(lines)


def render_flow(base: Base, flow: Flow, language: str = "en") -> str:
    """Month by month how many stand where, who changes next, and one customer's way."""
    zh = language == "zh"
    names = {stage.name: stage.zh if zh else stage.en for stage in flow.stages}
    sizes = [12, *(10 for _ in flow.stages), 28]
    lines = [word("flow_title", language), "-" * 100]
    lines.append(_row(["", *names.values(), word("most_moved", language)], sizes))
    for k, month in enumerate(flow.months):
        moves = {pair: n for pair, n in flow.moves[k - 1].items() if pair[0] != pair[1]} if k else {}
        most = max(moves, key=lambda pair: moves[pair], default=None)
        told = f"{names[most[0]]} > {names[most[1]]} {moves[most]:,}" if most else ""
        counts = [f"{flow.standing[k].get(stage.name, 0):,}" for stage in flow.stages]
        lines.append(_row([f"{month}", *counts, told], sizes))
    lines += ["", f"{word('ahead_title', language)}: {_count(flow.leaving, 'customer', language)}"]
    for row in flow.ahead:
        lines.append(_row([f"    {names[row.start]} > {names[row.end]}", f"{row.customers:,}", f"{row.first}"], [26, 10, 14]))
        lines[-1] += f"   {word('no_more', language)} {row.because}"
    if flow.person:
        person = flow.person
        spent = money(person.revenue, base.orders.currency, base.scale)
        steps = [*(f"{step.at} {names[step.stage]}" for step in person.steps), f"{person.next_at} {names[person.next_stage]}?"]
        lines += ["", f"{word('customer', language)} {person.customer}, {spent}:"]
        lines += _wrap(", ".join(steps), 100)
        lines += [f"    {line}" for line in person.why[language].splitlines() if line]
    return "\n".join(lines)


def _headline(base: Base, language: str) -> str:
    title = base.orders.source
    if title == "simulated":
        title = word("simulated", language)
    period = f"{base.first_day} {word('to', language)} {base.last_day}"
    facts = [
        _count(base.customers, "customer", language),
        _count(base.order_count, "order", language),
        f"{money(base.revenue, base.orders.currency, base.scale)} {word('revenue', language)}",
    ]
    return f"{title}, {period}: " + ", ".join(facts)


def _groups(base: Base, groups: list[Group], key: str, language: str, width: int) -> list[str]:
    zh = language == "zh"
    head = [word(k, language) for k in (key, "customers", "share_customers", "revenue", "share_revenue")]
    sizes = [22, 12, 20, 16, 18]
    lines = [_row(head, sizes), "-" * sum(sizes)]
    for group in groups:
        cells = [
            group.name_zh if zh else group.name,
            f"{group.customers:,}",
            percent(group.customers / base.customers),
            money(group.revenue, base.orders.currency, base.scale),
            percent(group.revenue / base.revenue),
        ]
        lines.append(_row(cells, sizes))
        lines += _wrap(group.advice_zh if zh else group.advice, width)
    return [*lines, ""]


def _actions(base: Base, language: str, width: int) -> list[str]:
    lines = [word("five_actions", language), "-" * 88]
    for number, action in enumerate(base.actions, 1):
        title, advice = action_word(action.key, language)
        revenue = money(action.revenue, base.orders.currency, base.scale)
        cells = [
            f"{number}. {title}",
            _count(action.customers, "customer", language),
            f"{revenue} ({percent(action.revenue / base.revenue)})",
        ]
        lines.append(_row(cells, [34, 22, 32]))
        lines += _wrap(advice, width)
        if action.first:
            ids = ", ".join(str(customer) for customer, _ in action.first)
            lines += _wrap(f"{word('spent_most', language)}{ids}", width)
    return lines


def _count(number: int, thing: str, language: str) -> str:
    return counted(number, thing) if language == "en" else f"{number:,} {word(thing + 's', language)}"


def _row(cells: list[str], sizes: list[int]) -> str:
    parts = []
    for index, (cell, size) in enumerate(zip(cells, sizes)):
        gap = " " * (size - _columns(cell))
        parts.append(cell + gap if index == 0 else gap + cell)
    return "".join(parts).rstrip()


def _wrap(text: str, width: int) -> list[str]:
    # A Chinese character takes two columns, so a line holds half as many.
    room = width - 4
    if _columns(text) > len(text):
        room //= 2
    return [f"    {line}" for line in textwrap.wrap(text, room)]


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
