"""The C API as objects, read from api.json and its sections, and checked.

    api = model.load(Path("capi/api.json"))
    [function.name for function in api.functions]

api.json names the sections in their order; section "money" is api/money.json beside it.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

THREAD_CLASSES = ("pure", "shared", "serial", "any-time")
SIZES = {"uint8_t": 1, "char": 1, "int32_t": 4, "uint32_t": 4, "int64_t": 8, "uint64_t": 8, "double": 8}


@dataclasses.dataclass(frozen=True)
class Variable:
    """A parameter or a field: `const char* name`, `char message[992]`."""

    type: str
    name: str
    array: int = 0
    doc: str = ""
    default: str = ""
    since: str = ""  # of a field: the ABI in which its struct grew by it; empty: it was there first

    @property
    def declaration(self) -> str:
        return f"{self.type} {self.name}" + (f"[{self.array}]" if self.array else "")

    @property
    def base(self) -> str:
        """The type without const and pointers."""
        return self.type.replace("const", "").replace("*", "").strip()

    @property
    def pointers(self) -> int:
        return self.type.count("*")


@dataclasses.dataclass(frozen=True)
class Function:
    name: str
    returns: str
    params: list[Variable]
    doc: list[str]
    thread: str
    errors: list[str]
    cost: str
    since: str
    optional: frozenset[str]  # pointers that may be NULL, beside the error


@dataclasses.dataclass(frozen=True)
class Struct:
    name: str
    use: str  # in, out, both or value
    doc: list[str]
    fields: list[Variable]

    @property
    def sized(self) -> bool:
        return self.use != "value"


@dataclasses.dataclass(frozen=True)
class Constant:
    name: str
    value: int
    doc: str


@dataclasses.dataclass(frozen=True)
class Constants:
    prefix: str
    type: str
    cpp: str  # the C++ enumeration of the same numbers, or empty
    doc: list[str]
    values: list[Constant]


@dataclasses.dataclass(frozen=True)
class Section:
    title: str
    doc: list[str]


@dataclasses.dataclass(frozen=True)
class Named:
    """A handle, a type or a callback."""

    kind: str
    name: str
    doc: list[str]
    type: str = ""
    params: tuple[Variable, ...] = ()


Item = Section | Named | Constants | Struct | Function


class ApiError(Exception):
    """The description says something that cannot be."""


@dataclasses.dataclass
class Api:
    abi_major: int
    abi_minor: int
    items: list[Item]

    def of(self, kind: type) -> list[Any]:
        return [item for item in self.items if isinstance(item, kind)]

    @property
    def functions(self) -> list[Function]:
        return self.of(Function)

    @property
    def structs(self) -> dict[str, Struct]:
        return {struct.name: struct for struct in self.of(Struct)}

    @property
    def handles(self) -> set[str]:
        return {item.name for item in self.of(Named) if item.kind == "handle"}

    @property
    def callbacks(self) -> set[str]:
        return {item.name for item in self.of(Named) if item.kind == "callback"}

    def errors(self, function: Function) -> list[str]:
        """Every status the function can return: those it lists, then those of its parameters."""
        if function.returns != "patron_status":
            return []
        found = list(function.errors)
        bases = [(param.base, param.pointers) for param in function.params]
        if any(base in self.handles and pointers == 1 for base, pointers in bases):
            found += ["HANDLE", "STATE"]
        if any(base in self.structs and base != "patron_str" for base, _ in bases):
            found += ["UNSUPPORTED"]
        found += ["ARGUMENT", "MEMORY", "INTERNAL"]
        return list(dict.fromkeys(found))

    def layout(self, struct: Struct) -> tuple[list[int], int]:
        """Offset of each field and the size, on 64-bit targets; a hole is an ApiError."""
        offset, offsets = 0, []
        for field in struct.fields:
            size, alignment = self._size(field)
            if offset % alignment:
                raise ApiError(f"{struct.name}.{field.name}: a hole before byte {offset}")
            offsets.append(offset)
            offset += size * max(field.array, 1)
        if offset % 8:
            raise ApiError(f"{struct.name}: size {offset} is no multiple of 8")
        return offsets, offset

    def sizes(self, struct: Struct) -> list[int]:
        """Every size the struct has had, the first one first, the present one last."""
        offsets, size = self.layout(struct)
        versions = [_version(field.since) for field in struct.fields]
        if versions != sorted(versions):
            raise ApiError(f"{struct.name}: a struct grows at its end only")
        grown = [offset for offset, before, after in zip(offsets[1:], versions, versions[1:], strict=False)
                 if before != after]
        for offset in grown:
            if offset % 8:
                raise ApiError(f"{struct.name}: its size was {offset} once, no multiple of 8")
        return [*grown, size]

    def _size(self, field: Variable) -> tuple[int, int]:
        if field.pointers or field.base in self.callbacks:
            return 8, 8
        if field.base == "patron_status":
            return 4, 4
        if field.base == "patron_str":
            return 16, 8
        if field.base not in SIZES:
            raise ApiError(f"{field.declaration}: a struct has fixed-width fields only")
        return SIZES[field.base], SIZES[field.base]


def load(path: Path) -> Api:
    document = json.loads(path.read_text(encoding="utf-8"))
    folder = path.with_suffix("")
    names = document["sections"]
    found = [file.stem for file in folder.glob("*.json")]
    for name in sorted(set(names) ^ set(found)):
        where = f"{folder.name}/{name}.json"
        raise ApiError(f"{where}: is no section of {path.name}" if name in found else f"{where}: is not there")
    items: list[Item] = []
    for name in names:
        items += _section(folder / f"{name}.json")
    api = Api(document["abi"]["major"], document["abi"]["minor"], items)
    _check(api)
    return api


def _section(path: Path) -> list[Item]:
    """The head of a section and what stands in it."""
    document = json.loads(path.read_text(encoding="utf-8"))
    unknown = document.keys() - {"name", "doc"} - {kind for kind, _ in READERS}
    if unknown:
        raise ApiError(f"{path.parent.name}/{path.name}: {sorted(unknown)[0]} is no list of the description")
    items: list[Item] = [Section(document["name"], _paragraphs(document["doc"]))]
    for kind, read in READERS:
        items += [read(entry) for entry in document.get(kind, [])]
    return items


def _version(since: str) -> tuple[int, ...]:
    return tuple(int(number) for number in since.split(".")) if since else ()


def variable(declaration: str, doc: str = "", default: str = "", since: str = "") -> Variable:
    match = re.fullmatch(r"(.+?)\s+(\w+)(?:\[(\d+)\])?", declaration)
    if match is None:
        raise ApiError(f"{declaration}: want `type name`")
    return Variable(match[1], match[2], int(match[3] or 0), doc, default, since)


def _paragraphs(doc: str | list[str]) -> list[str]:
    return [doc] if isinstance(doc, str) else list(doc)


def _struct(entry: dict[str, Any]) -> Item:
    fields = [variable(*field) for field in entry["fields"]]
    return Struct(entry["name"], entry["use"], _paragraphs(entry["doc"]), fields)


def _constants(entry: dict[str, Any]) -> Item:
    prefix = entry["prefix"]
    values = [Constant(prefix + name, value, text) for name, value, text in entry["values"]]
    return Constants(prefix, entry["type"], entry.get("cpp", ""), _paragraphs(entry.get("doc", [])), values)


def _function(entry: dict[str, Any]) -> Item:
    params = [variable(param) for param in entry["params"]]
    return Function(entry["name"], entry["returns"], params, _paragraphs(entry["doc"]), entry["thread"],
                    entry.get("errors", []), entry.get("cost", "constant"), entry.get("since", "0.1"),
                    frozenset(entry.get("optional", [])))


def _named(kind: str) -> Callable[[dict[str, Any]], Item]:
    def read(entry: dict[str, Any]) -> Item:
        params = tuple(variable(param) for param in entry.get("params", []))
        returns = entry.get("type", entry.get("returns", ""))
        return Named(kind, entry["name"], _paragraphs(entry["doc"]), returns, params)
    return read


# The lists of a section, in the order in which it shows them.
READERS: list[tuple[str, Callable[[dict[str, Any]], Item]]] = [
    ("types", _named("type")), ("constants", _constants), ("handles", _named("handle")),
    ("callbacks", _named("callback")), ("structs", _struct), ("functions", _function),
]


def _check(api: Api) -> None:
    statuses = {constant.name for group in api.of(Constants) for constant in group.values}
    for struct in api.structs.values():
        if struct.sized and struct.fields[0].declaration != "uint32_t struct_size":
            raise ApiError(f"{struct.name}: struct_size must come first")
        api.sizes(struct)
    names = [function.name for function in api.functions]
    for function in api.functions:
        _check_function(function, statuses)
    for name in set(names):
        if names.count(name) > 1 or name in api.structs or name in api.handles:
            raise ApiError(f"{name}: two things of one name")


def _check_function(function: Function, statuses: set[str]) -> None:
    if not re.fullmatch(r"patron_[a-z0-9]+(_[a-z0-9]+)*", function.name):
        raise ApiError(f"{function.name}: want patron_<noun>_<verb>")
    if function.thread not in THREAD_CLASSES:
        raise ApiError(f"{function.name}: thread class {function.thread} is none of {THREAD_CLASSES}")
    if not function.doc:
        raise ApiError(f"{function.name}: no doc")
    for error in function.errors:
        if f"PATRON_E_{error}" not in statuses:
            raise ApiError(f"{function.name}: no such error {error}")
    pointers = {param.name for param in function.params if param.pointers}
    if not function.optional <= pointers:
        raise ApiError(f"{function.name}: {sorted(function.optional - pointers)[0]} is no pointer that could be NULL")
    fallible = function.returns == "patron_status"
    last = function.params[-1].type if function.params else ""
    if fallible != (last == "patron_error*"):
        raise ApiError(f"{function.name}: a patron_error* comes last where, and only where, a status is returned")
