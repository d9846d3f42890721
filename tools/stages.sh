# Sourced by ./run: runs stages against a time budget, counts what passed, and sums up.
#
# A stage is a function. It records its results with `check`, `run_ctest` or `run_pytest`; none of them
# stops the stage, so that one run shows everything that is wrong.

results=build/results

begin_stages() {
  rm -rf "$results"
  mkdir -p "$results"
  stage_rows=()
}

# record PASSED FAILED SKIPPED NAME
record() { printf '%s %s %s %s\n' "$1" "$2" "$3" "$4" >>"$results/counts"; }

# check NAME COMMAND...: one test that passes when the command does.
check() {
  local name=$1
  shift
  echo "== $name"
  if "$@" </dev/null; then
    record 1 0 0 "$name"
  else
    echo "FAILED: $name"
    record 0 1 0 "$name"
    return 1
  fi
}

# count_junit FILE NAME: adds the totals of a JUnit report.
count_junit() {
  local counts
  if counts=$(python3 tools/count_junit.py "$1"); then
    record $counts "$2" # shellcheck disable=SC2086
  else
    record 0 1 0 "$2 (no report)"
  fi
}

# build PRESET [TARGET...]: configures and builds; a failure is one failed test.
build() {
  local preset=$1
  shift
  echo "== build $preset"
  if ! { cmake --preset "$preset" >"$results/configure-$preset.log" 2>&1 </dev/null ||
    { cat "$results/configure-$preset.log"; false; }; } ||
    ! cmake --build --preset "$preset" ${1:+--target "$@"} </dev/null; then
    echo "FAILED: build $preset"
    record 0 1 0 "build $preset"
    return 1
  fi
}

# run_ctest PRESET [ARGUMENT...]
run_ctest() {
  local preset=$1 report
  shift
  report=$PWD/$results/ctest-$preset.xml
  echo "== ctest $preset $*"
  ctest --preset "$preset" -j "$(nproc)" --no-tests=ignore --output-junit "$report" "$@" </dev/null |
    grep -vE '^ +Start |   Passed  |^Test project' || true
  count_junit "$report" "ctest $preset"
}

# run_pytest ENVIRONMENT [ARGUMENT...]
run_pytest() {
  local environment=$1 report
  shift
  report=$PWD/$results/pytest-$environment.xml
  echo "== pytest in .venv/$environment $*"
  ".venv/$environment/bin/python" -m pytest -q -c bindings/python/pyproject.toml --rootdir . \
    --junitxml="$report" "$@" </dev/null || true
  count_junit "$report" "pytest $environment"
}

# stage TITLE BUDGET_SECONDS FUNCTION
stage() {
  local title=$1 budget=$2 function=$3 start=$SECONDS taken note=""
  echo
  echo "#### $title (budget $((budget / 60)) min)"
  "$function" || true
  taken=$((SECONDS - start))
  [ "$taken" -le "$budget" ] || note="over budget"
  stage_rows+=("$(printf '%-44s %3d:%02d  %3d:00  %s' "$title" $((taken / 60)) $((taken % 60)) \
    $((budget / 60)) "$note")")
  echo "#### $title took $((taken / 60)):$(printf %02d $((taken % 60)))"
}

# Prints the table and the totals; the last line is for machines. Fails where a test failed.
end_stages() {
  local passed failed skipped
  echo
  if [ ${#stage_rows[@]} -gt 0 ]; then
    printf '%-44s %6s  %6s\n' stage time budget
    printf '%s\n' "${stage_rows[@]}"
  fi
  touch "$results/counts"
  if grep -qE '^[0-9]+ [1-9]' "$results/counts"; then
    echo
    echo "failed:"
    awk '$2 > 0 { n = $2; $1 = $2 = $3 = ""; sub(/^ +/, ""); printf "  %s (%d)\n", $0, n }' \
      "$results/counts"
  fi
  read -r passed failed skipped <<<"$(awk '{ p += $1; f += $2; s += $3 }
    END { print p + 0, f + 0, s + 0 }' "$results/counts")"
  echo
  if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
  else
    echo "$passed passed, $failed failed"
  fi
  [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}
