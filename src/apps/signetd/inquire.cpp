#include "apps/signetd/inquire.h"

#include <chrono>
#include <utility>

#include "adapters/listener/rate_limiter.h"
#include "codec/asn1/utf8.h"

namespace signet::server {

Result<authority::Inquiry> inquiry_of(http::Request& request, std::string profile) {
  authority::Inquiry inquiry;
  inquiry.profile_id =
      http::query_parameter(request.query, "profileId").value_or(std::move(profile));
  if (!asn1::is_utf8(as_bytes(inquiry.profile_id))) {
    return Error{Fault::malformed, "The profile that the address names is no UTF-8 text."};
  }
  inquiry.octets = std::move(request.body);
  inquiry.peer.tls_client_certificate = std::move(request.client_certificate);
  inquiry.peer.address = std::move(request.client_address);
  inquiry.client = listener::client_of(inquiry.peer.address);
  return inquiry;
}

void inquire(const RouteParts& parts, authority::Inquiry inquiry,
             std::function<void(authority::Answer)> take) {
  const auto started = std::chrono::steady_clock::now();
  parts.respond(std::move(inquiry), [&metrics = parts.metrics, take = std::move(take),
                                     started](authority::Answer answer) {
    metrics.answered(answer, std::chrono::steady_clock::now() - started);
    take(std::move(answer));
  });
}

}  // namespace signet::server
