#!/usr/bin/env python3
"""Packs a folder into a .tar.gz that depends on nothing but the files' names and bytes.

    tools/package_archive.py FOLDER ARCHIVE

Sorted names, owner 0, modes 644 and 755, one time for all (SOURCE_DATE_EPOCH), no name in the gzip head.
"""

import gzip
import os
import pathlib
import sys
import tarfile


def member(archive, path, name, epoch):
    """The head of one entry, with all that belongs to this machine taken away."""
    info = archive.gettarinfo(path, name)
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mtime = epoch
    if info.isfile() or info.islnk():
        # A file with two names is stored twice; which of the two comes first is chance.
        info.type, info.linkname, info.size = tarfile.REGTYPE, "", path.stat().st_size
        info.mode = 0o755 if ".so" in path.name else 0o644
    else:
        info.mode = 0o777 if info.issym() else 0o755
    return info


def pack(folder, target, epoch):
    """Writes the archive; its one top folder has the folder's name."""
    paths = [folder, *folder.rglob("*")]
    names = sorted((f"{folder.name}/{path.relative_to(folder).as_posix()}".removesuffix("/."), path)
                   for path in paths)
    with open(target, "wb") as raw, \
            gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=9, mtime=0) as packed, \
            tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, path in names:
            info = member(archive, path, name, epoch)
            if info.isfile():
                with open(path, "rb") as data:
                    archive.addfile(info, data)
            else:
                archive.addfile(info)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    pack(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2], int(os.environ["SOURCE_DATE_EPOCH"]))


if __name__ == "__main__":
    main()
