#!/usr/bin/env python3
"""Writes one C++ function for each function of the C interface that calls it sensibly, or bent.

    tests/abi/generate_calls.py OUTPUT        what call.h declares, as a C++ source

What a parameter is follows from capi/api; calls.json gives the values that do not: texts, numbers,
options. Where one is missing the message says what to add.

In calls.json, text is text (with "=" in front a C++ expression), numbers are numbers, other strings
are C++ expressions (PATRON_*), "@" is the world's handle of that type (which a parameter is anyway, if not a C++ expression), a list is an array, an object a
struct: {"field": value}, with "=" for a C++ expression that the fields start from instead of the
struct's _INIT. A number for a `buffer` is its capacity. Arrow structs are "full" or "empty", void pointers "owned" (by patron_arrow_create) or
"none".
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "capi"))
from generator import model  # noqa: E402

VALUES = "tests/abi/calls.json"
INTEGERS = {"int32_t", "uint32_t", "int64_t", "uint64_t", "patron_status", "uint8_t"}
ARROW = re.compile(r"struct Arrow(ArrayStream|Array|Schema)\*")


class Missing(Exception):
    """Something must be added by hand."""


def noun(handle: str) -> str:
    return handle.removeprefix("patron_")


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


class Call:
    """The C++ of one call, collected parameter by parameter."""

    def __init__(self, api: model.Api, function: model.Function, values: dict[str, Any]) -> None:
        self.api, self.function, self.values = api, function, values
        self.before: list[str] = []
        self.after: list[str] = []
        self.arguments: list[str] = []
        self.params: list[str] = []
        self.structs: list[str] = []
        self.fields: list[str] = []
        self.used: set[str] = set()
        self.closes = function.name.endswith("_close")
        index = 0
        while index < len(function.params):
            index += self.add(index)
        unknown = sorted(set(values) - self.used)
        if unknown:
            raise Missing(f"{VALUES}: {function.name}: {unknown[0]} is no parameter that takes a value")

    def value(self, name: str) -> Any:
        self.used.add(name)
        if name not in self.values:
            raise Missing(f'{VALUES}: {self.function.name} has no value for `{name}`: add "{self.function.name}": '
                          f'{{"{name}": ...}}, a value with which the call succeeds')
        return self.values[name]

    def describe(self, param: model.Variable, role: str, handle: str = "") -> None:
        optional = str(param.name in self.function.optional).lower()
        pointer = str(bool(param.pointers)).lower()
        self.params.append(f'{{"{param.name}", Role::{role}, {pointer}, {optional}, "{handle}"}}')

    def add(self, index: int) -> int:
        """One parameter, or two: pointer and size. Returns how many."""
        params = self.function.params
        param = params[index]
        follower = params[index + 1] if index + 1 < len(params) else None
        counted = (param.pointers == 1 and follower is not None and not follower.pointers
                   and follower.base == "uint64_t"
                   and (follower.name in ("count", "capacity") or follower.name == f"{param.name}_size"
                        or follower.name == f"{param.name}_count"))
        if param.base == "patron_error":
            self.describe(param, "kError")
            self.arguments.append("error")
        elif counted and follower is not None:
            self.counted(index, param, follower)
            return 2
        elif param.base in self.api.handles:
            self.handle(index, param)
        elif param.base in self.api.structs and param.pointers == 1:
            self.struct(index, param)
        elif ARROW.match(param.type) or param.base == "void":
            self.foreign(index, param)
        elif param.pointers:
            self.numbers(index, param)
        else:
            self.describe(param, "kValue")
            self.arguments.append(self.number(self.value(param.name)))
        return 1

    def handle(self, index: int, param: model.Variable) -> None:
        if param.pointers == 2:
            self.describe(param, "kHandedOut", param.base)
            self.before.append(f"{param.base}* {param.name}_ = Arguments::unset<{param.base}>();")
            self.arguments.append(f"a.pointer({index}, &{param.name}_)")
            self.after.append(f'a.handed_out("{param.name}", {index}, {param.name}_, {param.base}_close);')
            return
        self.describe(param, "kHandle", param.base)
        sensible = "nullptr" if self.closes else f"world.{noun(param.base)}.get()"
        if param.name in self.values:
            sensible = self.value(param.name)
        self.arguments.append(f"a.handle<{param.base}>({index}, {sensible})")

    def counted(self, index: int, param: model.Variable, follower: model.Variable) -> None:
        value, name = self.value(param.name), param.name
        self.describe(param, "kInput" if "const" in param.type else "kOutput")
        self.describe(follower, "kValue")
        if param.type == "char*":
            self.before.append(f"char {name}_[{value}] = {{}};")
            self.after.append(f'if (a.ok()) a.add("{name}", {name}_);')
            size = str(value)
        elif param.base == "char":
            expression = value[1:] if value.startswith("=") else quoted(value)
            self.before.append(f"const std::string {name}_text = {expression};")
            self.before.append(f"const char* {name}_ = {name}_text.data();")
            size = f"{name}_text.size()"
        elif param.base in self.api.structs and param.base != "patron_str":
            if len(value) != 1:
                raise Missing(f"{VALUES}: {self.function.name}: {name} takes one element")
            self.struct(index, param, f"{name}[0]", value[0])
            self.params.pop()
            self.arguments.append("1")
            return
        else:
            self.before.append(self.array(param.base, f"{name}_", value))
            size = str(len(value))
        self.arguments += [f"a.pointer({index}, {name}_)", size]

    def struct(self, index: int, param: model.Variable, path: str = "", value: Any = None) -> None:
        struct, name = self.api.structs[param.base], param.name
        written = "const" not in param.type
        self.describe(param, "kOutput" if written else "kInput")
        local = f"{name}_"
        if not written:
            self.read_struct(index, struct, local, path or name, self.value(name) if value is None else value)
            self.arguments.append(f"a.pointer({index}, {local}at)")
            return
        self.note_struct(index, struct, name, True)
        self.before.append(f"WrittenStruct<{struct.name}> {local}({struct.name.upper()}_INIT);")
        self.arguments.append(f"a.pointer({index}, {local}.at(bend, {index}, 0))")
        self.after.append(f'a.written("{name}", {local});')
        for field in struct.fields[1:]:
            text = (f"text({local}.value().{field.name})" if field.base == "patron_str"
                    else f"shown({local}.value().{field.name})")
            if not field.pointers and not field.array:
                self.after.append(f'if (a.ok()) a.add("{name}.{field.name}", {text});')

    def note_struct(self, index: int, struct: model.Struct, path: str, written: bool) -> int:
        place = sum(note.startswith(f"{{{index}, ") for note in self.structs)
        sizes = ", ".join(map(str, self.api.sizes(struct)))
        self.structs.append(f'{{{index}, {place}, "{path}", {str(written).lower()}, {{{sizes}}}}}')
        return place

    def read_struct(self, index: int, struct: model.Struct, local: str, path: str, value: dict[str, Any]) -> None:
        """A struct that patron reads, its fields, and the structs that these point to."""
        place = self.note_struct(index, struct, path, False)
        self.before.append(f"ReadStruct<{struct.name}> {local}({struct.name.upper()}_INIT);")
        if "=" in value:
            self.before.append(f"{local}.value = {value['=']};")
        for number, field in enumerate(struct.fields):
            target = f"{local}.value.{field.name}"
            if field.base in self.api.handles and field.pointers:
                sensible = f"world.{noun(field.base)}.get()" if value.get(field.name) == "@" else "nullptr"
                self.fields.append(f'{{{index}, {len(self.fields)}, "{path}.{field.name}", "{field.base}"}}')
                self.before.append(f"{target} = a.field_handle<{field.type.removesuffix('*')}>({index}, "
                                   f"{len(self.fields) - 1}, {sensible});")
            elif field.name not in value:
                continue
            elif isinstance(value[field.name], dict):
                nested = f"{local}{field.name}_"
                self.read_struct(index, self.api.structs[field.base], nested, f"{path}.{field.name}", value[field.name])
                self.before.append(f"{target} = {nested}at;")
            elif isinstance(value[field.name], list):
                self.before.append(self.array(field.base, f"{local}{field.name}", value[field.name]))
                self.before.append(f"{target} = {local}{field.name};")
                follower = next(iter(struct.fields[number + 1:]), None)
                if follower is not None and follower.type == "uint64_t":
                    self.before.append(f"{local}.value.{follower.name} = {len(value[field.name])};")
            elif field.base == "patron_str":
                self.before.append(f"{target} = str({quoted(value[field.name])});")
            else:
                self.before.append(f"{target} = {self.number(value[field.name])};")
        unknown = sorted(set(value) - {"="} - {field.name for field in struct.fields})
        if unknown:
            raise Missing(f"{VALUES}: {self.function.name}: {struct.name} has no field {unknown[0]}")
        self.before.append(f"const {struct.name}* {local}at = {local}.at(bend, {index}, {place});")
        self.after.append(f'a.read("{path}", {local});')

    def foreign(self, index: int, param: model.Variable) -> None:
        """Arrow structs, and pointers to anything."""
        if param.type == "void**":
            self.describe(param, "kHandedOut")
            self.before.append("void* owned_ = nullptr;")
            self.arguments.append(f"a.pointer({index}, &owned_)")
            self.after.append(f"patron_arrow_close({self.arguments[0]}, owned_);")
            return
        value = self.value(param.name)
        self.describe(param, "kInput" if value == "full" else "kOutput")
        kind = ARROW.match(param.type)
        if kind:
            noun_of = {"ArrayStream": "stream", "Array": "array", "Schema": "schema"}[kind[1]]
            self.before.append(f"auto* {param.name}_ = arrow.{value}_{noun_of}({'world' if value == 'full' else ''});")
            if value == "full":
                self.after.append(f'if (!a.is_null({index}) && {param.name}_->release != nullptr) '
                                  f'a.fault("{param.name}", "was not consumed");')
            else:
                self.after.append(f'if (a.ok()) a.add("{param.name}", arrow.describe_stream(world));')
        else:
            made = f"arrow.owned({self.arguments[0]})" if value == "owned" else "nullptr"
            if value == "owned":  # what patron_arrow_close frees cannot also be NULL
                made = f"a.is_null({index}) ? nullptr : {made}"
            self.before.append(f"void* {param.name}_ = {made};")
        self.arguments.append(f"a.pointer({index}, {param.name}_)")

    def numbers(self, index: int, param: model.Variable) -> None:
        """Numbers that patron reads without a count beside them, or writes: as many as calls.json says."""
        if param.base not in INTEGERS | {"double"}:
            raise Missing(f"tests/abi/generate_calls.py: {self.function.name}: no rule for `{param.declaration}`")
        name = param.name
        if "const" in param.type:
            self.describe(param, "kInput")
            self.before.append(self.array(param.base, f"{name}_", self.value(name)))
        else:
            self.describe(param, "kOutput")
            arrays = any(other.pointers and "const" in other.type and other.base in INTEGERS | {"double", "patron_str"}
                         for other in self.function.params)
            count = self.value(name) if arrays or name in self.values else 1
            told = str(name == "needed").lower()  # set where the buffer is too small
            self.before.append(f"WrittenNumbers<{param.base}, {count}> {name}_numbers;")
            self.before.append(f"{param.base}* {name}_ = {name}_numbers.at();")
            self.after.append(f'a.numbers("{name}", {name}_numbers, {told});')
        self.arguments.append(f"a.pointer({index}, {name}_)")

    def array(self, base: str, name: str, value: list[Any]) -> str:
        def text(item: str) -> str:
            return item[1:] if item.startswith("=") else quoted(item)

        items = [f"str({text(item)})" if base == "patron_str" else self.number(item) for item in value]
        return f"static const {base} {name}[] = {{{', '.join(items)}}};"

    @staticmethod
    def number(value: Any) -> str:
        return value if isinstance(value, str) else repr(value)

    def render(self) -> str:
        call = f"{self.function.name}({', '.join(self.arguments)})"
        if self.function.returns == "patron_status":
            call = f"a.outcome.status = {call}"
        elif self.function.returns != "void":
            call = f"a.returned({call})"
        uses_arrow = any("arrow." in line for line in self.before)
        lines = ["Arguments a(world, bend);", *(["ArrowStructs arrow;"] if uses_arrow else []), *self.before,
                 f"{call};", *self.after, "return a.outcome;"]
        body = "".join(f"  {line}\n" for line in lines)
        return (f"Outcome call_{self.function.name}([[maybe_unused]] const World& world, const Bend& bend,\n"
                f"    [[maybe_unused]] patron_error* error) {{\n{body}}}\n\n")

    def row(self) -> str:
        reports = str(self.function.returns == "patron_status").lower()
        return (f'      {{"{self.function.name}", "{self.function.thread}", {reports}, {str(self.closes).lower()},\n'
                f"       {{{', '.join(self.params)}}},\n       {{{', '.join(self.structs)}}},\n"
                f"       {{{', '.join(self.fields)}}}, call_{self.function.name}}},\n")


def getters(api: model.Api, handle: str) -> list[model.Function]:
    """Functions that ask a handle something and need nothing else."""
    found = []
    for function in api.functions:
        first, rest = function.params[:1], function.params[1:]
        if not first or first[0].type != f"const {handle}*":
            continue
        plain = all(param.base == "patron_error" or param.pointers == 2
                    or (param.pointers and "const" not in param.type and param.base in api.structs)
                    for param in rest)
        if plain:
            found.append(function)
    return found


def described(api: model.Api, handle: str) -> str:
    """The C++ of describe() for a handle that the tests do not describe by hand."""
    lines = [f'  out += "{function.name}\\n" + '
             f"call_{function.name}(world, handle_for(0, const_cast<{handle}*>(handle)), nullptr).text;\n"
             for function in getters(api, handle)]
    return (f"std::string describe([[maybe_unused]] const World& world,\n"
            f"    [[maybe_unused]] const {handle}* handle) {{\n  std::string out;\n{''.join(lines)}  return out;\n}}\n\n")


def render(api: model.Api, values: dict[str, Any], world: str, by_hand: str) -> str:
    handles = sorted(api.handles)
    for handle in handles:
        if not re.search(rf"\b{noun(handle)};", world):
            raise Missing(f"tests/capi/world.h: World has no member `{noun(handle)}` for the handle {handle}: add it")
    calls = []
    for function in api.functions:
        calls.append(Call(api, function, values.get(function.name, {})))
    unknown = sorted(set(values) - {function.name for function in api.functions})
    if unknown:
        raise Missing(f"{VALUES}: {unknown[0]} is no function of the C interface")
    own = [handle for handle in handles if f"const {handle}*" not in by_hand]
    out = ["// Generated from capi/api and tests/abi/calls.json by tests/abi/generate_calls.py.\n"
           '#include "tests/abi/arguments.h"\n#include "tests/abi/sample_values.h"\n\nnamespace patron::test {\n']
    out += [f"std::string describe(const World& world, const {handle}* handle);\n" for handle in own]
    out.append("namespace {\n\n")
    out += [call.render() for call in calls]
    out.append("}  // namespace\n\n")
    out += [described(api, handle) for handle in own]
    out.append("const std::vector<Function>& functions() {\n  static const std::vector<Function> all = {\n")
    out += [call.row() for call in calls]
    out.append("  };\n  return all;\n}\n\nstd::vector<NamedHandle> handles(const World& world) {\n  return {\n")
    out += [f'      {{"{handle}", world.{noun(handle)}.get(),\n'
            f"       [](void* handle) {{ {handle}_close(static_cast<{handle}*>(handle)); }}}},\n" for handle in handles]
    out.append("  };\n}\n\nvoid close_all(World& world) {\n")
    out += [f"  world.{noun(handle)}.reset();\n" for handle in handles]
    out.append("}\n\n}  // namespace patron::test\n")
    return "".join(out)


def main() -> None:
    api = model.load(ROOT / "capi/api.json")
    values = json.loads((ROOT / VALUES).read_text(encoding="utf-8"))
    world = (ROOT / "tests/capi/world.h").read_text(encoding="utf-8")
    by_hand = (ROOT / "tests/abi/call.h").read_text(encoding="utf-8")
    try:
        text = render(api, values, world, by_hand)
    except Missing as missing:
        sys.exit(str(missing))
    output = Path(sys.argv[1])
    if not output.exists() or output.read_text(encoding="utf-8") != text:
        output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
