#!/usr/bin/env bash
# The same sources give the same bytes, wherever and whenever they are built.
#
#   tests/package/repeat.sh FOLDER            FOLDER has what tools/package.sh made: makes it twice more, in
#                                             two other folders, without a compiler cache, and compares
#   tests/package/repeat.sh --quick FOLDER    packs the same build once more in another surrounding, and
#                                             compiles only a few sources in another folder
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
quick=no
if [ "$1" = --quick ]; then quick=yes && shift; fi
made=$(cd "${1:?the folder of the package}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PATRON_PACKAGE_PYTHON=${PATRON_PACKAGE_PYTHON:-$root/.venv/package/bin/python}
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -c safe.directory="$root" -C "$root" log -1 --format=%ct)}
export SOURCE_DATE_EPOCH

copy_sources() { # folder: what git knows of, with other times than here
  mkdir -p "$1"
  (cd "$root" && "$PATRON_PACKAGE_PYTHON" -c 'import sys; sys.path.insert(0, "tools"); import repo
print("\0".join(repo.files()), end="")' | tar -c --null -T - --mtime=@1000000000) | tar -x -C "$1"
}

# A folder of other length and depth; another time zone, mask of permissions, language and user's home.
elsewhere() { (umask 077 && env TZ=Asia/Tokyo LC_ALL=C HOME="$work" "$@"); }

same() { # two files
  cmp "$1" "$2" || { echo "not the same bytes: $1 and $2"; exit 1; }
}

arch=$(uname -m)
if [ $quick = yes ]; then
  elsewhere "$root/tools/package.sh" --no-debug "$work/again" >"$work/log" 2>&1 ||
    { cat "$work/log"; exit 1; }
  same "$made/SHA256SUMS-$arch" "$work/again/SHA256SUMS-$arch"
  copy_sources "$work/a/much/deeper/folder"
  copy_sources "$work/b"
  object=lib/CMakeFiles/patron.dir
  for folder in a/much/deeper/folder b; do
    env -C "$work/$folder" cmake --preset package >/dev/null
    CCACHE_DISABLE=1 cmake --build "$work/$folder/build/package" \
      --target $object/base/json.cc.o $object/__/build/batches/patron_lib_base_1.cc.o \
      $object/zone_data.cc.o >/dev/null
  done
  for name in base/json.cc __/build/batches/patron_lib_base_1.cc zone_data.cc; do
    same "$work/a/much/deeper/folder/build/package/lib/CMakeFiles/patron.dir/$name.o" \
      "$work/b/build/package/lib/CMakeFiles/patron.dir/$name.o"
  done
  echo "packed twice and compiled in two folders: the same bytes"
  exit 0
fi

export CCACHE_DISABLE=1
for folder in a/much/deeper/folder b; do
  copy_sources "$work/$folder"
  elsewhere "$work/$folder/tools/package.sh" "$work/$folder/made" >"$work/log" 2>&1 ||
    { cat "$work/log"; exit 1; }
  (cd "$work/$folder/made" && sha256sum --check "SHA256SUMS-$arch")
  for file in "$work/$folder/made/"*; do
    same "$made/$(basename "$file")" "$file"
  done
done
echo "three builds in three folders: the same bytes"
