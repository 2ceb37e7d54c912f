#include "apps/signetd/agent_line.h"

#include <utility>

#include "apps/signetd/agent_routes.h"

namespace signet::server {

void AgentLine::respond(http::Request request, http::Server::Reply reply) {
  if (!request.client_certificate) {
    refused_.add("address " + request.client_address,
                 "an agent's path without a TLS client certificate");
    return reply(refuse_agent(
        {Fault::unknown_identity, "agents are known by a TLS client certificate; none was shown"}));
  }
  queue_.add([this, request = std::move(request), reply = std::move(reply)] {
    if (is_ending_) {
      return reply(refuse_agent({Fault::busy, "the server is ending: ask again in a moment"}));
    }
    reply(answer_agent(desk_, request));
  });
}

}  // namespace signet::server
