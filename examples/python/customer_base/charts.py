"""The three charts as Vega-Lite specifications, in one language each."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from .base import Base, Group
from .words import money, percent, word

FONT = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "PingFang SC", '
    '"Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
)
INK, MUTED, LINE = "#1d2733", "#5b6773", "#d9dee4"
# Told apart by lightness as well as by hue: grey for heads, dark blue for money.
CUSTOMERS, REVENUE = "#8593a1", "#0b5c8a"
EMPTY = "#f3f5f7"
PERCENT = "format(100 * datum.value, '.0f') + ' %'"


def specifications(base: Base, language: str) -> dict[str, dict[str, Any]]:
    """The charts by the id of their place on the page."""
    charts = {
        "segments": segments(base, language),
        "heat": heat_map(base, language),
        "pareto": pareto(base, language),
    }
    return {name: _finish(chart).to_dict() for name, chart in charts.items()}


def segments(base: Base, language: str) -> alt.LayerChart:
    """For every segment two bars: its share of the customers and of the revenue."""
    kinds = [word("share_customers", language), word("share_revenue", language)]
    groups = sorted(base.segments, key=lambda g: -g.revenue)
    rows: list[dict[str, Any]] = []
    for group in groups:
        parts = (group.customers / base.customers, group.revenue / base.revenue)
        for kind, part in zip(kinds, parts):
            rows.append(
                {
                    "segment": _name(group, language),
                    "kind": kind,
                    "share": part,
                    "text": percent(part),
                    "customers": f"{group.customers:,}",
                    "revenue": money(group.revenue, base.orders.currency, base.scale),
                }
            )
    best = max(row["share"] for row in rows)
    start = min(0.0, min(row["share"] for row in rows))
    chart = alt.Chart(pl.DataFrame(rows)).encode(
        y=alt.Y("segment:N", sort=[_name(g, language) for g in groups], title=None)
        .axis(domain=False, ticks=False, labelPadding=8, labelFontSize=12.5, labelLimit=170)
        .scale(paddingInner=0.28, paddingOuter=0.1),
        yOffset=alt.YOffset("kind:N", sort=kinds),
        x=alt.X("share:Q", title=None, axis=None).scale(domain=[start, best * 1.24], nice=False),
        tooltip=[
            alt.Tooltip("segment:N", title=word("segment", language)),
            alt.Tooltip("customers:N", title=word("customers", language)),
            alt.Tooltip("revenue:N", title=word("revenue", language)),
            alt.Tooltip("text:N", title="%"),
        ],
    )
    # The page explains the two colours in its own text, which wraps where a legend would be cut off.
    colour = alt.Color("kind:N", legend=None).scale(domain=kinds, range=[CUSTOMERS, REVENUE])
    bars = chart.mark_bar(cornerRadiusEnd=1.5).encode(color=colour)
    labels = chart.mark_text(align="left", baseline="middle", dx=5, fontSize=11, color=MUTED).encode(text="text:N")
    return (bars + labels).properties(width="container", height={"step": 17})


def heat_map(base: Base, language: str) -> alt.LayerChart:
    """R across, F upwards; the number of buyers in each field, the colour their share of revenue."""
    cuts = base.scored.cuts
    across = _ranges(cuts.recency.cuts, 0, language)[::-1]
    upwards = _ranges(cuts.frequency.cuts, 1, language)
    across = [f"{text}|R{r}" for r, text in enumerate(across, 1)]
    upwards = [f"{text}|F{f}" for f, text in enumerate(upwards, 1)]
    rows = []
    most = max(cell["revenue"] for cell in base.cells)
    for cell in base.cells:
        part = cell["revenue"] / base.revenue
        rows.append(
            {
                "recency": across[cell["r"] - 1],
                "frequency": upwards[cell["f"] - 1],
                "share": part if cell["customers"] else None,
                "label": f"{cell['customers']:,}" if cell["customers"] else "",
                "dark": cell["revenue"] > 0.45 * most,
                "customers": f"{cell['customers']:,}",
                "percent": percent(part),
            }
        )
    split = "split(datum.label, '|')"
    chart = alt.Chart(pl.DataFrame(rows)).encode(
        x=alt.X("recency:N", sort=across, title=word("recency_axis", language)).axis(
            labelExpr=split, labelAngle=0, labelFontSize=11, labelOverlap=False
        ),
        y=alt.Y("frequency:N", sort=upwards[::-1], title=word("frequency_axis", language)).axis(labelExpr=split),
        tooltip=[
            alt.Tooltip("customers:N", title=word("customers", language)),
            alt.Tooltip("percent:N", title=word("share_revenue", language)),
        ],
    )
    colour = alt.Color("share:Q", title=word("share_revenue", language)).scale(
        range=["#e3eef5", "#8fbcd6", REVENUE, "#083d5c"], domainMin=0
    )
    colour = colour.legend(labelExpr=PERCENT, orient="top", gradientLength=160, gradientThickness=10, titleOrient="left")
    ground = chart.mark_rect(fill=EMPTY, stroke="white", strokeWidth=2)
    fields = chart.mark_rect(stroke="white", strokeWidth=2).encode(color=colour).transform_filter("datum.share != null")
    ink = alt.condition("datum.dark", alt.value("white"), alt.value(INK))
    numbers = chart.mark_text(fontSize=13).encode(text="label:N", color=ink)
    return (ground + fields + numbers).properties(width="container", height=300)


def pareto(base: Base, language: str) -> alt.LayerChart:
    """The cumulative share of revenue over the cumulative share of customers, with the ends of A and B."""
    axis = alt.Axis(labelExpr=PERCENT, tickCount=5, gridColor="#edf0f3")
    x_axis = alt.X("x:Q", title=word("cumulative_customers", language), axis=axis).scale(domain=[0, 1])
    y_axis = alt.Y("y:Q", title=word("cumulative_revenue", language), axis=axis).scale(domain=[0, 1])
    shares = [
        alt.Tooltip("across:N", title=word("cumulative_customers", language)),
        alt.Tooltip("up:N", title=word("cumulative_revenue", language)),
    ]
    places = [{"x": x, "y": y, "across": percent(x, 0), "up": percent(y)} for x, y in base.pareto]
    curve = alt.Chart(pl.DataFrame(places)).encode(x=x_axis, y=y_axis)
    area = curve.mark_area(color="#e3eef5")
    line = curve.mark_line(color=REVENUE, strokeWidth=2.5)
    touch = curve.mark_point(size=120, opacity=0).encode(tooltip=shares)
    ends = [
        {"x": x, "y": y, "text": f"{name}: {percent(x, 0)} → {percent(y, 0)}"} for name, x, y in base.class_ends
    ]
    points = alt.Chart(pl.DataFrame(ends, schema=["x", "y", "text"])).encode(x=x_axis, y=y_axis)
    dots = points.mark_point(size=70, filled=True, color=REVENUE, opacity=1)
    # Under the curve there is room: beside a point on the left, below one in the middle, left of one at the end.
    style: dict[str, Any] = {"baseline": "top", "fontSize": 12.5, "fontWeight": 600, "color": INK}
    near = points.transform_filter("datum.x <= 0.55").mark_text(align="left", dx=7, dy=7, **style)
    middle = points.transform_filter("0.55 < datum.x && datum.x <= 0.8").mark_text(align="center", dy=30, **style)
    end = points.transform_filter("datum.x > 0.8").mark_text(align="right", dx=-4, dy=30, **style)
    text = alt.Text("text:N")
    layers = area + line + touch + dots
    for names in (near, middle, end):
        layers += names.encode(text=text)
    return layers.properties(width="container", height=338)


def _name(group: Group, language: str) -> str:
    if language == "zh":
        return group.name_zh
    return group.name[0].upper() + group.name[1:]


def _ranges(cuts: tuple[float, ...], lowest: int, language: str) -> list[str]:
    """What whole numbers each score holds, lowest numbers first: (cut before, cut]."""
    texts, low = [], lowest
    for cut in cuts:
        high = int(cut)
        if high < low:
            texts.append(word("none", language))
        else:
            texts.append(f"{low}" if low == high else f"{low}–{high}")
            low = high + 1
    return [*texts, f"{low}+"]


def _finish(chart: alt.LayerChart) -> alt.LayerChart:
    return (
        chart.configure(font=FONT, background="transparent", padding={"left": 0, "right": 4, "top": 2, "bottom": 2})
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK,
            titleColor=MUTED,
            titleFontWeight="normal",
            titlePadding=10,
            domainColor=LINE,
            tickColor=LINE,
            labelFontSize=12,
            titleFontSize=12,
        )
        .configure_legend(labelColor=INK, titleColor=MUTED, titleFontWeight="normal", labelFontSize=12, titleFontSize=12)
    )
