# One test of ctest's for each suite of a program's, found when ctest starts: a process for each single
# test took longer to start, and to make its keys, than most tests take. What failed in a suite, its
# output says; one test alone: `PROGRAM --gtest_filter=SUITE.TEST`.

# tools/skipped counts in the output what was run and what was skipped: ctest keeps all of it.
file(WRITE ${CMAKE_BINARY_DIR}/CTestCustom.cmake "set(CTEST_CUSTOM_MAXIMUM_PASSED_TEST_OUTPUT_SIZE 4000000)\n")

# signet_add_suites(TARGET PREFIX): the suites of TARGET as tests named PREFIX and the suite.
function(signet_add_suites target prefix)
  set(file ${CMAKE_CURRENT_BINARY_DIR}/${target}_suites)
  file(GENERATE OUTPUT ${file}.cmake CONTENT
    "set(program [==[$<TARGET_FILE:${target}>]==])\nset(prefix [==[${prefix}]==])\ninclude([==[${CMAKE_CURRENT_SOURCE_DIR}/list_suites.cmake]==])\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${file}.cmake)
endfunction()
