#include "apps/signetd/tcp_route.h"

#include <utility>

#include "apps/signetd/inquire.h"

namespace signet::server {

void route_tcp(const RouteParts& parts, tcp::Message message, tcp::Server::Reply reply) {
  authority::Inquiry inquiry;
  inquiry.octets = std::move(message.octets);
  inquiry.peer.address = std::move(message.client_address);
  inquiry.peer.connection = proof::Connection::tcp;
  inquire(parts, std::move(inquiry), [reply = std::move(reply)](authority::Answer answer) {
    const bool is_told = answer.kind != authority::ResponseKind::none;
    reply(is_told ? std::optional(std::move(answer.octets)) : std::nullopt);
  });
}

}  // namespace signet::server
