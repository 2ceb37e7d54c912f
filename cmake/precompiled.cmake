# Precompiled headers: a build on two cores spends most of its time reading headers.

option(SIGNET_PCH "Precompile the headers that every unit reads" ON)

# signet_precompile(TARGET HEADER): TARGET owns the precompiled cmake/precompiled/HEADER.h.
function(signet_precompile target header)
  if(SIGNET_PCH)
    target_precompile_headers(${target} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/precompiled/${header}.h)
  endif()
endfunction()

# signet_share_precompiled(TARGET OWNER): TARGET reads what OWNER precompiled, with the same flags.
function(signet_share_precompiled target owner)
  if(SIGNET_PCH)
    target_precompile_headers(${target} REUSE_FROM ${owner})
  endif()
endfunction()
