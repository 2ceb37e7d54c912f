find_package(PkgConfig REQUIRED)
pkg_check_modules(LDAP REQUIRED IMPORTED_TARGET ldap)
target_link_libraries(${target} PUBLIC PkgConfig::LDAP)
