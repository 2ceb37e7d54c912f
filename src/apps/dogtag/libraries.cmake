# The names under which the program is called.
foreach(name PKCS10Client CRMFPopClient CMCRequest HttpClient CMCResponse CMCRevoke CMCSharedToken
    CMCEnroll)
  file(MAKE_DIRECTORY ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})
  file(CREATE_LINK dogtag ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/${name} SYMBOLIC)
endforeach()
