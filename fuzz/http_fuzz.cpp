// From an HTTP request to its answer, with a stand-in for the authority: paths, queries, content
// types, conditions, OCSP's base64, the agents' JSON. Beast has read the octets by then.
//
//   first octet: bit 0 plain HTTP, bit 1 an agent's TLS certificate, bit 2 Alice's
//   then the request as it stands on the wire, roughly: METHOD TARGET, header lines, empty line,
//   body
//
// Whatever comes is answered once, with a status that there is; no header of an answer breaks its
// line; agents alone get to /agent.
#include <cstdlib>
#include <set>

#include "apps/signetd/agent_routes.h"
#include "apps/signetd/routes.h"
#include "support/test_authority.h"

namespace {

using namespace signet;
using test::TestAuthority;

struct World {
  TestAuthority authority;
  server::Metrics metrics;
  server::CrlShelf crls{
      [](const store::CrlQuery& query) -> Result<std::optional<store::CrlRecord>> {
        if (query.shard > 4) return Error{Fault::storage_failed, "away"};
        if (query.shard > 3) return std::optional<store::CrlRecord>();
        store::CrlRecord crl;
        crl.number = 7;
        crl.der = {0x30, 0x00};
        return std::optional(crl);
      }};
  server::RouteParts parts{
      .respond =
          [](authority::Inquiry inquiry, const authority::Service::Deliver& deliver) {
            authority::Answer answer;
            answer.octets = std::move(inquiry.octets);
            deliver(std::move(answer));
          },
      .certificate_chain =
          [] {
            return Bytes{0x30, 0x00};
          },
      .certificate_pem = [] { return std::string("-----BEGIN CERTIFICATE-----\n"); },
      .encryption_pem = [] { return std::string(); },
      .crls = crls,
      .ocsp = {},
      .agents =
          [this](const http::Request& request, const http::Server::Reply& reply) {
            reply(server::answer_agent(authority.desk(), request));
          },
      .health = [](const std::function<void(const server::Condition&)>& tell) { tell({}); },
      .readings = [] { return server::Metrics::Readings{}; },
      .metrics = metrics,
      .header_lines = 4,
  };
};

World& world() {
  static World made;
  return made;
}

std::string_view take_until(std::string_view& text, std::string_view mark) {
  const auto end = text.find(mark);
  const auto taken = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + mark.size());
  return taken;
}

void put_header(http::Request& request, std::string_view line) {
  const auto name = take_until(line, ": ");
  if (name == "Content-Type") request.content_type = line;
  if (name == "If-None-Match") request.if_none_match = line;
  if (name == "If-Modified-Since") request.if_modified_since = line;
  if (name == "Origin") request.origin = line;
  if (name == "Sec-Fetch-Site") request.fetch_site = line;
  if (name == "Referer") request.referer = line;
}

http::Request read_request(std::string_view text) {
  http::Request request;
  auto first = take_until(text, "\n");
  request.method = take_until(first, " ");
  request.path = take_until(first, "?");
  request.query = first;
  if (!request.path.starts_with('/')) request.path.insert(0, 1, '/');
  for (auto line = take_until(text, "\n"); !line.empty(); line = take_until(text, "\n")) {
    put_header(request, line);
  }
  request.body = to_bytes(text);
  request.version = request.query.size() % 2 == 0 ? 11 : 10;
  return request;
}

void check(const http::Response& response) {
  static const std::set<int> kThere = {200, 304, 400, 403, 404, 405, 409,
                                       413, 415, 422, 500, 501, 503};
  CHECK(kThere.count(response.status) == 1);
  const auto is_one_line = [](std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
  };
  CHECK(is_one_line(response.content_type));
  for (const auto& [name, value] : response.headers) CHECK(is_one_line(name) && is_one_line(value));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  auto& it = world();
  auto request = read_request(as_text(ByteView{data + 1, size - 1}));
  const bool is_agent = (data[0] & 2) != 0;
  if (is_agent) request.client_certificate = it.authority.agent.certificate.der;
  if (!is_agent && (data[0] & 4) != 0) {
    request.client_certificate = it.authority.alice.certificate.der;
  }
  const bool is_agents = request.path.starts_with("/agent");
  int answers = 0;
  const auto reply = [&](const http::Response& response) {
    ++answers;
    check(response);
    if (is_agents && !is_agent) CHECK(response.status >= 400);
  };
  if ((data[0] & 1) != 0) {
    server::route_plain(it.parts, std::move(request), reply);
  } else {
    server::route(it.parts, std::move(request), reply);
  }
  CHECK(answers == 1);
  return 0;
}
