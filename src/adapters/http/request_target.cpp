#include "adapters/http/request_target.h"

#include <algorithm>

#include "base/encoding.h"

namespace signet::http {
namespace {

/// Octets of "http://" or "https://" at the beginning; 0 when neither is there.
std::size_t scheme_octets(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (lower_case(target.substr(0, scheme.size())) == scheme) return scheme.size();
  }
  return 0;
}

}  // namespace

RequestTarget read_request_target(std::string_view target) {
  if (const auto scheme = scheme_octets(target); scheme > 0) {
    target.remove_prefix(scheme);
    target.remove_prefix(std::min(target.find_first_of("/?"), target.size()));
    if (!target.starts_with('/')) {
      return {"/", std::string(target.empty() ? target : target.substr(1))};
    }
  }
  const auto question = target.find('?');
  if (question == std::string_view::npos) return {std::string(target), ""};
  return {std::string(target.substr(0, question)), std::string(target.substr(question + 1))};
}

}  // namespace signet::http
