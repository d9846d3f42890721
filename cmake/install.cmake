# What `cmake --install` puts below the prefix. Everything in it is relative, so the prefix can move:
#   include/patron/*.h            the C++ headers, and patron.h, the C header
#   lib/libpatron.so.0            patron::capi, the C interface
#   lib/libpatron_core.a          patron::patron, the C++ core
#   lib/cmake/patron/             find_package(patron)
#   lib/pkgconfig/patron.pc       pkg-config patron (the C interface)
#   share/doc/patron/             licence and notices
# `cmake --install BUILD --component NAME` takes a part: capi, cxx, and config, which both need.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/patron)

# The target is patron::patron and the archive libpatron_core.a, because `-static -lpatron` would
# otherwise find a library without the C functions.
set_target_properties(patron PROPERTIES OUTPUT_NAME patron_core)
install(TARGETS patron EXPORT patron_cxx
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT cxx)
install(DIRECTORY include/patron DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT cxx
  FILES_MATCHING PATTERN *.h)
install(EXPORT patron_cxx NAMESPACE patron::
  DESTINATION ${package_dir} FILE patron-cxx-targets.cmake COMPONENT cxx)

if(TARGET patron_capi)
  install(TARGETS patron_capi EXPORT patron_capi
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT capi NAMELINK_COMPONENT capi
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  install(FILES capi/include/patron/patron.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/patron
    COMPONENT capi)
  install(EXPORT patron_capi NAMESPACE patron::
    DESTINATION ${package_dir} FILE patron-capi-targets.cmake COMPONENT capi)

  # Relative to where patron.pc lies, so that pkg-config follows a prefix that was moved.
  file(RELATIVE_PATH PATRON_PC_PREFIX
    ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
  string(REGEX REPLACE "/$" "" PATRON_PC_PREFIX ${PATRON_PC_PREFIX})
  configure_file(cmake/patron.pc.in ${PROJECT_BINARY_DIR}/patron.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/patron.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
    COMPONENT capi)
endif()

configure_package_config_file(cmake/patronConfig.cmake.in ${PROJECT_BINARY_DIR}/patronConfig.cmake
  INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
# 0.x: a minor version may take something away, so only the same minor version is compatible.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/patronConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/patronConfig.cmake ${PROJECT_BINARY_DIR}/patronConfigVersion.cmake
  DESTINATION ${package_dir} COMPONENT config)
install(FILES LICENSE NOTICE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT config)
