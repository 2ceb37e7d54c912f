#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "apps/signetd/lifetimes.h"
#include "apps/signetd/store_watch.h"
#include "authority/certificate_authority.h"
#include "authority/ocsp_responder.h"

namespace signet::server {

/// What is counted, for Prometheus. Safe for many threads.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  void answered(const authority::Answer& answer, std::chrono::nanoseconds took);
  void ocsp_answered(const authority::OcspAnswer& answer);
  /// A request over the limit of its `of`: "address" or "certificate".
  void refused_by_limit(std::string_view of);

  /// What the servers count.
  struct Connections {
    std::size_t open = 0;
    std::uint64_t refused = 0;            ///< since the start
    std::uint64_t failed_handshakes = 0;  ///< likewise
  };
  /// What the server of CMC over TCP counts, all but `open` since the start.
  struct Tcp {
    std::size_t open = 0;
    std::uint64_t refused = 0;  ///< connections
    std::uint64_t messages = 0;
    std::uint64_t refused_messages = 0;
  };
  /// What a directory was told of certificates, since the start.
  struct Publishing {
    std::uint64_t published = 0;
    std::uint64_t withdrawn = 0;
    std::uint64_t refused = 0;
    std::chrono::seconds waited{0};  ///< the oldest that waits for it
    bool is_failing = false;
  };
  /// What is so at the moment of asking.
  struct Readings {
    Connections connections = {};
    std::optional<Tcp> tcp = {};   ///< none: nothing is taken over TCP alone
    bool profiles_current = true;  ///< whether the newest state of the profiles is offered
    Lifetimes::Known lifetimes = {};
    std::optional<StoreWatch::Known> store = {};  ///< none: nobody reads it through
    /// How far this node's clock is ahead of the database's; none: not known.
    std::optional<std::chrono::milliseconds> clock_offset = {};
    std::optional<Publishing> publication = {};  ///< none: nothing is published in a directory
  };
  /// The exposition format.
  [[nodiscard]] std::string text(const Readings& readings) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace signet::server
