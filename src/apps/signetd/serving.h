#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>

#include "apps/signetd/agent_line.h"
#include "apps/signetd/assembly.h"
#include "apps/signetd/client_limits.h"
#include "apps/signetd/crl_shelf.h"
#include "apps/signetd/health.h"
#include "apps/signetd/metrics.h"
#include "apps/signetd/routes.h"

namespace signet::server {

/// An assembly that is served: its listeners, and what answers for it beside the authority. What
/// the authority answers goes to one of the listeners' connections: end the authority before this
/// is gone, also where `listen` failed, as another listener may have been asked by then.
class Serving {
 public:
  /// `assembly` and `log` outlive it.
  Serving(const Configuration& configuration, Assembly& assembly, Log& log);
  /// As end(0).
  ~Serving() { end(std::chrono::seconds{0}); }
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  /// Takes the assembly's http settings. Faults: as http::Server::start.
  [[nodiscard]] Result<void> listen(Log& log);
  /// As http::Server::use_certificate.
  Result<void> use_certificate(const http::ServerSettings& settings);

  /// Takes no more requests, and lets those under way end for at most `grace`. What the authority
  /// answers afterwards may still be handed over, until this is gone.
  void end(std::chrono::seconds grace);

 private:
  RouteParts route_parts(const Configuration::Compatibility& compatibility);
  [[nodiscard]] Metrics::Connections connections() const;
  [[nodiscard]] std::optional<Metrics::Tcp> tcp_readings() const;
  [[nodiscard]] Metrics::Readings readings() const;
  [[nodiscard]] Result<void> listen_with_tls(Log& log);
  [[nodiscard]] Result<void> listen_in_plain(Log& log);
  [[nodiscard]] Result<void> listen_over_tcp(Log& log);

  Assembly& assembly_;
  Metrics metrics_;
  ClientLimits limits_;
  CrlShelf crls_;
  // What answers from threads of its own ends after the servers', and before the servers.
  std::unique_ptr<http::Server> plain_server_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<tcp::Server> tcp_server_;
  std::atomic<const http::Server*> listening_in_plain_{nullptr};  ///< once it is started
  std::atomic<const http::Server*> listening_{nullptr};           ///< likewise
  std::atomic<const tcp::Server*> listening_over_tcp_{nullptr};   ///< likewise
  std::optional<AgentLine> agents_;
  std::optional<Health> health_;
  const RouteParts parts_;
};

}  // namespace signet::server
