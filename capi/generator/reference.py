"""The reference part of docs/c-api.md, and the quotations of examples in the pages."""

from __future__ import annotations

import re
from pathlib import Path

from . import header, model

MARK = "<!-- reference -->"
QUOTE = re.compile(r"<!-- quote (\S+?)(?:#(\w+))? -->\n(?:```.*?\n```\n)?", re.DOTALL)


def render_reference(api: model.Api, page: str) -> str:
    """The page with everything behind its mark written anew."""
    if MARK not in page:
        raise model.ApiError(f"docs/c-api.md has no line {MARK}")
    out = [page[:page.index(MARK)], MARK, "\n"]
    for item in api.items:
        out.append(_item(api, item))
    return "".join(out).rstrip() + "\n"


def _item(api: model.Api, item: model.Item) -> str:
    if isinstance(item, model.Section):
        return f"\n## {item.title}\n\n" + "\n\n".join(item.doc) + "\n"
    if isinstance(item, model.Constants):
        rows = "".join(f"| `{value.name}` | {value.value} | {value.doc} |\n" for value in item.values)
        return "\n" + "\n".join(item.doc) + "\n\n| constant | value | meaning |\n|---|---|---|\n" + rows
    if isinstance(item, model.Struct):
        return _struct(api, item)
    if isinstance(item, model.Function):
        return _function(api, item)
    return f"\n### `{item.name}` ({item.kind})\n\n" + "\n\n".join(item.doc) + "\n"


def _struct(api: model.Api, item: model.Struct) -> str:
    offsets, size = api.layout(item)
    rows = "".join(f"| {offset} | `{field.declaration}` | {_meaning(field)} | {field.default} |\n"
                   for field, offset in zip(item.fields, offsets, strict=True))
    return (f"\n### `{item.name}` ({size} bytes)\n\n" + "\n\n".join(item.doc)
            + "\n\n| byte | field | meaning | default |\n|---|---|---|---|\n" + rows)


def _meaning(field: model.Variable) -> str:
    since = f"since ABI {field.since}" if field.since else ""
    return "; ".join(filter(None, [field.doc, since])) or "&nbsp;"


def _function(api: model.Api, item: model.Function) -> str:
    params = ", ".join(param.declaration for param in item.params) or "void"
    lines = header.notes(api, item)
    optional = [f"`{param.name}`" for param in item.params if param.name in item.optional]
    if optional:
        lines.append(f"May be NULL: {', '.join(optional)}.")
    notes = "\n".join(f"- {line}" for line in lines)
    return (f"\n### `{item.name}`\n\n```c\n{item.returns} {item.name}({params});\n```\n\n"
            + "\n\n".join(item.doc) + f"\n\n{notes}\n- Since ABI {item.since}.\n")


def quote(root: Path, page: str) -> str:
    """The page with every `<!-- quote file#part -->` followed by the text of that part.

    A part lies between `[part]` and `[/part]` in comments of the file; without one it is the file.
    """
    return QUOTE.sub(lambda match: _quotation(root, match), page)


def _quotation(root: Path, match: re.Match[str]) -> str:
    path, part = match[1], match[2]
    text = (root / path).read_text(encoding="utf-8")
    if part:
        found = re.search(rf"[^\n]*\[{part}\][^\n]*\n(.*?)[^\n]*\[/{part}\]", text, re.DOTALL)
        if found is None:
            raise model.ApiError(f"{path} has no part [{part}]")
        text = found[1]
    lines = [line for line in text.rstrip("\n").split("\n") if not re.search(r"\[/?\w+\] \*/$", line)]
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    body = "\n".join(line[indent:] for line in lines)
    language = {"c": "c", "py": "python", "cc": "cpp"}.get(path.rsplit(".", 1)[-1], "")
    return f"{match[0].splitlines()[0]}\n```{language}\n{body}\n```\n"
