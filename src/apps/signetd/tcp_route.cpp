#include "apps/signetd/tcp_route.h"

#include <utility>

#include "adapters/listener/rate_limiter.h"
#include "apps/signetd/inquire.h"

namespace signet::server {

void route_tcp(const RouteParts& parts, tcp::Message message, tcp::Server::Reply reply) {
  authority::Inquiry inquiry;
  inquiry.octets = std::move(message.octets);
  inquiry.peer.address = std::move(message.client_address);
  inquiry.client = listener::client_of(inquiry.peer.address);
  inquiry.peer.transport = proof::TransportKind::tcp;
  inquire(parts, std::move(inquiry), [reply = std::move(reply)](authority::Answer answer) {
    const bool is_told = answer.kind != authority::ResponseKind::none;
    if (!is_told) return reply(std::nullopt);
    reply(tcp::Answer(std::move(answer.octets), std::move(answer.room)));
  });
}

}  // namespace signet::server
