# Sourced by ./run: the long versions of the tests. PATRON_SOAK_MINUTES bounds each fuzzer (default 5;
# 0.2 is enough to see that everything starts).

soak_minutes=${PATRON_SOAK_MINUTES:-5}

soak_properties() {
  build release && PATRON_CASES=100 run_ctest release
}

# run_whole PRESET [ARGUMENT...]: ctest without the test preset, which sets a PATRON_CASES of its own.
run_whole() {
  local preset=$1 report=$PWD/$results/ctest-$1-whole.xml
  shift
  echo "== ctest in build/$preset, PATRON_CASES=${PATRON_CASES:-1} $*"
  ctest --test-dir "build/$preset" -j "$(nproc)" --output-on-failure --output-junit "$report" "$@" \
    </dev/null | grep -vE '^ +Start |   Passed  |^Internal ctest' || true
  count_junit "$report" "ctest $preset, long"
}

soak_sanitizers() {
  build asan-whole && PATRON_CASES=5 UBSAN_OPTIONS=print_stacktrace=1 run_whole asan-whole
  build tsan && PATRON_CASES=1 TSAN_OPTIONS=halt_on_error=1 run_whole tsan -L threads
}

soak_tidy() {
  check "clang-tidy of everything" python3 tools/style.py tidy --all
}

# Predictions of lifetime value for rows that nobody has seen, against mpmath.
soak_reference() {
  local model seed=$RANDOM folder=$PWD/build/soak/reference
  setup_venv reference bindings/python/requirements/reference.txt
  build release ltv_tests || return 1
  mkdir -p "$folder"
  for model in nbd bg_nbd mbg_nbd pareto_nbd gamma_gamma; do
    check "200 rows of $model, seed $seed" sh -c '.venv/reference/bin/python \
      tests/models/ltv/reference/predictions.py "$1" 200 "$2" >"$3"' - "$model" "$seed" "$folder/$model.txt"
  done
  for model in bg_bb contract; do
    check "200 rows of $model, seed $seed" sh -c '.venv/reference/bin/python \
      tests/models/ltv/reference/predict_discrete.py "$1" "$2" 200 >"$3"' - "$model" "$seed" "$folder/predict_$model.txt"
  done
  check "predictions agree with fresh rows" env PATRON_LTV_REFERENCE="$folder" build/release/tests/ltv_tests \
    --gtest_filter='*HighPrecisionOverTwelveDecades:BgBbPredict.*Mpmath*:ContractPredict.*Mpmath*'
}

# Random policies, histories and clocks against the oracle, one run a core, each from a place of its own.
soak_laws() {
  local core pids=() log
  build release engine_laws_tests || return 1
  mkdir -p build/soak
  for core in $(seq "$(nproc)"); do
    log=build/soak/laws-$core.log
    PATRON_SEED=$((RANDOM * 1000000000 + core * 100000000)) \
      PATRON_LAW_SECONDS="$(awk "BEGIN { print int($soak_minutes * 60) }")" \
      nice -n 15 build/release/tests/engine_laws_tests --gtest_filter='*RandomPolicies*/0' >"$log" 2>&1 &
    pids+=("$!:$log")
  done
  for core in "${pids[@]}"; do
    check "the engine is what the oracle says, for $soak_minutes minutes" wait "${core%%:*}" ||
      tail -n 60 "${core#*:}"
    grep -h "cases from" "${core#*:}"
  done
}

# Other locales must change nothing. The compiled locales live in the build tree.
soak_locales() {
  local locale
  mkdir -p build/locales
  for locale in de_DE tr_TR; do
    [ -d "build/locales/$locale.UTF-8" ] ||
      check "locale $locale" localedef -i "$locale" -f UTF-8 "build/locales/$locale.UTF-8" || continue
    LOCPATH=$PWD/build/locales LC_ALL=$locale.UTF-8 run_ctest release
  done
}

soak_coverage() {
  build coverage || return 1
  find build/coverage -name '*.gcda' -delete
  run_ctest coverage
  check "every line of capi, 95 % of lib run" python3 tools/coverage.py build/coverage
}

