find_package(tomlplusplus REQUIRED)
find_package(spdlog REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(nlohmann_json REQUIRED)
target_link_libraries(${target} PUBLIC tomlplusplus::tomlplusplus spdlog::spdlog
  prometheus-cpp::core nlohmann_json::nlohmann_json)
target_compile_definitions(${target} INTERFACE SIGNET_VERSION="${PROJECT_VERSION}")
set(precompiled server)
