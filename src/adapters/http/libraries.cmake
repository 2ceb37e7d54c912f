find_package(CURL REQUIRED)
find_package(Boost 1.81 REQUIRED)
target_link_libraries(${target} PUBLIC OpenSSL::SSL OpenSSL::Crypto CURL::libcurl Boost::headers
  Threads::Threads)
# What a peer sends must not end the server: some of Beast's asserts do not hold for last chunks that
# come in two pieces, which it reads well without them.
target_compile_definitions(${target} PUBLIC BOOST_DISABLE_ASSERTS)
set(units apart)  # Beast is so large that one unit of all would keep the other core waiting
