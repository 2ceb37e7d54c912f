#pragma once

#include <memory>
#include <optional>
#include <string>

#include "adapters/http/server.h"
#include "adapters/tcp/server.h"
#include "apps/configuration/configuration.h"
#include "apps/signetd/client_limits.h"
#include "apps/signetd/client_standing.h"
#include "apps/signetd/keeping.h"
#include "apps/signetd/own_work.h"
#include "apps/signetd/signing.h"
#include "apps/signetd/watches.h"
#include "authority/service.h"
#include "base/clock.h"

namespace signet::server {

/// How requests are taken, and how many of one client.
struct Listening {
  http::ServerSettings http;
  std::optional<http::ServerSettings> plain_http;  ///< none: no second listener
  std::optional<tcp::ServerSettings> tcp;          ///< none: nothing is taken over TCP alone
  ClientLimits::Settings limits;
  std::unique_ptr<ClientStanding> client_standing;  ///< to whom `limits` of a certificate apply
};

/// What everybody may have, as PEM.
struct Shown {
  std::string chain;
  std::string encryption;  ///< empty: messages may not be encrypted to us
};

/// One server. Each part stands on those above it, is made after them, and ends before them.
struct Assembly {
  SystemClock clock;
  Keeping keeping;
  Signing signing;
  Watches watches;
  std::optional<OwnWork> own_work;
  std::unique_ptr<authority::Service> service;  ///< tells `own_work` what it decided
  Listening listening;
  Shown shown;
};

/// Configuration → objects. The start and the tolerances that it was made with go on record.
/// Faults: bad_configuration and those of the parts, each with its path and what to do; profile
/// faults all at once.
Result<std::unique_ptr<Assembly>> assemble(const Configuration& configuration, Log& log);

/// What is done unasked ends first, then what was decided is made durable and answered. Nobody may
/// ask any more; who is answered must still be there.
void end(Assembly& assembly);

/// Reads all that `assemble` reads, reaches the database of a shared store, and leaves what is in
/// the store, journal and port alone: the server may be running. Faults: as assemble.
Result<void> check(const Configuration& configuration, Log& log);

}  // namespace signet::server
