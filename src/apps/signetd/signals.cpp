#include "apps/signetd/signals.h"

#include <chrono>

#include "apps/signetd/unbroken.h"

namespace signet::server {

sigset_t hold_signals() {
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is a full disk, not the end
  sigset_t signals;
  sigemptyset(&signals);
  for (const int each : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, each);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

void wait_for_end(const sigset_t& signals, const std::function<void()>& reload, Log& log) {
  const auto round = [&reload] {
    reload();
    return std::chrono::milliseconds{0};
  };
  int received = 0;
  while (sigwait(&signals, &received) != 0 || received == SIGHUP) {
    if (received == SIGHUP) unbroken("reload", log, round);
  }
  log.write(Log::Level::info, "draining", {{"signal", received == SIGTERM ? "SIGTERM" : "SIGINT"}});
}

}  // namespace signet::server
