"""patron.h, the version script, and the layout checks that the implementation includes."""

from __future__ import annotations

import textwrap
from pathlib import Path

from . import model

WIDTH = 100
INTRODUCTION = """\
/* patron: customer value from raw orders.

   This header is the whole C API. Read it from top to bottom: conventions, errors, then what there
   is to do, each with what it means, what can go wrong and who may call it when.

     patron_error error = PATRON_ERROR_INIT;
     patron_rfm_options options = PATRON_RFM_OPTIONS_INIT;
     options.customer = patron_str_of("customer");
     options.time = patron_str_of("time");
     options.amount = patron_str_of("amount");
     if (patron_table_import_stream(&stream, &orders, &error) != PATRON_OK ||
         patron_rfm_compute(orders, &options, &rfm, &error) != PATRON_OK) {
       fprintf(stderr, "%s\\n", error.message);
     }

   Generated from capi/api.json by capi/generate.py. */
/* clang-format off */
#ifndef PATRON_PATRON_H_
#define PATRON_PATRON_H_

#include <stdint.h>
#include <string.h>

#if defined(__GNUC__)
#define PATRON_API __attribute__((visibility("default")))
#else
#define PATRON_API
#endif

#ifdef __cplusplus
#define PATRON_NOEXCEPT noexcept
extern "C" {
#else
#define PATRON_NOEXCEPT
#endif
"""
TEXT_HELPERS = """
/* The text of a C string, borrowed: options.customer = patron_str_of("customer_id"). */
static inline patron_str patron_str_of(const char* text) {
  patron_str str;
  str.data = text;
  str.size = text ? (uint64_t)strlen(text) : 0;
  return str;
}
/* For printf: printf("%.*s\\n", PATRON_STR_ARGS(str)). */
#define PATRON_STR_ARGS(str) (int)(str).size, (str).data
"""
END = """
#ifdef __cplusplus
}
#endif

#endif /* PATRON_PATRON_H_ */
"""


def comment(paragraphs: list[str], indent: str = "") -> str:
    """A block comment, wrapped."""
    lines: list[str] = []
    for paragraph in paragraphs:
        lines += textwrap.wrap(paragraph, WIDTH - len(indent) - 6, break_long_words=False,
                               break_on_hyphens=False)
    return indent + "/* " + f"\n{indent}   ".join(lines) + " */\n"


def notes(api: model.Api, function: model.Function) -> list[str]:
    """The last lines of a function's comment: errors, thread class, cost."""
    lines = []
    errors = api.errors(function)
    if errors:
        lines.append("Errors: " + ", ".join(errors) + ".")
    thread = f"Thread class: {function.thread}."
    lines.append(thread if function.cost == "constant" else f"{thread} Cost: {function.cost}.")
    return lines


def render_header(api: model.Api, arrow: Path) -> str:
    out = [INTRODUCTION]
    out.append(f"\n#define PATRON_ABI_MAJOR {api.abi_major}\n#define PATRON_ABI_MINOR {api.abi_minor}\n")
    for item in api.items:
        out.append("\n" + _item(api, item))
        if isinstance(item, model.Section) and item.title == "Tables":
            out.append("\n" + _arrow(arrow))
        if isinstance(item, model.Struct) and item.name == "patron_str":
            out.append(TEXT_HELPERS)
    return "".join(out) + END


def _item(api: model.Api, item: model.Item) -> str:
    if isinstance(item, model.Section):
        return _section(item)
    if isinstance(item, model.Constants):
        return _constants(item)
    if isinstance(item, model.Struct):
        return _struct(item)
    if isinstance(item, model.Function):
        return comment(item.doc + notes(api, item)) + _prototype(item)
    if item.kind == "handle":
        return comment(item.doc) + f"typedef struct {item.name} {item.name};\n"
    if item.kind == "type":
        return comment(item.doc) + f"typedef {item.type} {item.name};\n"
    params = ", ".join(param.declaration for param in item.params)
    return comment(item.doc) + f"typedef {item.type} (*{item.name})({params});\n"


def _section(item: model.Section) -> str:
    rule = "=" * (WIDTH - 6)
    lines = [f"/* {rule}", f"   {item.title}"]
    for paragraph in item.doc:
        lines.append("")
        lines += ["   " + line for line in textwrap.wrap(paragraph, WIDTH - 6, break_on_hyphens=False)]
    return "\n".join(lines) + f"\n   {rule} */\n"


def _constants(item: model.Constants) -> str:
    width = max(len(constant.name) for constant in item.values)
    lines = []
    for constant in item.values:
        value = str(constant.value) if constant.value >= 0 else f"({constant.value})"
        line = f"#define {constant.name:<{width}} {value}"
        lines.append(line + (f" /* {constant.doc} */" if constant.doc else ""))
    return (comment(item.doc) if item.doc else "") + "\n".join(lines) + "\n"


def _struct(item: model.Struct) -> str:
    lines = [f"typedef struct {item.name} {item.name};", f"struct {item.name} {{"]
    for field in item.fields:
        doc = field.doc + (f"; initially {field.default}" if field.default else "")
        line = f"  {field.declaration};" + (f" /* {doc} */" if doc else "")
        lines.append(line if len(line) <= WIDTH
                     else comment([doc], "  ") + f"  {field.declaration};")
    text = comment(item.doc) + "\n".join(lines) + "\n};\n"
    return text + (_initializer(item) if item.sized else "")


