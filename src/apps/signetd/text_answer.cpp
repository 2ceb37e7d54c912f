#include "apps/signetd/text_answer.h"

namespace signet::server {

http::Response text(int status, std::string words) {
  return {status, "text/plain; charset=utf-8", to_bytes(words + "\n"), {}};
}

http::Response only_shown() {
  auto response = text(405, "Only GET and HEAD are served here.");
  response.headers.emplace_back("Allow", "GET, HEAD");
  return response;
}

void come_again(http::Response& response) {
  constexpr const char* kRetrySeconds = "5";
  response.headers.emplace_back("Retry-After", kRetrySeconds);
}

}  // namespace signet::server
