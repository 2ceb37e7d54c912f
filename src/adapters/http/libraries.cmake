find_package(CURL REQUIRED)
target_link_libraries(${target} PUBLIC OpenSSL::SSL OpenSSL::Crypto CURL::libcurl)
set(units apart)  # Beast is so large that one unit of all would keep the other core waiting
