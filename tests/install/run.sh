#!/bin/sh
# Installs a build, or unpacks an archive, uses it as strangers do, then moves it and does so again.
#
#   tests/install/run.sh BUILD_FOLDER      a built and configured tree, such as build/release
#   tests/install/run.sh FILE.tar.gz       what ./run package makes
#
# find_package from C (shared), find_package from C++ (static, no exceptions, no RTTI), pkg-config
# from plain C, add_subdirectory; and what must not work: pkg-config without patron's folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
what=$(readlink -e "${1:?the build folder, or the archive}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc=${CC:-cc}

quietly() { # runs a command; its output only where it fails
  "$@" >"$work/log" 2>&1 || { cat "$work/log"; echo "failed: $*"; exit 1; }
}

with_cmake() { # name, prefix
  quietly cmake -S "$here/$1" -B "$work/$3-$1" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_PREFIX_PATH="$2"
  quietly cmake --build "$work/$3-$1"
  "$work/$3-$1/consumer"
}

with_pkg_config() { # prefix, label
  pc=$(find "$1" -name patron.pc)
  flags=$(PKG_CONFIG_PATH=$(dirname "$pc") pkg-config --cflags --libs patron)
  library_dir=$(PKG_CONFIG_PATH=$(dirname "$pc") pkg-config --variable=libdir patron)
  # shellcheck disable=SC2086 # the flags are words
  quietly "$cc" -std=c99 -Wall -Wextra -pedantic -Werror "$here/c_shared/main.c" $flags \
    -o "$work/$2-pkg-config"
  LD_LIBRARY_PATH=$library_dir "$work/$2-pkg-config"
}

in_archive() { # prefix, label: the archive has the C interface, and the examples to try it with
  echo "-- $2"
  with_cmake c_shared "$1" "$2"
  with_pkg_config "$1" "$2"
  pc=$1/lib/pkgconfig
  for example in quickstart cuts library rank; do
    # shellcheck disable=SC2046 # the flags are words
    quietly "$cc" -std=c99 "$1/share/doc/patron/examples/c/$example.c" \
      $(PKG_CONFIG_PATH=$pc pkg-config --cflags --libs patron) -o "$work/$2-$example"
    LD_LIBRARY_PATH=$1/lib quietly "$work/$2-$example"
  done
  quietly "$cc" -std=c11 -Wall -Wextra "$here/unload/main.c" -o "$work/$2-unload" -ldl
  "$work/$2-unload" "$1/lib/libpatron.so.0"
  if cmake -S "$here/cxx_static" -B "$work/$2-cxx" -G Ninja -DCMAKE_PREFIX_PATH="$1" \
    >"$work/log" 2>&1; then
    echo "find_package finds a C++ core in the archive, which has none" && exit 1
  fi
}

case $what in
  *.tar.gz)
    tar -xzf "$what" -C "$work"
    name=$(basename "$what" .tar.gz)
    in_archive "$work/$name" unpacked
    mv "$work/$name" "$work/vendor"
    in_archive "$work/vendor" moved
    echo "consumers of $name: all work"
    exit 0
    ;;
esac
build=$what

use() { # prefix, label
  echo "-- $2"
  with_cmake c_shared "$1" "$2"
  with_cmake cxx_static "$1" "$2"
  with_pkg_config "$1" "$2"
}

quietly cmake --install "$build" --prefix "$work/first"
if grep -rIl -- "$work\|$root" "$work/first"; then
  echo "an installed file names the folder it was built or installed in"
  exit 1
fi
use "$work/first" installed

mv "$work/first" "$work/moved"
use "$work/moved" moved

if PKG_CONFIG_PATH='' PKG_CONFIG_LIBDIR="$work" pkg-config --exists patron 2>/dev/null; then
  echo "pkg-config finds patron where there is none"
  exit 1
fi

echo "-- add_subdirectory"
quietly cmake -S "$here/subdirectory" -B "$work/sub" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DPATRON_WARNINGS=ON -DPATRON_BATCH_FOLDER="$root/build/batches" -DPATRON_SOURCE="$root" \
  -DCMAKE_C_COMPILER_LAUNCHER="$(command -v ccache || true)" \
  -DCMAKE_CXX_COMPILER_LAUNCHER="$(command -v ccache || true)"
quietly cmake --build "$work/sub"
"$work/sub/c_consumer"
"$work/sub/cxx_consumer"
quietly cmake --install "$work/sub" --prefix "$work/sub-prefix"
if [ -e "$work/sub-prefix/include" ]; then
  echo "patron installed itself with its parent project"
  exit 1
fi
echo "consumers: all work"
