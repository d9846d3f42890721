#!/usr/bin/env python3
"""Every struct of an ABI description has the members it had in an older one, of the same types, at the
same places; it may have more behind them.

    tools/abi_members.py OLD.abi NEW.abi     as abidw writes them

abidiff with growth.abignore lets a struct grow, but then also lets the type of a member change
(libabigail 2.2): here the members are compared one by one.
"""

import pathlib
import sys
import xml.etree.ElementTree as ElementTree

import repo

FIXED = {"patron_str", "patron_error"}  # these have no struct_size that could tell a caller's age


class Description:
    def __init__(self, path):
        self.types = {}
        self.structs = {}
        for element in ElementTree.parse(path).iter():
            if "id" in element.attrib:
                self.types[element.attrib["id"]] = element
            if element.tag == "class-decl" and element.get("is-declaration-only") != "yes":
                self.structs[element.attrib["name"]] = element

    def name(self, identity):
        """A type in words, typedefs resolved: "const int64_t *" is "const long int*"."""
        element = self.types[identity]
        inner = element.get("type-id")
        if element.tag == "pointer-type-def":
            return self.name(inner) + "*"
        if element.tag == "qualified-type-def":
            return "const " + self.name(inner)
        if element.tag == "typedef-decl":
            return self.name(inner)
        if element.tag == "array-type-def":
            lengths = "".join(f"[{part.get('length')}]" for part in element.iter("subrange"))
            return self.name(inner) + lengths
        if element.tag == "function-type":
            parts = [self.name(part.attrib["type-id"]) for part in element]
            return f"function({', '.join(parts)})"
        return element.attrib["name"]

    def members(self, name):
        """(name, bit, type) of each member."""
        return [(member.find("var-decl").attrib["name"], int(member.attrib["layout-offset-in-bits"]),
                 self.name(member.find("var-decl").attrib["type-id"]))
                for member in self.structs[name].iter("data-member")]

    def size(self, name):
        return int(self.structs[name].attrib["size-in-bits"]) // 8


def compare(old, new):
    for name in sorted(old.structs):
        if name not in new.structs:
            yield f"{name}: is gone"
            continue
        was, now = old.members(name), new.members(name)
        for before, after in zip(was, now, strict=False):
            if before != after:
                yield (f"{name}.{before[0]}: was {before[2]} at bit {before[1]}, "
                       f"there is {after[2]} {after[0]} at bit {after[1]} now")
        if len(now) < len(was):
            yield f"{name}: had {len(was)} members, has {len(now)}"
        if name in FIXED and old.size(name) != new.size(name):
            yield f"{name}: had {old.size(name)} bytes for good, has {new.size(name)}"
        if new.size(name) < old.size(name):
            yield f"{name}: had {old.size(name)} bytes, has {new.size(name)}"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    old, new = (Description(pathlib.Path(path)) for path in sys.argv[1:])
    repo.finish("members", list(compare(old, new)), f"{len(old.structs)} structs")


if __name__ == "__main__":
    main()
