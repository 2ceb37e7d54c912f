#include "apps/signetd/routes.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "apps/signetd/agent_routes.h"
#include "apps/signetd/conditional_get.h"
#include "apps/signetd/crl_routes.h"
#include "apps/signetd/est_routes.h"
#include "apps/signetd/inquire.h"
#include "apps/signetd/media_type.h"
#include "apps/signetd/ocsp_routes.h"
#include "apps/signetd/text_answer.h"
#include "base/encoding.h"

namespace signet::server {
namespace {

using authority::Answer;
using authority::ResponseKind;

/// Dogtag's names for the doors into the same house; each has its profile, none looks at the
/// Content-Type.
struct DogtagPath {
  std::string_view path;
  std::string_view profile;
};
constexpr std::array<DogtagPath, 11> kDogtagPaths = {{
    {"/ca/ee/ca/profileSubmitCMCFull", "caFullCMCUserCert"},
    {"/ca/ee/ca/profileSubmitUserSignedCMCFull", "caFullCMCUserSignedCert"},
    {"/ca/ee/ca/profileSubmitSelfSignedCMCFull", "caFullCMCSelfSignedCert"},
    {"/ca/ee/ca/profileSubmitCMCSimple", "caSimpleCMCUserCert"},
    {"/ca/ee/ca/profileSubmitCMCFullCACert", "caCMCcaCert"},
    {"/ca/ee/ca/profileSubmitCMCFullServerCert", "caCMCserverCert"},
    {"/ca/ee/ca/profileSubmitCMCFullOCSPCert", "caCMCocspCert"},
    {"/ca/ee/ca/profileSubmitCMCFullSubsystemCert", "caCMCsubsystemCert"},
    {"/ca/ee/ca/profileSubmitCMCFullAuditSigningCert", "caCMCauditSigningCert"},
    {"/ca/ee/ca/profileSubmitCMCFullKRAtransportCert", "caCMCkraTransportCert"},
    {"/ca/ee/ca/profileSubmitCMCFullKRAstorageCert", "caCMCkraStorageCert"},
}};
constexpr std::string_view kCmcPath = "/cmc";
constexpr std::string_view kHealth = "/healthz";

/// PEM, words before it or not (`certutil -R -a` writes some), or the base64 of a SEQUENCE of more
/// than 127 octets or of indefinite length.
bool looks_like_text(const Bytes& body) {
  constexpr std::uint8_t kSequence = 0x30;
  const auto words = as_text(body);
  if (body.front() != kSequence && words.find("\n-----BEGIN ") != std::string_view::npos) {
    return true;
  }
  const auto start = words.substr(std::min(words.find_first_not_of(" \t\r\n"), words.size()));
  return start.substr(0, 5) == "-----" || start.substr(0, 2) == "MI";
}

/// What PEM (whatever its label says) or base64 stands for. Faults: malformed.
Result<Bytes> read_text_body(const Bytes& body) {
  const auto words = as_text(body);
  if (words.find("-----BEGIN") == std::string_view::npos) return from_base64(words);
  auto blocks = TRY(from_pem(words));
  if (blocks.size() == 1) return std::move(blocks.front().octets);
  return Error{Fault::malformed, std::to_string(blocks.size()) + " PEM blocks instead of one"};
}

/// Whether the body was text; then what it stands for takes its place, where that is allowed.
Result<bool> read_if_text(Bytes& body, bool allowed) {
  if (!looks_like_text(body)) return false;
  if (!allowed) {
    return Error{Fault::malformed,
                 "The body is text (PEM or base64); the binary DER message is wanted."};
  }
  auto octets = read_text_body(body);
  if (!octets.ok()) {
    return Error{Fault::malformed,
                 "The body is no PEM and no base64: " + octets.error().detail + "."};
  }
  body = std::move(octets).value();
  return true;
}

std::string content_type(ResponseKind kind, bool dogtag) {
  if (dogtag) return "application/pkcs7-mime";
  //= F05 RFC 10003 §6.2: a Simple response is certs-only
  //= F07 RFC 10003 §6.2: a Full response is CMC-Response
  //= F14 RFC 10003 §6.2: the Content-Type comes from the table
  return kind == ResponseKind::full
             ? "application/pkcs7-mime; smime-type=CMC-Response; name=response.p7m"
             : "application/pkcs7-mime; smime-type=certs-only; name=response.p7c";
}

http::Response response_of(Answer answer, bool dogtag) {
  if (answer.kind == ResponseKind::none) {
    return text(400, "This is no CMC message that can be answered: " +
                         (answer.refusal ? answer.refusal->detail : "nothing to say") + ".");
  }
  //= F09 RFC 10003 §6: 2xx, also where the Full response refuses (AMB-37)
  const int unable = answer.is_for_now ? 503 : 500;
  const int status = answer.kind == ResponseKind::unable ? unable : 200;
  http::Response response{.status = status,
                          .content_type = content_type(answer.kind, dogtag),
                          .body = std::move(answer.octets),
                          .headers = {},
                          .room = std::move(answer.room)};
  if (status == 503) come_again(response);
  return response;
}

/// Content-Type and Content-Length are there.
constexpr int kLinesAlways = 2;

/// Tomcat, which Dogtag's client was made for, sends these besides.
void fill_header(http::Response& response, int lines) {
  const std::array<http::Header, 3> more = {http::Header{"Date", http_date(SystemClock().now())},
                                            http::Header{"Connection", "close"},
                                            http::Header{"Server", "Signet"}};
  for (const auto& header : more) {
    const auto there = kLinesAlways + static_cast<int>(response.headers.size());
    if (there < lines) response.headers.push_back(header);
  }
}

/// Whether the header of an answer is filled up.
bool counts_header_lines(const RouteParts& parts, const http::Request& request) {
  return parts.header_lines > kLinesAlways && request.version == 10;
}

/// Answers as the client that asks can read them.
http::Server::Reply readable(const RouteParts& parts, const http::Request& request,
                             http::Server::Reply reply) {
  if (!counts_header_lines(parts, request)) return reply;
  return [reply = std::move(reply), lines = parts.header_lines](http::Response response) {
    fill_header(response, lines);
    reply(std::move(response));
  };
}

void enroll(const RouteParts& parts, http::Request request, std::string profile, bool dogtag,
            http::Server::Reply answer_by) {
  auto reply = readable(parts, request, std::move(answer_by));
  if (request.method != "POST") {
    return reply(not_by_this_method("POST", "Send CMC messages with POST."));
  }
  if (request.body.empty()) return reply(text(400, "The body is empty; a CMC message is wanted."));
  //= F13 RFC 10003 §6.1: the Content-Type comes from the table
  if (!dogtag && !is_request_type(request.content_type)) {
    return reply(text(415,
                      "The Content-Type must be application/pkcs10, or application/pkcs7-mime "
                      "with smime-type=CMC-Request."));
  }
  const auto was_text = read_if_text(request.body, dogtag && parts.text_bodies);
  if (!was_text.ok()) return reply(text(400, was_text.error().detail));
  auto inquiry = inquiry_of(request, std::move(profile));
  if (!inquiry.ok()) return reply(text(400, inquiry.error().detail));
  if (*was_text) {
    inquiry->tolerated.push_back({Tolerance::text_bodies, "a message that came as PEM or base64"});
  }
  if (counts_header_lines(parts, request)) {
    inquiry->tolerated.push_back({Tolerance::header_lines, "lines added to the answer's header"});
  }
  inquiry->over_dogtag_path = dogtag;
  inquire(parts, std::move(inquiry).value(), [reply = std::move(reply), dogtag](Answer answer) {
    reply(response_of(std::move(answer), dogtag));
  });
}

/// {"status":"ok"}, or with its reasons: {"status":"degraded","why":["…"]}
std::string health_json(const Condition& condition) {
  nlohmann::ordered_json json{{"status", condition.word()}};
  for (const auto* reasons : {&condition.down, &condition.degraded}) {
    for (const auto& why : *reasons) json["why"].push_back(why);
  }
  return json.dump() + "\n";
}

/// Who sends requests elsewhere because of a 503 shall do so only where elsewhere may be better.
http::Response health(const Condition& condition) {
  http::Response response{
      condition.is_down() ? 503 : 200, "application/json", to_bytes(health_json(condition)), {}};
  if (condition.is_down()) come_again(response);
  return response;
}

http::Response look_up(const RouteParts& parts, std::string_view path) {
  if (path == "/ca/chain") {
    return {200,
            "application/pkcs7-mime; smime-type=certs-only; name=chain.p7c",
            parts.certificate_chain(),
            {}};
  }
  if (path == "/ca/chain.pem") {
    return {200, "application/x-pem-file", to_bytes(parts.certificate_pem()), {}};
  }
  if (path == "/ca/encryption.pem") {
    const auto pem = parts.encryption_pem();
    if (pem.empty()) return text(404, "Messages are not encrypted to this authority.");
    return {200, "application/x-pem-file", to_bytes(pem), {}};
  }
  return {200, "text/plain; version=0.0.4", to_bytes(parts.metrics.text(parts.readings())), {}};
}

http::Response shown(const RouteParts& parts, const http::Request& request) {
  constexpr std::array<std::string_view, 5> kShown = {"/ca/chain", "/ca/chain.pem",
                                                      "/ca/encryption.pem", "/metrics", kHealth};
  if (is_ocsp_path(request.path)) return answer_ocsp(parts, request);
  if (is_crl_path(request.path)) return answer_crl(parts.crls, request, SystemClock().now());
  if (std::find(kShown.begin(), kShown.end(), request.path) == kShown.end()) {
    return text(404, "Nothing is here. Messages go to " + std::string(kCmcPath) +
                         " or Dogtag's /ca/ee/ca/profileSubmit… paths; certificates are at "
                         "/ca/chain.");
  }
  return request.method == "GET" ? look_up(parts, request.path) : only_shown();
}

/// Whatever may be asked for and changes nothing.
void show(const RouteParts& parts, const http::Request& request, const http::Server::Reply& reply) {
  if (request.path == kHealth && request.method == "GET") {
    return parts.health([reply](const Condition& condition) { reply(health(condition)); });
  }
  reply(shown(parts, request));
}

const DogtagPath* dogtag_path(std::string_view path) {
  const auto* found = std::find_if(kDogtagPaths.begin(), kDogtagPaths.end(),
                                   [&](const DogtagPath& each) { return each.path == path; });
  return found == kDogtagPaths.end() ? nullptr : found;
}

/// Where who asks is known by a TLS client certificate.
bool is_for_who_asks(std::string_view path) {
  return path == kCmcPath || is_est_path(path) || is_agent_path(path) ||
         dogtag_path(path) != nullptr;
}

/// Whether a page that a browser shows sends it, which may change something: the browser adds the
/// certificate of whoever sits there, who need not know of it. Browsers say so by Origin with each
/// POST of a page, and by Sec-Fetch-Site ("none": typed in); old ones by Referer alone. Clients of
/// CMC, EST and agents send none of them.
bool is_sent_by_page(const http::Request& request) {
  if (request.method == "GET") return false;
  const bool is_fetched = !request.fetch_site.empty() && request.fetch_site != "none";
  return is_fetched || !request.origin.empty() || !request.referer.empty();
}

}  // namespace

void route(const RouteParts& parts, http::Request request, http::Server::Reply reply) {
  if (is_for_who_asks(request.path) && is_sent_by_page(request)) {
    return reply(
        text(403,
             "A page in a browser sends this (Origin, Sec-Fetch-Site, Referer): messages are "
             "taken from programs alone."));
  }
  //= A11 RFC 10004 §5: messages come over HTTP
  if (request.path == kCmcPath)
    return enroll(parts, std::move(request), "", false, std::move(reply));
  if (is_est_path(request.path)) return answer_est(parts, std::move(request), std::move(reply));
  if (is_agent_path(request.path)) return parts.agents(std::move(request), std::move(reply));
  if (const auto* dogtag = dogtag_path(request.path)) {
    return enroll(parts, std::move(request), std::string(dogtag->profile), true, std::move(reply));
  }
  show(parts, request, reply);
}

void route_plain(const RouteParts& parts, http::Request request, const http::Server::Reply& reply) {
  constexpr std::array<std::string_view, 3> kOpen = {"/ca/chain", "/ca/chain.pem", kHealth};
  if (request.path == kCmcPath || is_est_path(request.path) ||
      dogtag_path(request.path) != nullptr) {
    return reply(text(403, "CMC messages are taken over HTTPS only; here is plain HTTP."));
  }
  const bool is_open = std::find(kOpen.begin(), kOpen.end(), request.path) != kOpen.end() ||
                       is_crl_path(request.path) || is_ocsp_path(request.path);
  if (is_open) return show(parts, request, reply);
  reply(text(404,
             "Nothing is here. Over plain HTTP there are /ocsp, /ca/crl, /ca/chain and "
             "/healthz; the rest is served over HTTPS."));
}

}  // namespace signet::server
