#include "apps/signetd/agent_line.h"

#include <utility>

#include "apps/signetd/agent_routes.h"

namespace signet::server {

void AgentLine::respond(http::Request request, http::Server::Reply reply) {
  if (!request.client_certificate) {
    tell(request);
    return reply(refuse_agent(
        {Fault::unknown_identity, "agents are known by a TLS client certificate; none was shown"}));
  }
  line_.add([this, request = std::move(request), reply = std::move(reply)] {
    if (is_ending_) {
      return reply(refuse_agent({Fault::busy, "the server is ending: ask again in a moment"}));
    }
    reply(answer_agent(desk_, request));
  });
}

/// Once a second at most: a flood of requests must not become a flood of log lines.
void AgentLine::tell(const http::Request& request) {
  const auto tick = TellClock::now().time_since_epoch().count();
  auto told = told_at_.load();
  if (tick - told < TellClock::duration(std::chrono::seconds{1}).count()) return;
  if (!told_at_.compare_exchange_strong(told, tick)) return;
  log_.write(Log::Level::warning, "request_refused",
             {{"why", "an agent's path without a TLS client certificate"},
              {"client", "address " + request.client_address}});
}

}  // namespace signet::server
