#pragma once

#include <csignal>
#include <functional>

#include "base/log.h"

namespace signet::server {

/// SIGTERM, SIGINT and SIGHUP wait for wait_for_end, in every thread started after this.
sigset_t hold_signals();

/// Until SIGTERM or SIGINT. `reload` is called on SIGHUP; what it throws goes into the log, and the
/// server goes on as it was.
void wait_for_end(const sigset_t& signals, const std::function<void()>& reload, Log& log);

}  // namespace signet::server
