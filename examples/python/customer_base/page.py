"""The page for marketing: one HTML file with all it needs inside, and lists of customers beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jinja2
import markupsafe
import patron
import vl_convert

from . import charts, river
from .base import Base
from .flow import Flow
from .words import ACTION_WORDS, LANGUAGES, WORDS, counted, money, percent, word

HERE = Path(__file__).resolve().parent


def write(base: Base, flow: Flow | None, path: Path) -> Path:
    """Writes the page and, in a folder beside it, a CSV list for each action; gives the page's path."""
    path = path.resolve()
    lists = lists_folder(path)
    lists.mkdir(parents=True, exist_ok=True)
    for action in base.actions:
        action.people.write_csv(lists / f"{action.key}.csv", include_bom=True, datetime_format="%Y-%m-%d")
    path.write_text(render(base, flow, lists.name), encoding="utf-8")
    return path


def lists_folder(path: Path) -> Path:
    """Where the lists of a page are: ``demo-lists`` for ``demo.html``."""
    return path.with_name(f"{path.stem}-lists")


def render(base: Base, flow: Flow | None, lists: str) -> str:
    """The page as text; `lists` is the folder of the CSV files as links name it."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    currency, scale = base.orders.currency, base.scale
    specifications = {language: charts.specifications(base, language) for language in LANGUAGES}
    return environment.get_template("page.html").render(
        base=base,
        flow=flow,
        river=markupsafe.Markup(river.draw(flow)) if flow else "",
        paint=river.colours(flow) if flow else {},
        stage_names={stage.name: (stage.en, stage.zh) for stage in flow.stages} if flow else {},
        lists=lists,
        words=WORDS,
        action_words=ACTION_WORDS,
        titles={language: _title(base, language) for language in LANGUAGES},
        labels={group.name: (group.name, group.name_zh) for group in base.segments},
        percent=percent,
        counted=counted,
        money=lambda minor: money(minor, currency, scale),
        style=_inline((HERE / "page.css").read_text(encoding="utf-8")),
        library=_inline(vl_convert.javascript_bundle()),
        script=_inline((HERE / "page.js").read_text(encoding="utf-8")),
        specifications=_json(specifications),
        patron_version=patron.__version__,
    )


def _title(base: Base, language: str) -> str:
    source = base.orders.source
    return word("simulated", language) if source == "simulated" else source


def _json(value: Any) -> Any:
    """JSON that cannot end the script element it stands in."""
    return _inline(json.dumps(value, ensure_ascii=False).replace("<", "\\u003c"))


def _inline(text: str) -> Any:
    return markupsafe.Markup(text.replace("</script", "<\\/script"))
