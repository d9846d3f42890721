#!/usr/bin/env bash
# Makes what a vendor ships; `./run package` installs what it needs and calls it.
#
#   tools/package.sh [--preset NAME] [--no-debug] [OUT_FOLDER]
#
#   --preset     package (this machine's processor) or package-aarch64 (cross-built)
#   --no-debug   compile without debug information: quicker, and no archive of it
#   OUT_FOLDER   out/package
#
#   patron-<version>-linux-<arch>.tar.gz         header, library, pkg-config, CMake, docs, licences, bill
#   patron-<version>-linux-<arch>-debug.tar.gz   the debug information of that library
#   patron-<version>-py3-none-manylinux_*.whl    the Python package, with the same library
#   SHA256SUMS
#
# The same sources, compiler and dependencies give the same bytes in every folder, at any time.
# PATRON_PACKAGE_PYTHON names the Python that has bindings/python/requirements/package.txt.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
preset=package debug=yes out=
while [ $# -gt 0 ]; do
  case $1 in
    --preset) preset=$2 && shift ;;
    --no-debug) debug=no ;;
    -*) echo "tools/package.sh: no such option: $1" >&2 && exit 2 ;;
    *) out=$1 ;;
  esac
  shift
done
mkdir -p "${out:=$root/out/package}"
out=$(cd "$out" && pwd)
cd "$root"
export LC_ALL=C.UTF-8 TZ=UTC0 PYTHONDONTWRITEBYTECODE=1
umask 022
python=${PATRON_PACKAGE_PYTHON:-$root/.venv/package/bin/python}
version=$(cat VERSION)
case $preset in
  package) arch=$(uname -m) tools= ;;
  package-aarch64)
    arch=aarch64 tools=aarch64-linux-gnu-
    PATH=/usr/aarch64-linux-gnu/bin:$PATH # the readelf and nm that know its symbols
    ;;
  *) echo "tools/package.sh: no such preset: $preset" >&2 && exit 2 ;;
esac

# The glibc that the package may need: the promised one where it is built on Debian 12, else this machine's.
glibc=$(sed -n 's/^GLIBC = "\(.*\)"/\1/p' tools/package_check.py)
if [ "$(. /etc/os-release && echo "$ID-${VERSION_ID:-}")" != debian-12 ]; then
  glibc=$(getconf GNU_LIBC_VERSION | cut -d' ' -f2)
  echo "This is not Debian 12, where patron's packages are made: this one will need glibc $glibc."
fi

# One time for everything that wants one: that of the last commit.
if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
  SOURCE_DATE_EPOCH=$(git -c safe.directory="$root" log -1 --format=%ct 2>/dev/null) || {
    echo "These sources are no git repository: set SOURCE_DATE_EPOCH to the seconds since 1970 that the" \
      "package shall be dated with." >&2
    exit 1
  }
fi
export SOURCE_DATE_EPOCH

name=patron-$version-linux-$arch
build=$root/build/$preset flags=()
if [ "$debug" = no ]; then
  build+=-quick
  # As the release preset compiles the core, so that the compiler cache has it from there.
  flags=(-DCMAKE_C_FLAGS= -DCMAKE_CXX_FLAGS= -DPATRON_WARNINGS=ON)
fi
mkdir -p build
cmake --preset "$preset" -B "$build" "${flags[@]}" >"$build.log" 2>&1 || { cat "$build.log"; exit 1; }
cmake --build "$build" --target patron_capi

# The folder that becomes the archive.
tree=$build/tree/$name
rm -rf "$build/tree"
mkdir -p "$tree/share/doc/patron/docs" "$tree/share/doc/patron/examples/c"
for part in capi config; do
  cmake --install "$build" --component "$part" --prefix "$tree" >/dev/null
done
install -m 644 README.md CHANGELOG.md SECURITY.md "$tree/share/doc/patron"
install -m 644 docs/*.md "$tree/share/doc/patron/docs"
install -m 644 examples/c/*.[ch] "$tree/share/doc/patron/examples/c"
library=$(readlink -f "$tree/lib/libpatron.so")
if [ "$debug" = yes ]; then
  debug_tree=$build/tree/$name-debug
  debug_file=$debug_tree/lib/$(basename "$library").debug
  mkdir -p "$debug_tree/lib"
  "${tools}objcopy" --only-keep-debug "$library" "$debug_file"
  "${tools}strip" --strip-unneeded "$library"
  "${tools}objcopy" --add-gnu-debuglink="$debug_file" "$library"
  chmod 644 "$debug_file"
else
  "${tools}strip" --strip-unneeded "$library"
fi
"$python" tools/package_bill.py "$build" "$tree"
"$python" tools/package_check.py "$tree" "$glibc"
"$python" tools/package_check.py --bill "$tree/share/doc/patron/patron.spdx.json"

rm -f "$out"/patron-*-linux-"$arch"*.tar.gz "$out"/patron-*_"$arch".whl
"$python" tools/package_archive.py "$tree" "$out/$name.tar.gz"
[ "$debug" = no ] || "$python" tools/package_archive.py "$debug_tree" "$out/$name-debug.tar.gz"

# The wheel, with the very same library. auditwheel refuses it where the tag would not be true.
tag=manylinux_${glibc//./_}_$arch
wanted=$tag
[ "$arch" = "$(uname -m)" ] || wanted=auto # it takes only tags of this machine's processor by name
rm -rf "$build/wheel"
PATRON_PREBUILT_DIR=$tree/lib PATRON_WHEEL_PLATFORM=linux_$arch "$python" -m pip wheel --quiet \
  --no-input --no-deps --no-build-isolation --no-cache-dir -w "$build/wheel" ./bindings/python </dev/null
PATH="$(dirname "$python"):$PATH" "$python" -m auditwheel repair --plat "$wanted" --only-plat \
  -w "$out" "$build"/wheel/*.whl >"$build/auditwheel.log" 2>&1 || { cat "$build/auditwheel.log"; exit 1; }
[ -f "$out/patron-$version-py3-none-$tag.whl" ] ||
  { ls "$out" && echo "auditwheel found another tag than $tag" >&2 && exit 1; }
"$python" -m auditwheel show "$out"/patron-*_"$arch".whl

cd "$out"
sha256sum patron-*"$arch"* | tee "SHA256SUMS-$arch"
ls -l patron-*"$arch"*
