#pragma once

#include <chrono>
#include <memory>
#include <string>

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
  /// The exposition format; the connections are counted by the server.
  [[nodiscard]] std::string text(std::size_t open_connections) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace signet::server
