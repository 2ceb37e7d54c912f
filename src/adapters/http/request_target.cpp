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

std::optional<std::string_view> authority_of(std::string_view target) {
  const auto scheme = scheme_octets(target);
  if (scheme == 0) return std::nullopt;
  target.remove_prefix(scheme);
  return target.substr(0, target.find_first_of("/?"));
}

RequestTarget read_request_target(std::string_view target) {
  if (const auto authority = authority_of(target)) {
    target.remove_prefix(scheme_octets(target) + authority->size());
    if (!target.starts_with('/')) {
      return {"/", std::string(target.empty() ? target : target.substr(1))};
    }
  }
  const auto question = target.find('?');
  if (question == std::string_view::npos) return {std::string(target), ""};
  return {std::string(target.substr(0, question)), std::string(target.substr(question + 1))};
}

}  // namespace signet::http
