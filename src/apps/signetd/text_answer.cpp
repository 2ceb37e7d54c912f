#include "apps/signetd/text_answer.h"

#include <utility>

namespace signet::server {

http::Response text(int status, std::string words) {
  return {status, "text/plain; charset=utf-8", to_bytes(words + "\n"), {}};
}

http::Response not_by_this_method(const char* allowed, std::string words) {
  auto response = text(405, std::move(words));
  response.headers.emplace_back("Allow", allowed);
  return response;
}

http::Response only_shown() {
  return not_by_this_method("GET, HEAD", "Only GET and HEAD are served here.");
}

void come_again(http::Response& response) {
  constexpr const char* kRetrySeconds = "5";
  response.headers.emplace_back("Retry-After", kRetrySeconds);
}

}  // namespace signet::server
