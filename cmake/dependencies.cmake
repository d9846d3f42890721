# What patron is built from and does not bring: RapidJSON's headers and the compiled IANA time zones.
#
#   PATRON_DEPS=system   as the system has them (Debian: rapidjson-dev, tzdata)
#   PATRON_DEPS=source   only from the folder PATRON_DEPS_DIR, which a vendor keeps beside her own sources:
#                          rapidjson/include/rapidjson/reader.h   or rapidjson/reader.h
#                          zoneinfo/tzdata.zi                     and the compiled zones beside it
# Nothing is downloaded in either case.
set(PATRON_DEPS system CACHE STRING "system, or source: only from the folder PATRON_DEPS_DIR")
set_property(CACHE PATRON_DEPS PROPERTY STRINGS system source)
set(PATRON_DEPS_DIR "" CACHE PATH "With PATRON_DEPS=source: the folder of rapidjson/ and zoneinfo/")

if(PATRON_DEPS STREQUAL "source")
  get_filename_component(PATRON_DEPS_ROOT "${PATRON_DEPS_DIR}" ABSOLUTE BASE_DIR ${CMAKE_BINARY_DIR})
  if(NOT PATRON_DEPS_DIR OR NOT IS_DIRECTORY ${PATRON_DEPS_ROOT})
    message(FATAL_ERROR "PATRON_DEPS=source: PATRON_DEPS_DIR is '${PATRON_DEPS_DIR}', which is no "
      "folder. Set it to the folder that holds rapidjson/ and zoneinfo/.")
  endif()
  find_path(PATRON_RAPIDJSON_INCLUDE_DIR rapidjson/reader.h
    PATHS ${PATRON_DEPS_ROOT}/rapidjson/include ${PATRON_DEPS_ROOT}
    NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
  if(NOT PATRON_RAPIDJSON_INCLUDE_DIR)
    message(FATAL_ERROR "PATRON_DEPS=source: no rapidjson/include/rapidjson/reader.h in "
      "${PATRON_DEPS_ROOT}. Unpack RapidJSON's sources there as rapidjson/.")
  endif()
  set(PATRON_ZONEINFO_DIR ${PATRON_DEPS_ROOT}/zoneinfo CACHE PATH
    "Compiled IANA time zones, with tzdata.zi, to put into patron")
elseif(PATRON_DEPS STREQUAL "system")
  find_path(PATRON_RAPIDJSON_INCLUDE_DIR rapidjson/reader.h REQUIRED
    DOC "The folder that holds rapidjson/reader.h (Debian: rapidjson-dev)")
  set(PATRON_ZONEINFO_DIR /usr/share/zoneinfo CACHE PATH
    "Compiled IANA time zones, with tzdata.zi, to put into patron")
else()
  message(FATAL_ERROR "PATRON_DEPS is '${PATRON_DEPS}'; it is system or source")
endif()
mark_as_advanced(PATRON_RAPIDJSON_INCLUDE_DIR)
