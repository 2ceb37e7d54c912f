find_package(tomlplusplus REQUIRED)
target_link_libraries(${target} PUBLIC tomlplusplus::tomlplusplus)
