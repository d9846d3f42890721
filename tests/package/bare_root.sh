#!/usr/bin/env bash
# The wheel works where nothing is installed but Debian's python3: no compiler, no Abseil, no libstdc++.
#
#   tests/package/bare_root.sh WHEEL       as root, with debootstrap
#
# Makes a Debian 12 below a temporary folder (PATRON_BARE_ROOT names one that is kept for the next time),
# takes libstdc++ away, installs the wheel with pip, and runs README's Python.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
wheel=$(readlink -e "${1:?the wheel}")
[ "$(id -u)" = 0 ] || { echo "skipped: debootstrap and chroot need root"; exit 0; }
kept=${PATRON_BARE_ROOT:-}
bare=${kept:-$(mktemp -d)}
trap '[ -n "$kept" ] || rm -rf --one-file-system "$bare"' EXIT

if [ ! -e "$bare/made" ]; then
  debootstrap --variant=minbase --include=python3,python3-venv bookworm "$bare" >"$bare.log" 2>&1 ||
    { tail -5 "$bare.log"; exit 1; }
  # apt needs it, this test must not.
  find "$bare/usr/lib" -name 'libstdc++.so*' -delete
  touch "$bare/made"
fi
inside() { env -i -C / PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME=/nonexistent LC_ALL=C chroot "$bare" "$@"; }

for absent in gcc g++ cc c++ clang ld; do
  if inside sh -c "command -v $absent" >/dev/null; then echo "there is a $absent" && exit 1; fi
done
if find "$bare" -xdev \( -name "libstdc++.so.[0-9]" -o -name "libstdc++.a" -o -name "libabsl*" -o -name "libpatron*" \) \
  ! -path '*/srv/*' | grep .; then
  echo "that must not be there" && exit 1
fi

rm -rf "$bare/srv/patron"
mkdir -p "$bare/srv/patron"
cp "$wheel" "$bare/srv/patron"
cp "$root/examples/python/quickstart.py" "$bare/srv/patron"
inside python3 -m venv /srv/patron/venv
inside /srv/patron/venv/bin/pip install --quiet --no-index --no-deps --no-cache-dir \
  "/srv/patron/$(basename "$wheel")"
inside /srv/patron/venv/bin/python /srv/patron/quickstart.py | tee "$bare/srv/patron/said"
grep -q "A, B and C:" "$bare/srv/patron/said"
inside /srv/patron/venv/bin/python -c \
  'import patron; print("patron", patron.__version__, "with time zones", patron.zone_data_version)'
rm -rf "$bare/srv/patron"
echo "the wheel works in a bare Debian"
