# Comforts of a build of patron alone; a project that adds patron as a subdirectory gets none of them.
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release, RelWithDebInfo, Debug or MinSizeRel" FORCE)
endif()

find_program(PATRON_CCACHE ccache)
mark_as_advanced(PATRON_CCACHE)
if(PATRON_CCACHE)
  foreach(language C CXX)
    if(NOT DEFINED CMAKE_${language}_COMPILER_LAUNCHER)
      set(CMAKE_${language}_COMPILER_LAUNCHER ${PATRON_CCACHE})
    endif()
  endforeach()
endif()

if(PATRON_DEVELOPER)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
endif()
