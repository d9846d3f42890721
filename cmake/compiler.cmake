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

# patron_compiles_in_batches(TARGET [FIRST_LINE]): what lies side by side is compiled as one file, as most of a file's
# time goes into the headers of its folder. What a file keeps to itself (an unnamed namespace) therefore has a name of its
# own in its folder; a file with SKIP_UNITY_BUILD_INCLUSION stays alone. FIRST_LINE stands at the head of each batch. Not
# CMake's own unity build, whose files differ from build folder to build folder, so that a compiler cache never knows them.
set(PATRON_BATCH_FOLDER ${PROJECT_BINARY_DIR}/batches CACHE PATH
  "Where batches are written; builds that share the folder share a compiler cache")
mark_as_advanced(PATRON_BATCH_FOLDER)
function(patron_compiles_in_batches target)
  if(NOT PATRON_UNITY)
    return()
  endif()
  set(last "")
  set(length 0)
  set(batches "")
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    get_source_file_property(alone ${source} SKIP_UNITY_BUILD_INCLUSION)
    file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR} ${source})
    if(alone OR NOT path MATCHES "^([a-z]+/[a-z]+)/.*\\.cc$")
      continue()
    endif()
    set(module ${CMAKE_MATCH_1})
    set_source_files_properties(${source} PROPERTIES HEADER_FILE_ONLY ON)
    if(NOT module STREQUAL last)
      set(number 0)
    endif()
    if(NOT module STREQUAL last OR length EQUAL 12)
      math(EXPR number "${number} + 1")
      string(REPLACE / _ name ${target}_${module}_${number}.cc)
      list(APPEND batches ${name})
      set(${name} "${ARGN}")
      set(length 0)
    endif()
    set(last ${module})
    string(APPEND ${name} "#include \"${path}\"\n")
    math(EXPR length "${length} + 1")
  endforeach()
  foreach(name IN LISTS batches)
    file(CONFIGURE OUTPUT ${PATRON_BATCH_FOLDER}/${name} CONTENT "${${name}}")
    target_sources(${target} PRIVATE ${PATRON_BATCH_FOLDER}/${name})
  endforeach()
  # g++ takes what is included for a header, and warns of what only a header must not do.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
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
