# Sourced by ./run: what `./run test` and `./run test --quick` do, stage by stage.

# The wheel, the quick package and the consumers' subdirectory compile the core by the release preset's very
# command, warnings and all, so that the compiler cache has it.
export PATRON_CMAKE_FLAGS="-DPATRON_WARNINGS=ON -DPATRON_BATCH_FOLDER=$PWD/build/batches"

# What the cache lacks is compiled at once, not preprocessed first.
export CCACHE_DEPEND=1

# Nothing can follow a set-up that failed, so it ends the run.
stage_setup() {
  if ! ./run setup; then
    record 0 1 0 "set-up"
    end_stages
    exit 1
  fi
}

stage_release() {
  build release && run_ctest release
}

# Property cases are fewer under the sanitizers: PATRON_CASES in the test presets.
stage_asan() {
  build asan && run_ctest asan
}

stage_tsan() {
  build tsan && run_ctest tsan
}

stage_python() {
  check "python package builds and installs" install_package test || return 1
  run_pytest test tests/python
  check "mypy --strict" env -C bindings/python "$PWD/.venv/test/bin/python" -m mypy
  check "the wheel installs beside pandas 2" install_wheel pandas2 test &&
    run_pytest pandas2 tests/python
  check "the wheel installs beside nothing" install_wheel bare test &&
    run_pytest bare tests/python
}

stage_interfaces() {
  check "generated files are in step with the C API description" python3 capi/generate.py --check
  check "headers compile alone" python3 tools/check_headers.py
  check "libpatron.so exports exactly the list" \
    python3 tools/check_exports.py build/release/capi/libpatron.so
  check "no banned symbols in our objects" python3 tools/check_banned_symbols.py build/release
  check "the ABI is compatible with the baseline" tools/abi.sh check build/release/capi/libpatron.so
  check "released headers are kept" python3 tools/abi_headers.py check build/release/capi/libpatron.so
  check "consumers of the installed package" tests/install/run.sh build/release
}

# The short form: no debug information.
stage_package() {
  check "the package is made and sound" tools/package.sh --no-debug build/package-test || return 1
  check "made again, the same bytes" tests/package/repeat.sh --quick build/package-test
  check "consumers of the archive" tests/install/run.sh build/package-test/patron-*-linux-"$(uname -m)".tar.gz
  check "a build from a folder of dependencies" tests/package/from_folder.sh
}

stage_style() {
  check "the checks themselves can fail" python3 -m unittest discover -q -s tests/layout -p '*_test.py'
  check "includes go only downwards" python3 tools/check_layers.py
  check "hygiene" python3 tools/check_hygiene.py
  check "each mutant that is said to survive is there" python3 tools/mutation.py --check
  check "clang-format" python3 tools/style.py format --all
  check "clang-tidy of changed files" python3 tools/style.py tidy --changed --seconds 120
}

test_all() {
  begin_stages
  stage "set-up" 240 stage_setup
  stage "release build and tests" 480 stage_release
  stage "address + undefined build and tests" 720 stage_asan
  stage "thread sanitizer, tests labelled threads" 240 stage_tsan
  stage "Python" 240 stage_python
  stage "ABI, headers and consumers" 180 stage_interfaces
  stage "package" 180 stage_package
  stage "layout, format and tidy of changed files" 180 stage_style
  end_stages
}

# changed_matches REGEX: whether a changed file has such a path; yes where git cannot tell.
changed_matches() {
  local names
  names=$(python3 tools/style.py changed) || return 0
  grep -qE "$1" <<<"$names"
}

# What the changed files need, in under 3 minutes on a tree that has been built.
stage_quick() {
  if changed_matches '^(lib|include|capi|tests|cmake|examples)/|CMake'; then
    build release && PATRON_CASES=0.2 run_ctest release
  fi
  if changed_matches '^(capi|include)/'; then
    check "generated files are in step with the C API description" python3 capi/generate.py --check
    check "headers compile alone" python3 tools/check_headers.py
    check "libpatron.so exports exactly the list" \
      python3 tools/check_exports.py build/release/capi/libpatron.so
  fi
  if changed_matches '^(bindings|capi|tests/python)/'; then
    check "python package builds and installs" install_package test &&
      run_pytest test tests/python
  fi
  if changed_matches '^(tools/package|tests/(package|layout)|bindings/python/requirements/package)'; then
    check "the checks themselves can fail" \
      python3 -m unittest discover -q -s tests/layout -p '*_test.py'
    check "the package is made and sound" tools/package.sh --no-debug build/package-test
  fi
  check "includes go only downwards" python3 tools/check_layers.py
  check "hygiene" python3 tools/check_hygiene.py
  check "clang-format of changed files" python3 tools/style.py format --changed
}

test_quick() {
  begin_stages
  stage "set-up" 240 stage_setup
  stage "what changed" 180 stage_quick
  end_stages
}
