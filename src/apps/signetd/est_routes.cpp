#include "apps/signetd/est_routes.h"

#include <algorithm>
#include <optional>

#include "apps/signetd/inquire.h"
#include "apps/signetd/media_type.h"
#include "apps/signetd/text_answer.h"
#include "authority/refusal.h"
#include "base/encoding.h"
#include "codec/cms/cms.h"

namespace signet::server {
namespace {

using authority::Answer;
using authority::ResponseKind;
using cmc::CMCFailInfo;

constexpr std::string_view kRoot = "/.well-known/est/";

struct EstPath {
  std::string label;  ///< empty when there is none
  std::string operation;
};

/// A label that is empty is none: the slash behind it is then part of what is asked for.
EstPath read_est_path(std::string_view path) {
  const auto rest = path.substr(kRoot.size());
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos || slash == 0) return {"", std::string(rest)};
  return {http::path_decoded(rest.substr(0, slash)), std::string(rest.substr(slash + 1))};
}

http::Response in_base64(int status, const char* content_type, ByteView octets) {
  return {status, content_type, to_bytes(to_base64(octets)), {}};
}

/// RFC 7030 §4.3.2 leaves the choice among 4xx and 5xx.
int status_of(const Error& refusal) {
  const auto told = authority::refusal_status(refusal.fault).fail_info;
  switch (told.value_or(CMCFailInfo::badRequest)) {
    case CMCFailInfo::badMessageCheck:
    case CMCFailInfo::badIdentity:
    case CMCFailInfo::authDataFail:
      return 403;
    case CMCFailInfo::tryLater:
      return 503;
    case CMCFailInfo::internalCAError:
      return 500;
    default:
      return 400;
  }
}

http::Response response_of(const Answer& answer) {
  if (answer.kind == ResponseKind::none) {
    return text(400, "This is no CMC message that can be answered: " +
                         (answer.refusal ? answer.refusal->detail : "nothing to say") + ".");
  }
  //= G04 RFC 7030 §4.3.2: success is 200 with certs-only or a CMC response
  //= G05 RFC 7030 §4.3.2: a rejection is 4xx or 5xx
  //= G06 RFC 7030 §4.3.2: and holds the CMC response
  const int unable = answer.is_for_now ? 503 : 500;
  const int status = answer.kind == ResponseKind::unable ? unable
                     : answer.refusal                    ? status_of(*answer.refusal)
                                                         : 200;
  auto response = in_base64(status,
                            answer.kind == ResponseKind::simple
                                ? "application/pkcs7-mime; smime-type=certs-only"
                                : "application/pkcs7-mime; smime-type=CMC-Response",
                            answer.octets);
  response.room = answer.room;
  if (status == 503) come_again(response);
  return response;
}

/// The Full PKI Request that a body stands for, or what is said instead of answering it.
Result<Bytes> read_body(const Bytes& body) {
  //= G07 RFC 8951 §3: the body is base64 of DER
  //= G08 RFC 8951 §3: whatever Content-Transfer-Encoding says
  //= G09 RFC 8951 §3.1: white space in it is tolerated
  auto octets = from_base64(as_text(body));
  if (!octets.ok()) {
    return Error{Fault::malformed,
                 "The body is no base64, as EST wants it: " + octets.error().detail + "."};
  }
  //= G02 RFC 7030 §4.3.1: what is no Full PKI Request is rejected
  const auto content = cms::read_content_info(*octets);
  if (content.ok()) return octets;
  return Error{Fault::malformed,
               "The body is the base64 of no Full PKI Request: " + content.error().detail + "."};
}

void enroll(const RouteParts& parts, http::Request request, std::string profile,
            http::Server::Reply reply) {
  if (request.method != "POST") {
    return reply(not_by_this_method("POST", "Send Full PKI Requests with POST."));
  }
  if (!is_full_request_type(request.content_type)) {
    return reply(
        text(415, "The Content-Type must be application/pkcs7-mime with smime-type=CMC-Request."));
  }
  auto octets = read_body(request.body);
  //= G10 RFC 8951 §5: errors in words for people are text/plain
  if (!octets.ok()) return reply(text(400, octets.error().detail));
  request.body = std::move(octets).value();
  auto inquiry = inquiry_of(request, std::move(profile));
  if (!inquiry.ok()) return reply(text(400, inquiry.error().detail));
  inquiry->answered_in_base64 = true;
  inquire(parts, std::move(inquiry).value(),
          [reply = std::move(reply)](const Answer& answer) { reply(response_of(answer)); });
}

}  // namespace

bool is_est_path(std::string_view path) {
  return path.starts_with(kRoot);
}

//= G01 RFC 7030 §4.3: /fullcmc is offered
void answer_est(const RouteParts& parts, http::Request request, http::Server::Reply reply) {
  auto path = read_est_path(request.path);
  if (path.operation == "fullcmc") {
    return enroll(parts, std::move(request), std::move(path.label), std::move(reply));
  }
  if (path.operation != "cacerts") {
    return reply(text(404, "Of EST there are " + std::string(kRoot) +
                               "fullcmc and cacerts, with "
                               "a profile's id before them or without."));
  }
  reply(request.method == "GET" ? in_base64(200, "application/pkcs7-mime; smime-type=certs-only",
                                            parts.certificate_chain())
                                : only_shown());
}

}  // namespace signet::server
