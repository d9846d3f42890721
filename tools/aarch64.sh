#!/bin/sh
# Makes build/aarch64-deps: what the cross build needs and Debian has for this machine only.
#
#   RapidJSON's headers and the compiled time zones, which know no processor, and GoogleTest, built from
#   Debian's sources. The cross build is then `cmake --preset aarch64`.
set -eu
cd "$(dirname "$0")/.."
deps=$PWD/build/aarch64-deps
[ ! -e "$deps/made" ] || exit 0
rm -rf "$deps"
mkdir -p "$deps/rapidjson/include"
cp -r /usr/include/rapidjson "$deps/rapidjson/include/"
cp -rL /usr/share/zoneinfo "$deps/zoneinfo"
cmake -S /usr/src/googletest -B "$deps/googletest" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_TOOLCHAIN_FILE="$PWD/cmake/aarch64-linux-gnu.cmake" -DCMAKE_INSTALL_PREFIX="$deps" \
  -DCMAKE_INSTALL_LIBDIR=lib >/dev/null
cmake --build "$deps/googletest"
cmake --install "$deps/googletest" >/dev/null
touch "$deps/made"
