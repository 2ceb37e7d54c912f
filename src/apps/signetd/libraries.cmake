find_package(spdlog REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(nlohmann_json REQUIRED)
target_link_libraries(${target} PUBLIC spdlog::spdlog
  prometheus-cpp::core nlohmann_json::nlohmann_json)
target_compile_definitions(${target} INTERFACE SIGNET_VERSION="${PROJECT_VERSION}")
set(precompiled server)
# Requests are many small values, made on one thread and given back on another: this allocator serves
# that with a third of the work (docs/performance.md). A sanitizer brings its own.
find_library(TCMALLOC tcmalloc_minimal REQUIRED)
if(NOT SIGNET_SANITIZE AND NOT SIGNET_FUZZ)
  set(program_libraries ${TCMALLOC})
endif()
