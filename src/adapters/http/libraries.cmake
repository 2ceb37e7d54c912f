find_package(CURL REQUIRED)
find_package(Boost 1.81 REQUIRED)
target_link_libraries(${target} PUBLIC OpenSSL::SSL OpenSSL::Crypto CURL::libcurl Boost::headers
  Threads::Threads)
