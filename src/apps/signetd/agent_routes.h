#pragma once

#include "adapters/http/server.h"
#include "authority/agent_desk.h"

namespace signet::server {

/// Whether this is a path of the agents' interface (docs/agent-api.yaml).
bool is_agent_path(std::string_view path);

/// Answers agents in JSON: what waits, what it holds, approve, reject. Who speaks is known by the
/// TLS client certificate. Anything that is refused is {"ok": false, "error": {fault, detail}}.
/// Takes as long as the desk does: AgentLine calls it.
http::Response answer_agent(authority::AgentDesk& desk, const http::Request& request);

/// A refusal in the same form.
http::Response refuse_agent(const Error& why);

}  // namespace signet::server
