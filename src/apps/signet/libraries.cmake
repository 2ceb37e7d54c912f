find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tomlplusplus REQUIRED)  # its headers alone, in authority_store.cpp
target_link_libraries(${target} PUBLIC CLI11::CLI11 nlohmann_json::nlohmann_json)
target_compile_definitions(${target} PRIVATE SIGNET_VERSION="${PROJECT_VERSION}")
set(precompiled tool)
