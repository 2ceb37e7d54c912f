#include "apps/signetd/ocsp_routes.h"

#include <array>

#include "apps/signetd/conditional_get.h"
#include "apps/signetd/media_type.h"
#include "apps/signetd/text_answer.h"
#include "base/encoding.h"
#include "crypto/digest.h"

namespace signet::server {
namespace {

constexpr std::array<std::string_view, 2> kOcspPaths = {"/ocsp", "/ca/ocsp"};

/// What follows `path` and its slash; none when it is another path. The path itself: "".
std::optional<std::string_view> below(std::string_view path, std::string_view requested) {
  if (requested == path) return std::string_view();
  if (!requested.starts_with(path)) return std::nullopt;
  const auto rest = requested.substr(path.size());
  if (!rest.starts_with('/')) return std::nullopt;
  return rest.substr(1);
}

std::optional<std::string_view> below_ocsp(std::string_view requested) {
  for (const auto path : kOcspPaths) {
    if (const auto rest = below(path, requested)) return rest;
  }
  return std::nullopt;
}

std::string entity_tag(ByteView octets) {
  constexpr std::size_t kTagOctets = 16;
  return "\"" + to_hex(ByteView(crypto::sha256(octets)).first(kTagOctets)) + "\"";
}

std::string cache_control(const authority::OcspFreshness& freshness, Time at) {
  return "max-age=" + std::to_string((freshness.fresh_until - at).count()) +
         ", public, no-transform, must-revalidate";
}

http::Response response_of(const RouteParts& parts, ByteView request) {
  auto answer = parts.ocsp(request);
  parts.metrics.ocsp_answered(answer);
  http::Response response{200, "application/ocsp-response", std::move(answer.octets), {}};
  response.headers.emplace_back("Date", http_date(answer.at));
  if (!answer.freshness) {
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
  }
  // RFC 5019 §6.2: thisUpdate, nextUpdate, and a max-age that ends between the two.
  response.headers.emplace_back("Last-Modified", http_date(answer.freshness->this_update));
  response.headers.emplace_back("Expires", http_date(answer.freshness->next_update));
  response.headers.emplace_back("ETag", entity_tag(response.body));
  response.headers.emplace_back("Cache-Control", cache_control(*answer.freshness, answer.at));
  return response;
}

http::Response posted(const RouteParts& parts, const http::Request& request) {
  const auto type = read_media_type(request.content_type);
  if (!type || type->name != "application/ocsp-request") {
    return text(415, "The Content-Type must be application/ocsp-request.");
  }
  return response_of(parts, request.body);
}

/// What is no base64 is no request either: malformedRequest, which OCSP clients understand.
http::Response fetched(const RouteParts& parts, const http::Request& request,
                       std::string_view base64) {
  const auto octets = from_base64(http::path_decoded(base64));
  return unless_known(request, response_of(parts, octets.ok() ? *octets : Bytes()));
}

}  // namespace

bool is_ocsp_path(std::string_view path) {
  return below_ocsp(path).has_value();
}

http::Response answer_ocsp(const RouteParts& parts, const http::Request& request) {
  if (!parts.ocsp) {
    return text(404, "This authority does not offer OCSP; its CRL is at /ca/crl.");
  }
  const auto rest = below_ocsp(request.path).value_or(std::string_view());
  if (rest.empty()) {
    if (request.method == "POST") return posted(parts, request);
    return not_by_this_method("POST",
                              "Send an OCSP request here with POST, or its base64 below with GET.");
  }
  if (request.method == "GET") return fetched(parts, request, rest);
  return not_by_this_method("GET, HEAD", "Only GET and HEAD are served below this path.");
}

}  // namespace signet::server
