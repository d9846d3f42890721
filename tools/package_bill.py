#!/usr/bin/env python3
"""Writes the bill of materials of a package folder: SPDX 2.3, as JSON.

    tools/package_bill.py BUILD_FOLDER PACKAGE_FOLDER

What is inside libpatron.so is not taken on trust: the linker's map (BUILD/link.map) says which archives
and libraries it took, ninja which headers the compiler read. Each must be one that the table below knows;
anything else fails, and belongs into the table and into NOTICE. The environment gives SOURCE_DATE_EPOCH.
"""

import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

import repo

BILL = "share/doc/patron/patron.spdx.json"
GCC_LICENSE = "GPL-3.0-or-later WITH GCC-exception-3.1"
PUBLIC_DOMAIN = "LicenseRef-tz-public-domain"
TZ_TEXT = "This database is in the public domain."

# (what a file's path matches, who made it). The first match decides; None: this project's own.
MAKERS = [
    (r"/rapidjson/[^ ]*\.h$", "RapidJSON"),
    (r"/include/c\+\+/|/lib/gcc(-cross)?/|libstdc\+\+\.a|/libgcc_s\.so", "GCC"),
    (r"/include/(linux|asm|asm-generic)/|/include/[^/]*-linux-gnu/asm/", "Linux headers"),
    (r"/(crti|crtn)\.o$|libc_nonshared\.a$|/lib(c|m|mvec)\.so(\.\d)?$|/ld-linux[^/]*$", "glibc"),
    (r"^/usr/(aarch64-linux-gnu/)?include/", "glibc"),
]


def maker(path, own):
    """Who made the file: a name of MAKERS, "patron" for what lies below the folders `own`, or None."""
    for pattern, name in MAKERS:
        if re.search(pattern, path):
            return name
    below = not path.startswith("/") or any(path.startswith(f"{folder}/") for folder in own)
    return "patron" if below else None


def linked(map_text):
    """The files that the linker loaded."""
    return sorted({os.path.normpath(line.split(" ", 1)[1])
                   for line in map_text.splitlines() if line.startswith("LOAD ")})


def read_headers(build):
    """The files that the compiler read for the objects of libpatron.so."""
    done = subprocess.run(["ninja", "-C", str(build), "-t", "deps"],
                          capture_output=True, text=True, check=True)
    return sorted({line.strip() for line in done.stdout.splitlines() if line.startswith("    ")})


def makers(paths, own):
    """The makers of those files; a file of nobody known ends the program."""
    found = {path: maker(path, own) for path in paths}
    strange = [path for path, name in found.items() if name is None]
    if strange:
        sys.exit("in libpatron.so, but neither in the bill of materials nor in NOTICE:\n  "
                 + "\n  ".join(strange))
    return set(found.values())


def cache(build):
    """The variables of CMakeCache.txt."""
    text = (build / "CMakeCache.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([A-Za-z_]\w*):\w+=(.*)$", text, re.MULTILINE))


def compiler_of(build):
    found = next(build.glob("CMakeFiles/*/CMakeCXXCompiler.cmake")).read_text(encoding="utf-8")
    return (re.search(r'set\(CMAKE_CXX_COMPILER "(.*)"\)', found)[1],
            re.search(r'set\(CMAKE_CXX_COMPILER_VERSION "(.*)"\)', found)[1])


def glibc_version(compiler):
    done = subprocess.run([compiler, "-E", "-dM", "-xc++", "-include", "features.h", os.devnull],
                          capture_output=True, text=True, check=True)
    return ".".join(re.search(rf"#define {name} (\d+)", done.stdout)[1]
                    for name in ("__GLIBC__", "__GLIBC_MINOR__"))


def rapidjson_version(folder):
    text = (pathlib.Path(folder) / "rapidjson/rapidjson.h").read_text(encoding="utf-8")
    return ".".join(re.search(rf"#define RAPIDJSON_{part}_VERSION (\d+)", text)[1]
                    for part in ("MAJOR", "MINOR", "PATCH"))


def zones_version(folder):
    with open(pathlib.Path(folder) / "tzdata.zi", encoding="utf-8") as file:
        return file.readline().split()[-1]


def debian_url(package):
    """The package URL of an installed Debian package, or None: what a rebuild needs to be the same."""
    try:
        done = subprocess.run(["dpkg-query", "-W", "-f=${Version} ${Architecture}", package],
                              capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    if done.returncode != 0 or not done.stdout.strip():
        return None
    version, architecture = done.stdout.split()
    version = version.replace("+", "%2B").replace(":", "%3A")
    return f"pkg:deb/debian/{package}@{version}?arch={architecture}"


def package(name, version, licence, owner, home, *, debian=None, comment=None):
    made = {
        "SPDXID": f"SPDXRef-Package-{name.replace(' ', '-')}",
        "name": name,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "homepage": home,
        "filesAnalyzed": False,
        "licenseConcluded": licence,
        "licenseDeclared": licence,
        "copyrightText": owner,
        "supplier": "NOASSERTION",
    }
    if comment:
        made["comment"] = comment
    url = debian_url(debian) if debian else None
    if url:
        made["externalRefs"] = [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                                 "referenceLocator": url}]
    return made


