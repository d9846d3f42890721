# Headers that nearly every file of a target reads are read once (`target_precompile_headers`). The compiler cache works
# with them by way of two flags: its own looseness about macros that they define, and -fpch-preprocess of g++.
function(patron_precompiles target)
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
  if(PATRON_CCACHE)
    set_target_properties(${target} PROPERTIES CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND};-E;env;CCACHE_SLOPPINESS=pch_defines,time_macros;${PATRON_CCACHE}")
  endif()
endfunction()
set(PATRON_STANDARD_HEADERS <algorithm> <array> <bit> <cmath> <cstdint> <cstring> <functional> <limits> <map> <memory>
  <optional> <set> <span> <string> <string_view> <utility> <vector>)

# Files that lie side by side are compiled as one: most of a file's time goes into the headers of its folder. What a file
# keeps to itself (an unnamed namespace) therefore has a name of its own in its folder.
function(patron_compiles_in_batches target)
  if(PATRON_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 12)
    # g++ takes every file for a header then, and warns of what only a header must not do.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
endfunction()

# What every patron target is compiled with. Nothing global: a parent project keeps its own flags.
add_library(patron_flags INTERFACE)
target_compile_features(patron_flags INTERFACE cxx_std_20)
target_compile_options(patron_flags INTERFACE
  # Packs of doubles (lib/models/ltv/math/lanes.h) are always inlined, so how they would be passed is
  # of no interest.
  -Wno-psabi
  # The same arithmetic on every processor: a*b+c is never fused.
  -ffp-contract=off
  # The same bytes from every folder: no source path reaches the objects.
  "-ffile-prefix-map=${PROJECT_SOURCE_DIR}=."
  "$<$<BOOL:${PATRON_WARNINGS}>:-Wall;-Wextra;-Wpedantic;-Wshadow;-Werror>"
  # g++ 12 collects its garbage from 128 MB on, which takes a tenth of its time here.
  "$<$<AND:$<OR:$<BOOL:${PATRON_DEVELOPER}>,$<BOOL:${PATRON_WARNINGS}>>,$<CXX_COMPILER_ID:GNU>>:--param=ggc-min-heapsize=500000>"
  # g++ 12 sees overlapping copies in every "a" + std::string (GCC bug 105651).
  "$<$<AND:$<BOOL:${PATRON_WARNINGS}>,$<CXX_COMPILER_ID:GNU>>:-Wno-restrict>")
