find_package(Boost 1.81 REQUIRED)
target_link_libraries(${target} PUBLIC Boost::headers Threads::Threads)
# What a peer sends must not end the server: some of Beast's asserts do not hold for last chunks that
# come in two pieces, which it reads well without them. One word for all that include Boost.
target_compile_definitions(${target} PUBLIC BOOST_DISABLE_ASSERTS)
