"""_ffi.py: constants, structs and typed prototypes for ctypes."""

from __future__ import annotations

import textwrap

from . import model

SCALARS = {
    "int32_t": ("ctypes.c_int32", "int"), "uint32_t": ("ctypes.c_uint32", "int"),
    "int64_t": ("ctypes.c_int64", "int"), "uint64_t": ("ctypes.c_uint64", "int"),
    "uint8_t": ("ctypes.c_uint8", "int"), "double": ("ctypes.c_double", "float"),
    "patron_status": ("ctypes.c_int32", "int"), "char": ("ctypes.c_char", "bytes"),
}
HEAD = '''\
"""The C API of patron for ctypes: constants, structs, handles and one typed prototype per function.

Generated from capi/api.json by capi/generate.py. A handle is a `c_void_p` of its own type; pointer
fields of structs are addresses, and whoever sets one keeps alive what it points to.

    library = Library("/path/to/libpatron.so")
    library.patron_version()                     # b"0.2.0"
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any, Final

# ruff: noqa: N801, E501
'''
STR_METHODS = '''
    @classmethod
    def of(cls, data: bytes) -> patron_str:
        """Borrows `data`, and keeps it alive."""
        return cls(ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p), len(data))

    def text(self) -> str:
        """A copy of the text; empty where there is none."""
        return "" if self.data is None else ctypes.string_at(self.data, self.size).decode()
'''

LIBRARY_HEAD = '''

class Library:
    """Every function of one loaded library, under its C name."""

    def __init__(self, path: str) -> None:
        dll = ctypes.CDLL(path)
        self.path: Final = path
'''


def render(api: model.Api) -> str:
    out = [HEAD, f"\nABI_MAJOR: Final = {api.abi_major}\nABI_MINOR: Final = {api.abi_minor}\n"]
    for item in api.items:
        out.append(_item(api, item))
    out.append(_library(api))
    return "".join(out)


def _item(api: model.Api, item: model.Item) -> str:
    if isinstance(item, model.Constants):
        return "\n" + "".join(f"{constant.name}: Final = {constant.value}\n" for constant in item.values)
    if isinstance(item, model.Struct):
        return _struct(api, item)
    if isinstance(item, model.Named) and item.kind == "handle":
        return f'\n\nclass {item.name}_p(ctypes.c_void_p):\n    """{_doc(item.doc)}"""\n'
    if isinstance(item, model.Named) and item.kind == "callback":
        types = [SCALARS[item.type][0]] + [_field_type(api, param)[0] for param in item.params]
        return f"\n\n# {_doc(item.doc)}\n{item.name} = ctypes.CFUNCTYPE({', '.join(types)})\n"
    return ""


def _doc(paragraphs: list[str]) -> str:
    return " ".join(paragraphs).replace("\\", "\\\\")


def _docstring(paragraphs: list[str], indent: str) -> str:
    lines = textwrap.wrap(_doc(paragraphs), 96 - len(indent))
    if len(lines) == 1:
        return f'{indent}"""{lines[0]}"""\n'
    return f'{indent}"""' + f"\n{indent}".join(lines) + f'\n{indent}"""\n'


def _struct(api: model.Api, item: model.Struct) -> str:
    out = [f"\n\nclass {item.name}(ctypes.Structure):\n", _docstring(item.doc, "    "), "\n"]
    kinds = [_field_type(api, field) for field in item.fields]
    for field, (_, hint) in zip(item.fields, kinds, strict=True):
        out.append(f"    {field.name}: {hint}\n")
    out.append("    _fields_ = [\n")
    for field, (kind, _) in zip(item.fields, kinds, strict=True):
        out.append(f'        ("{field.name}", {kind}),\n')
    out.append("    ]\n")
    out.append(_initializer(item) if item.sized else STR_METHODS)
    return "".join(out)


def _initializer(item: model.Struct) -> str:
    lines = ["\n    @classmethod\n", f"    def init(cls) -> {item.name}:\n",
             f'        """{item.name.upper()}_INIT."""\n',
             "        value = cls(struct_size=ctypes.sizeof(cls))\n"]
    lines += [f"        value.{field.name} = {field.default}\n" for field in item.fields if field.default]
    return "".join(lines) + "        return value\n"


def _field_type(api: model.Api, field: model.Variable) -> tuple[str, str]:
    """The ctypes type of a struct field and its annotation."""
    if field.pointers:
        return "ctypes.c_void_p", "Any"
    if field.base in api.callbacks:
        return field.base, "Any"
    if field.base in api.structs:
        return field.base, field.base
    kind, hint = SCALARS[field.base]
    return (f"{kind} * {field.array}", hint) if field.array else (kind, hint)


def _param_type(api: model.Api, param: model.Variable) -> tuple[str, str]:
    """The ctypes type of a parameter and its annotation."""
    if param.base in api.handles:
        handle = f"{param.base}_p"
        return (handle, f"{handle} | None") if param.pointers == 1 else (f"ctypes.POINTER({handle})", "Any")
    if param.pointers == 0:
        return SCALARS[param.base]
    if param.base == "char":
        return "ctypes.c_char_p", "Any" if param.type == "char*" else "bytes | None"
    if param.base.startswith("struct ") or param.type == "void*":
        return "ctypes.c_void_p", "Any"
    if param.type == "void**":
        return "ctypes.POINTER(ctypes.c_void_p)", "Any"
    base = param.base if param.base in api.structs else SCALARS[param.base][0]
    return f"ctypes.POINTER({base})", "Any"


def _return_type(api: model.Api, returns: str) -> tuple[str, str]:
    if returns == "void":
        return "None", "None"
    if returns == "const char*":
        return "ctypes.c_char_p", "bytes"
    return (returns, returns) if returns in api.structs else SCALARS[returns]


def _library(api: model.Api) -> str:
    out = [LIBRARY_HEAD]
    for function in api.functions:
        params = [_param_type(api, param) for param in function.params]
        kind, hint = _return_type(api, function.returns)
        hints = ", ".join(hint for _, hint in params)
        types = ", ".join(kind for kind, _ in params)
        out.append(f"        self.{function.name}: Callable[[{hints}], {hint}] = _bind(\n"
                   f'            dll, "{function.name}", {kind}, [{types}])\n')
    out.append("\n\ndef _bind(dll: ctypes.CDLL, name: str, result: Any, arguments: list[Any]) -> Any:\n"
               "    function = dll[name]\n    function.restype = result\n    function.argtypes = arguments\n"
               "    return function\n")
    return "".join(out)
