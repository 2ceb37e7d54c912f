find_package(CURL REQUIRED)
find_package(Boost 1.81 REQUIRED)
target_link_libraries(${target} PUBLIC OpenSSL::SSL OpenSSL::Crypto CURL::libcurl Boost::headers
  Threads::Threads)
set(units apart)  # Beast is so large that one unit of all would keep the other core waiting
