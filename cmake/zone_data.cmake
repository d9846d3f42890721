# The IANA time zones go into the library at build time, so that nothing is read at run time.
# The folder is found by cmake/dependencies.cmake.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
if(NOT EXISTS ${PATRON_ZONEINFO_DIR}/tzdata.zi)
  message(FATAL_ERROR "No tzdata.zi in ${PATRON_ZONEINFO_DIR}. Install the package tzdata, or set "
    "PATRON_ZONEINFO_DIR to a folder of compiled IANA time zones that has one.")
endif()
set(PATRON_ZONE_DATA ${CMAKE_CURRENT_BINARY_DIR}/zone_data.cc)
add_custom_command(
  OUTPUT ${PATRON_ZONE_DATA}
  COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/embed_zones.py
    ${PATRON_ZONEINFO_DIR} ${PATRON_ZONE_DATA}
  DEPENDS ${PROJECT_SOURCE_DIR}/tools/embed_zones.py ${PATRON_ZONEINFO_DIR}/tzdata.zi
  COMMENT "Putting the time zones into the library"
  VERBATIM)
target_sources(patron PRIVATE ${PATRON_ZONE_DATA})
