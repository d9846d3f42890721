#!/bin/sh
# Compares the C interface of a built libpatron.so with the stored baseline, or renews the baseline.
#
#   tools/abi.sh check LIBRARY     exit 0: compatible; functions may have been added
#   tools/abi.sh renew LIBRARY     writes capi/abi/patron-<major>.abi
#
# In 0.x the interface may grow. Anything that changes or goes needs a line in CHANGELOG.md and a new
# SONAME, and then `./run abi-baseline`.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
mode=${1:?check or renew}
library=${2:?path of libpatron.so}
major=$(cut -d. -f1 "$root/VERSION")
baseline=$root/capi/abi/patron-$major.abi

dump() {
  abidw --headers-dir "$root/capi/include" --drop-private-types --no-show-locs \
    --no-comp-dir-path --no-corpus-path --exported-interfaces-only --out-file "$1" "$library"
}

case $mode in
  renew)
    mkdir -p "$root/capi/abi"
    dump "$baseline"
    echo "wrote capi/abi/patron-$major.abi"
    ;;
  check)
    [ -f "$baseline" ] || { echo "no baseline: run ./run abi-baseline"; exit 1; }
    # Both sides are descriptions of the same kind: of a library abidiff would drop every type.
    present=$(mktemp)
    trap 'rm -f "$present"' EXIT
    dump "$present"
    # A struct that starts with struct_size may grow at its end; a function may be added.
    abidiff --no-added-syms --suppressions "$root/capi/abi/growth.abignore" "$baseline" "$present"
    python3 "$root/tools/abi_members.py" "$baseline" "$present"
    echo "abi: compatible with capi/abi/patron-$major.abi"
    ;;
  *) echo "unknown mode: $mode"; exit 2 ;;
esac
