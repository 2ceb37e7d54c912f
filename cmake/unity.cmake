# Units compiled together: reading headers and writing the same templates out again takes most of a
# unit's time, so that ten in one take less than half of ten (policy, client and authority with tests:
# 77 s of processor time, 184 each alone). Therefore a name in an unnamed namespace is used once in a
# room. The Clang build of ./check compiles each file alone (SIGNET_UNITY=OFF).

option(SIGNET_UNITY "Compile units of a room together" ON)
set(SIGNET_UNITY_UNITS 10 CACHE STRING "Units compiled together; 0: all of a room, which shows every name used twice")

function(signet_compile_together target)
  if(SIGNET_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${SIGNET_UNITY_UNITS})
  endif()
endfunction()
