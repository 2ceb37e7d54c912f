#include "apps/signetd/crl_routes.h"

#include <algorithm>
#include <charconv>

#include "apps/signetd/conditional_get.h"
#include "apps/signetd/text_answer.h"

namespace signet::server {
namespace {

/// As soon as a new CRL may be there that was made because of a revocation.
constexpr std::chrono::seconds kLongestFresh{60};

/// /ca/crl[/SHARD] and /ca/crl/delta[/SHARD]
std::optional<store::CrlQuery> crl_asked_for(std::string_view path) {
  constexpr std::string_view kFull = "/ca/crl";
  constexpr std::string_view kDelta = "/delta";
  if (!path.starts_with(kFull)) return std::nullopt;
  path.remove_prefix(kFull.size());
  store::CrlQuery query;
  if (path == kDelta || path.starts_with(std::string(kDelta) + "/")) {
    query.kind = store::CrlKind::delta;
    path.remove_prefix(kDelta.size());
  }
  if (path.empty()) return query;
  const auto digits = path.substr(1);
  const auto* end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, query.shard);
  const bool is_number = path.front() == '/' && read.ec == std::errc() && read.ptr == end &&
                         digits == std::to_string(query.shard);
  return is_number ? std::optional(query) : std::nullopt;
}

/// A store that lost its last commits gives a number a second time.
std::string entity_tag_of(const store::CrlRecord& crl) {
  const auto seconds = crl.this_update.time_since_epoch().count();
  return "\"" + std::to_string(crl.number) + "-" + std::to_string(seconds) + "\"";
}

/// Without its octets.
http::Response crl_without_octets(const store::CrlRecord& crl, Time now) {
  const auto fresh = std::clamp(crl.next_update - now, std::chrono::seconds{0}, kLongestFresh);
  http::Response response{200, "application/pkix-crl", {}, {}};
  response.headers = {
      {"Date", http_date(now)},
      {"ETag", entity_tag_of(crl)},
      {"Last-Modified", http_date(crl.this_update)},
      {"Expires", http_date(crl.next_update)},
      {"Cache-Control", "max-age=" + std::to_string(fresh.count()) + ", must-revalidate"}};
  return response;
}

http::Response no_crl(const store::CrlQuery& query) {
  if (query.kind == store::CrlKind::delta || query.shard != 0) {
    return text(404, "There is no such CRL.");
  }
  auto response = text(503, "No CRL was published yet.");
  come_again(response);
  return response;
}

/// That there is none, nobody may take from a store that does not answer.
http::Response unknown_crl() {
  auto response = text(503, "The store does not answer: ask again in a moment.");
  come_again(response);
  return response;
}

/// A CRL may be large: who has it already costs no look at its octets.
http::Response latest_crl(CrlShelf& crls, const http::Request& request,
                          const store::CrlQuery& query, Time now) {
  const auto head = crls.head(query);
  if (!head.ok()) return unknown_crl();
  if (!*head) return no_crl(query);
  auto known = unless_known(request, crl_without_octets(**head, now));
  if (known.status != 200) return known;
  auto crl = crls.whole(**head);
  if (!crl.ok()) return unknown_crl();
  if (!*crl) return no_crl(query);
  auto response = crl_without_octets((*crl)->head, now);
  response.shared_body = std::move((*crl)->der);
  return response;
}

}  // namespace

bool is_crl_path(std::string_view path) {
  return crl_asked_for(path).has_value();
}

http::Response answer_crl(CrlShelf& crls, const http::Request& request, Time now) {
  if (request.method != "GET") return only_shown();
  const auto query = crl_asked_for(request.path);
  return query ? latest_crl(crls, request, *query, now) : text(404, "There is no such CRL.");
}

}  // namespace signet::server
