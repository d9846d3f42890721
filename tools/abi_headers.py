#!/usr/bin/env python3
"""Headers that were released stay as they are, and the library keeps what they promise.

    tools/abi_headers.py check [LIBRARY]     exit 0: every frozen header is kept
    tools/abi_headers.py freeze              adds the present header and its program, at a release

tests/abi/headers/<version>/ has patron.h as that version was released, and program/, the C program of
its time that calls all of it; the build compiles both and runs them against the present library.
"""

import hashlib
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import repo

sys.path.insert(0, str(repo.ROOT / "capi"))
import check_exports  # noqa: E402
from generator import model  # noqa: E402

HEADER = "capi/include/patron/patron.h"
PROGRAM = "tests/abi/program"
FROZEN = "tests/abi/headers"
SUMS = f"{FROZEN}/SHA256SUMS"


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def frozen_files(root):
    """path below tests/abi/headers -> file"""
    folder = root / FROZEN
    return {str(path.relative_to(folder)): path for path in sorted(folder.glob("*/**/*"))
            if path.is_file()}


def version_key(version):
    return tuple(int(number) for number in version.split("."))


def versions(root):
    return sorted((path.name for path in (root / FROZEN).glob("*") if path.is_dir()), key=version_key)


def functions(text):
    return set(re.findall(r"PATRON_API [^;(]*?\b(patron_\w+)\(", text))


def constants(text):
    """PATRON_<NAME> -> its number"""
    return {name: int(number) for name, number in
            re.findall(r"^#define (PATRON_\w+)\s+\(?(-?\d+)\)?", text, re.MULTILINE)}


def structs(text):
    return re.findall(r"^struct (patron_\w+) \{$", text, re.MULTILINE)


def struct_sizes(header):
    """The size of each struct of a header, as the compiler has it."""
    names = structs(header.read_text(encoding="utf-8"))
    lines = "".join(f'  printf("{name} %d\\n", (int)sizeof({name}));\n' for name in names)
    source = f'#include "{header.resolve()}"\n#include <stdio.h>\nint main(void) {{\n{lines}  return 0;\n}}\n'
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "sizes.c").write_text(source, encoding="utf-8")
        subprocess.run(["cc", "sizes.c", "-o", "sizes"], cwd=path, check=True)
        said = subprocess.run([path / "sizes"], capture_output=True, text=True, check=True).stdout
    return {name: int(size) for name, size in (line.split() for line in said.splitlines())}


def check_sums(root):
    listed = {}
    for line in (root / SUMS).read_text(encoding="utf-8").splitlines():
        number, name = line.split("  ")
        listed[name] = number
    there = frozen_files(root)
    for name in sorted(listed.keys() | there.keys()):
        if name not in there:
            yield f"{FROZEN}/{name}: is gone; released headers stay"
        elif name not in listed:
            yield f"{FROZEN}/{name}: is not in {SUMS}; `./run abi-freeze` adds a version"
        elif digest(there[name]) != listed[name]:
            yield f"{FROZEN}/{name}: has changed; released headers stay as they are"


def check_kept(version, old, new, api, sizes, exported):
    """What a frozen header has and the present one, or the library, has not."""
    if constants(old)["PATRON_ABI_MAJOR"] != api.abi_major:
        return  # its programs ask for another SONAME
    for name in sorted(functions(old) - functions(new)):
        yield f"{name}: is in patron.h of {version}, and gone"
    if exported is not None:
        for name in sorted(functions(old) - exported):
            yield f"{name}: is in patron.h of {version}, and the library does not export it"
    numbers = constants(new)
    for name, number in constants(old).items():
        if name != "PATRON_ABI_MINOR" and numbers.get(name) != number:
            yield f"{name}: was {number} in {version}, is {numbers.get(name, 'gone')}"
    if numbers["PATRON_ABI_MINOR"] < constants(old)["PATRON_ABI_MINOR"]:
        yield f"PATRON_ABI_MINOR: was higher in {version}"
    for name, size in sizes.items():
        known = api.sizes(api.structs[name]) if name in api.structs else []
        if size not in known:
            yield (f"{name}: had {size} bytes in {version}, capi/api knows {known or 'no such struct'}: "
                   "fields that a struct grew by have a version, [type and name, meaning, default, since]")


def check_new(version, old, api):
    """What the newest frozen header has not belongs to a later ABI."""
    was = (constants(old)["PATRON_ABI_MAJOR"], constants(old)["PATRON_ABI_MINOR"])
    for function in api.functions:
        if function.name not in functions(old) and version_key(function.since) <= was:
            yield (f'{function.name}: is not in patron.h of {version} (ABI {was[0]}.{was[1]}): it needs a later '
                   f'"since" in capi/api, and capi/api.json that "abi"')
        if version_key(function.since) > (api.abi_major, api.abi_minor):
            yield f"{function.name}: is since ABI {function.since}, and capi/api.json says less"


def check_program(root, new):
    """The program of the present header calls all of it."""
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((root / PROGRAM).glob("*.[ch]")))
    called = set(re.findall(r"\b(patron_\w+)\(", text))
    for name in sorted(functions(new) - called):
        yield f"{name}: no file of {PROGRAM} calls it"
    for name in structs(new):
        if not re.search(rf"\b{name}\b", text):
            yield f"{name}: no file of {PROGRAM} uses it"


def check(root, library):
    api = model.load(root / "capi/api.json")
    new = (root / HEADER).read_text(encoding="utf-8")
    exported = {name for _, name in check_exports.exported(library)} if library else None
    findings = [*check_sums(root), *check_program(root, new)]
    found = versions(root)
    for version in found:
        header = root / FROZEN / version / "patron/patron.h"
        old = header.read_text(encoding="utf-8")
        findings += check_kept(version, old, new, api, struct_sizes(header), exported)
        if version == found[-1]:
            findings += check_new(version, old, api)
    return findings, len(found)


def freeze(root):
    """Adds the present version; why not, where it cannot."""
    version = (root / "VERSION").read_text(encoding="utf-8").strip()
    folder = root / FROZEN / version
    if folder.exists():
        return f"{FROZEN}/{version} is there, and stays as it is; a release has a new VERSION"
    missing = list(check_program(root, (root / HEADER).read_text(encoding="utf-8")))
    if missing:
        return "\n".join(missing)
    (folder / "patron").mkdir(parents=True)
    shutil.copy(root / HEADER, folder / "patron/patron.h")
    shutil.copytree(root / PROGRAM, folder / "program")
    lines = [f"{digest(path)}  {name}\n" for name, path in frozen_files(root).items()]
    (root / SUMS).write_text("".join(lines), encoding="utf-8")
    return None


def main():
    if sys.argv[1:2] == ["freeze"]:
        refusal = freeze(repo.ROOT)
        print(refusal or f"froze {FROZEN}/{versions(repo.ROOT)[-1]}; commit it")
        sys.exit(1 if refusal else 0)
    if sys.argv[1:2] != ["check"]:
        sys.exit(__doc__)
    findings, count = check(repo.ROOT, sys.argv[2] if len(sys.argv) > 2 else None)
    repo.finish("old headers", findings, f"{count} released header(s)")


if __name__ == "__main__":
    main()
