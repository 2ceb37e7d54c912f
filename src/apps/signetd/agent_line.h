#pragma once

#include <atomic>

#include "adapters/http/server.h"
#include "adapters/listener/tally.h"
#include "authority/agent_desk.h"
#include "base/work_queue.h"

namespace signet::server {

/// Where agents' requests wait their turn: a decision waits for the disk, which no thread that
/// serves connections may. A connection has one request in hand, so that the limit of connections
/// is that of the line. Safe for many threads.
class AgentLine {
 public:
  /// Both outlive it.
  AgentLine(authority::AgentDesk& desk, Log& log)
      : desk_(desk),
        refused_(log, Log::Level::warning, "request_refused"),
        queue_("agents' requests", log) {}
  /// Once what waits was told to come again.
  ~AgentLine() { is_ending_ = true; }
  AgentLine(const AgentLine&) = delete;
  AgentLine& operator=(const AgentLine&) = delete;

  /// Who shows no certificate is refused at once, and leaves no record: nothing is known of them.
  void respond(http::Request request, http::Server::Reply reply);

 private:
  authority::AgentDesk& desk_;
  listener::Tally refused_;
  std::atomic<bool> is_ending_ = false;
  WorkQueue queue_;  ///< last, since its work uses the others
};

}  // namespace signet::server
