#!/bin/sh
# PATRON_DEPS=source takes RapidJSON and the time zones from the given folder and from nowhere else.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

configure() { # the variables
  cmake -S "$root" -B "$work/build" -G Ninja "$@" >"$work/log" 2>&1
}

refused() { # the words that must be said, then the variables
  words=$1
  shift
  if configure -DPATRON_DEPS=source "$@"; then
    echo "configured, though it had to say: $words" && exit 1
  fi
  tr -s ' \n' ' ' <"$work/log" | grep -qF -- "$words" ||
    { cat "$work/log"; echo "did not say: $words"; exit 1; }
  rm -rf "$work/build"
}

mkdir "$work/deps"
refused "which is no folder"
refused "which is no folder" -DPATRON_DEPS_DIR="$work/absent"
refused "no rapidjson/include/rapidjson/reader.h in $work/deps" -DPATRON_DEPS_DIR="$work/deps"
mkdir -p "$work/deps/rapidjson/include"
cp -r /usr/include/rapidjson "$work/deps/rapidjson/include/"
refused "No tzdata.zi in $work/deps/zoneinfo" -DPATRON_DEPS_DIR="$work/deps"
cp -rL /usr/share/zoneinfo "$work/deps/zoneinfo"

configure -DPATRON_DEPS=source -DPATRON_DEPS_DIR="$work/deps" || { cat "$work/log"; exit 1; }
cmake --build "$work/build" --target lib/CMakeFiles/patron.dir/base/json.cc.o \
  lib/CMakeFiles/patron.dir/zone_data.cc.o >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
if ninja -C "$work/build" -t deps | grep -F /usr/include/rapidjson; then
  echo "the system's RapidJSON was read"
  exit 1
fi
ninja -C "$work/build" -t deps | grep -qF "$work/deps/rapidjson/include/rapidjson/reader.h" ||
  { echo "the folder's RapidJSON was not read"; exit 1; }
echo "PATRON_DEPS=source: from the folder alone"