def parts(build):
    """(package, its relation to patron) of everything that is inside or used."""
    variables = cache(build)
    compiler, version = compiler_of(build)
    cross = "aarch64" in pathlib.Path(compiler).name
    return [
        (package("RapidJSON", rapidjson_version(variables["PATRON_RAPIDJSON_INCLUDE_DIR"]), "MIT",
                 "Copyright (C) 2015 THL A29 Limited, a Tencent company, and Milo Yip.",
                 "https://rapidjson.org", debian="rapidjson-dev",
                 comment="Headers, compiled into lib/base/json.cc alone."), "STATIC_LINK"),
        (package("tzdata", zones_version(variables["PATRON_ZONEINFO_DIR"]), PUBLIC_DOMAIN, "NONE",
                 "https://www.iana.org/time-zones", debian="tzdata",
                 comment="The compiled IANA time zones, as data inside the library."), "CONTAINS"),
        (package("GCC", version, GCC_LICENSE,
                 "Copyright (C) 1987-2022 Free Software Foundation, Inc.; Copyright (c) 1994 "
                 "Hewlett-Packard Company; Copyright (c) 1996 Silicon Graphics Computer Systems, "
                 "Inc.; Copyright 2018 Ulf Adams; Copyright (c) 2021 The fast_float authors",
                 "https://gcc.gnu.org",
                 debian="libstdc++-12-dev-arm64-cross" if cross else "libstdc++-12-dev",
                 comment="libstdc++, libgcc and start-up code, linked statically; libgcc_s.so.1 is "
                         "taken from the system. The compiler too."), "STATIC_LINK"),
        (package("glibc", glibc_version(compiler), "LGPL-2.1-or-later",
                 "Copyright (C) 1991-2022 Free Software Foundation, Inc.",
                 "https://www.gnu.org/software/libc/",
                 debian="libc6-dev-arm64-cross" if cross else "libc6-dev",
                 comment="libc.so.6 and libm.so.6 of the system; crti.o and libc_nonshared.a, which "
                         "may be linked into anything, are inside."), "DYNAMIC_LINK"),
    ]


def file_entry(root, path):
    data = path.read_bytes()
    name = path.relative_to(root).as_posix()
    kinds = {".h": "SOURCE", ".c": "SOURCE", ".md": "DOCUMENTATION", ".json": "TEXT"}
    binary = ".so" in path.name
    return {
        "SPDXID": "SPDXRef-File-" + re.sub(r"[^A-Za-z0-9.-]", "-", name),
        "fileName": f"./{name}",
        "fileTypes": ["BINARY" if binary else kinds.get(path.suffix, "TEXT")],
        "checksums": [{"algorithm": "SHA1", "checksumValue": hashlib.sha1(data).hexdigest()},
                      {"algorithm": "SHA256", "checksumValue": hashlib.sha256(data).hexdigest()}],
        "licenseConcluded": f"Apache-2.0 AND MIT AND {PUBLIC_DOMAIN} AND ({GCC_LICENSE})"
                            if binary else "Apache-2.0",
        "licenseInfoInFiles": ["NOASSERTION"],
        "copyrightText": "Copyright 2026 The patron authors",
    }


def bill(root, version, epoch, contained):
    """The document for the files below `root` and the (package, relation) pairs."""
    paths = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink()
                   and path.relative_to(root).as_posix() != BILL)
    files = [file_entry(root, path) for path in paths]
    sums = sorted(entry["checksums"][0]["checksumValue"] for entry in files)
    code = hashlib.sha1("".join(sums).encode()).hexdigest()
    own = package("patron", version, "Apache-2.0", "Copyright 2026 The patron authors", "NOASSERTION")
    own |= {"filesAnalyzed": True, "licenseInfoFromFiles": ["NOASSERTION"],
            "packageFileName": f"{root.name}.tar.gz", "primaryPackagePurpose": "LIBRARY",
            "packageVerificationCode": {"packageVerificationCodeValue": code,
                                        "packageVerificationCodeExcludedFiles": [f"./{BILL}"]},
            "hasFiles": [entry["SPDXID"] for entry in files]}
    library = next(entry["SPDXID"] for entry in files if ".so." in entry["fileName"])

    def relation(first, kind, second):
        return {"spdxElementId": first, "relationshipType": kind, "relatedSpdxElement": second}

    relations = [relation("SPDXRef-DOCUMENT", "DESCRIBES", own["SPDXID"])]
    relations += [relation(own["SPDXID"], "CONTAINS", entry["SPDXID"]) for entry in files]
    relations += [relation(library, kind, made["SPDXID"]) for made, kind in contained]
    relations += [relation(made["SPDXID"], "BUILD_TOOL_OF", library)
                  for made, _ in contained if made["name"] == "GCC"]
    created = datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc)
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": root.name,
        "documentNamespace": f"https://spdx.org/spdxdocs/{root.name}-{code}",
        "creationInfo": {"created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
                         "creators": ["Organization: The patron authors",
                                      f"Tool: package_bill.py-{version}"]},
        "hasExtractedLicensingInfos": [{"licenseId": PUBLIC_DOMAIN, "extractedText": TZ_TEXT,
                                        "name": "Public domain (time zone database)"}],
        "packages": [own, *(made for made, _ in contained)],
        "files": files,
        "relationships": relations,
    }


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    build, root = (pathlib.Path(name).resolve() for name in sys.argv[1:])
    own = [str(repo.ROOT), str(build)]
    inside = makers(linked((build / "link.map").read_text(encoding="utf-8")), own)
    inside |= makers(read_headers(build), own)
    contained = parts(build)
    named = {made["name"] for made, _ in contained} | {"patron", "Linux headers"}
    if not inside <= named:
        sys.exit(f"not in the bill of materials: {', '.join(sorted(inside - named))}")
    version = (repo.ROOT / "VERSION").read_text(encoding="utf-8").strip()
    document = bill(root, version, int(os.environ["SOURCE_DATE_EPOCH"]), contained)
    (root / BILL).write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"bill of materials: {len(document['files'])} files, {len(document['packages'])} packages")


if __name__ == "__main__":
    main()
