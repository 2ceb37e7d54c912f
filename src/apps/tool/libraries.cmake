find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
target_link_libraries(${target} PUBLIC CLI11::CLI11 nlohmann_json::nlohmann_json)
# One unit knows the version: those that share the precompiled header are compiled with the same flags.
set_source_files_properties(${folder}/command_line.cpp PROPERTIES
  COMPILE_DEFINITIONS SIGNET_VERSION="${PROJECT_VERSION}")
set(precompiled tool)
