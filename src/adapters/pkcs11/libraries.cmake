find_package(PkgConfig REQUIRED)
pkg_check_modules(P11KIT REQUIRED IMPORTED_TARGET p11-kit-1)
target_link_libraries(${target} PUBLIC PkgConfig::P11KIT ${CMAKE_DL_LIBS})