# A sample of the mutants of lib/models/rfm, lib/models/orders and lib/base/money; tools/mutation.py alone tries them all.
soak_mutation() {
  check "the tests notice 85 % of flipped operators and constants" nice -n 15 python3 tools/mutation.py \
    --seconds "$(awk "BEGIN { print 240 * $soak_minutes }")"
}

# One fuzzer; what it printed is kept for tools/fuzz_table.py, its last lines are shown.
run_fuzzer() {
  local name=$1 log=build/soak/$1.log failed=0
  mkdir -p "build/corpus/$name" build/soak
  # From the project's own corpus and what earlier runs found; new finds go to build/corpus.
  "build/fuzz/tests/fuzz/$name" -max_total_time="$(awk "BEGIN { print int($soak_minutes * 60) }")" \
    -timeout=60 -rss_limit_mb=2048 -len_control=20 -print_final_stats=1 \
    -artifact_prefix="build/soak/$name-" "build/corpus/$name" "tests/fuzz/corpus/$name" \
    >"$log" 2>&1 || failed=1
  [ "$failed" = 0 ] || tail -n 40 "$log"
  grep -E '^(Done|stat::)|Test unit written' "$log"
  return "$failed"
}

# What a fuzzer finds belongs into tests/fuzz/corpus, with the mend.
soak_fuzz() {
  local path names=() name
  for path in tests/fuzz/*_fuzz.cc; do names+=("$(basename "$path" .cc)"); done
  build fuzz "${names[@]}" || return 1
  for name in "${names[@]}"; do
    check "$name for $soak_minutes minutes" run_fuzzer "$name" || true
  done
  echo "To keep these figures in tests/fuzz/table.md: python3 tools/fuzz_table.py --record build/soak"
}

# Everything that is shipped, twice, in two folders, without a compiler cache; then used on a machine that
# has nothing.
soak_package() {
  check "the package is made and sound" tools/package.sh || return 1
  check "two builds in two folders have the same bytes" tests/package/repeat.sh out/package
  check "consumers of the archive" tests/install/run.sh out/package/patron-*-linux-"$(uname -m)".tar.gz
  check "the wheel works in a bare Debian" tests/package/bare_root.sh out/package/patron-*_"$(uname -m)".whl
}

# Linux on aarch64: cross-built, its tests run under qemu-user.
soak_aarch64() {
  check "dependencies for aarch64" tools/aarch64.sh || return 1
  build aarch64 && run_ctest aarch64
  check "the package for aarch64 is made and sound" tools/package.sh --preset package-aarch64
}

soak_setup() {
  stage_setup && setup_packages cross soak
}

# soak_stage NAME TITLE BUDGET_SECONDS: one of the functions above, where it is asked for, or nothing is.
soak_stage() {
  case " $soak_asked " in
    "  " | *" $1 "*) stage "$2" "$3" "soak_$1" ;;
  esac
}

soak_names="properties laws reference sanitizers tidy locales coverage mutation package aarch64 fuzz"

# soak_all [NAME...]: all stages, or those of these names.
soak_all() {
  local name
  soak_asked=$*
  for name in "$@"; do
    case " $soak_names " in
      *" $name "*) ;;
      *) echo "./run soak has no stage $name, but: $soak_names" >&2 && exit 2 ;;
    esac
  done
  begin_stages
  stage "set-up" 480 soak_setup
  soak_stage properties "property cases x 100" 3600
  soak_stage laws "laws of the engine" 7200
  soak_stage reference "high precision" 2400
  soak_stage sanitizers "sanitizers" 3600
  soak_stage tidy "clang-tidy of everything" 1200
  soak_stage locales "tests under other locales" 600
  soak_stage coverage "coverage" 1200
  soak_stage mutation "mutation" 2400
  soak_stage package "package" 1200
  soak_stage aarch64 "aarch64 under qemu-user" 3600
  soak_stage fuzz "fuzzers" 3600
  end_stages
}