def _initializer(item: model.Struct) -> str:
    values = [f"(uint32_t)sizeof({item.name})"] + [_zero(field) for field in item.fields[1:]]
    # A value with a space in it, {NULL, 0}, stays on one line.
    glued = ", ".join(value.replace(" ", "\0") for value in values)
    body = [line.replace("\0", " ") for line in textwrap.wrap(glued, WIDTH - 6, break_long_words=False)]
    return f"#define {item.name.upper()}_INIT \\\n  {{ " + " \\\n    ".join(body) + " }\n"


def _zero(field: model.Variable) -> str:
    if field.default:
        return field.default
    if field.array:
        return "{0}"
    if field.base == "patron_str" and not field.pointers:
        return "{NULL, 0}"
    return "NULL" if field.pointers or field.type.endswith("_fn") else "0"


def _prototype(item: model.Function) -> str:
    start = f"PATRON_API {item.returns} {item.name}("
    params = ", ".join(param.declaration for param in item.params) or "void"
    line = f"{start}{params}) PATRON_NOEXCEPT;"
    if len(line) <= WIDTH:
        return line + "\n"
    wrapped = textwrap.wrap(params + ") PATRON_NOEXCEPT;", WIDTH - 4, break_long_words=False)
    return start + "\n    " + "\n    ".join(wrapped) + "\n"


def _arrow(path: Path) -> str:
    """The Arrow structs with the standard's own guards, as include/patron/arrow.h has them."""
    text = path.read_text(encoding="utf-8")
    body = text[text.index("#ifndef ARROW_C_DATA_INTERFACE"):text.index("#endif /* ARROW_C_STREAM_INTERFACE */")]
    intro = comment(["The Arrow C data and stream interfaces, as the Arrow project defines them, under the "
                     + "standard's own guards: other copies of the same structs do no harm."])
    return intro + body + "#endif /* ARROW_C_STREAM_INTERFACE */\n"


def render_map(api: model.Api) -> str:
    names = "".join(f"    {function.name};\n" for function in sorted(api.functions, key=lambda f: f.name))
    return ("/* Generated from capi/api.json by capi/generate.py. */\n"
            f"PATRON_{api.abi_major} {{\n  global:\n{names}  local:\n    *;\n}};\n")


LAYOUT_HEAD = """\
// What each struct is: its layout, the size it had first, its initial value, its reserved fields.
// Generated from capi/api.json by capi/generate.py.
// clang-format off
#pragma once

#include <cstddef>
#include <cstdint>

#include "patron/calibration.h"
#include "patron/engine.h"
#include "patron/expression.h"
#include "patron/ltv.h"
#include "patron/ltv_summary.h"
#include "patron/nps.h"
#include "patron/patron.h"
#include "patron/rfm.h"
#include "patron/schema.h"
#include "patron/segments.h"
#include "patron/status.h"
#include "patron/table.h"
#include "patron/weights.h"

namespace patron::capi {

/// The size a struct had in the first release: a smaller one is refused.
template <typename T>
inline constexpr uint32_t kFirstSize = 0;
/// PATRON_<STRUCT>_INIT.
template <typename T>
T initial();
/// Whether every reserved field is zero.
template <typename T>
bool reserved_are_zero(const T&) { return true; }
"""


def render_layout(api: model.Api) -> str:
    out = [LAYOUT_HEAD]
    for struct in api.structs.values():
        out.append("\n" + _layout(api, struct))
    out.append("\n" + "".join(_enum_checks(api)))
    return "".join(out) + "\n}  // namespace patron::capi\n"


def _layout(api: model.Api, struct: model.Struct) -> str:
    offsets, size = api.layout(struct)
    lines = [f"static_assert(offsetof({struct.name}, {field.name}) == {offset});"
             for field, offset in zip(struct.fields, offsets, strict=True)]
    lines.append(f"static_assert(sizeof({struct.name}) == {size});")
    if struct.sized:
        lines.append(f"template <>\ninline constexpr uint32_t kFirstSize<{struct.name}> = "
                     f"{api.sizes(struct)[0]};")
        lines.append(f"template <>\ninline {struct.name} initial<{struct.name}>() {{ return "
                     f"{struct.name.upper()}_INIT; }}")
    reserved = [field.name for field in struct.fields if field.name.startswith("reserved")]
    if reserved:
        test = " && ".join(f"value.{name} == 0" for name in reserved)
        lines.append(f"template <>\ninline bool reserved_are_zero<{struct.name}>(const {struct.name}& value) "
                     f"{{ return {test}; }}")
    return "\n".join(lines) + "\n"


def _enum_checks(api: model.Api) -> list[str]:
    """PATRON_E_SYNTAX must be patron::Code::kSyntax, and so on."""
    lines = []
    for group in api.of(model.Constants):
        for constant in group.values if group.cpp else []:
            words = constant.name.removeprefix(group.prefix).removeprefix("E_").lower().split("_")
            name = "k" + "".join(word.capitalize() for word in words)
            lines.append(f"static_assert({constant.name} == static_cast<int32_t>({group.cpp}::{name}));\n")
    return lines
