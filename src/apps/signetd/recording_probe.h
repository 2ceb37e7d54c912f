#pragma once

#include <chrono>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "store/committer.h"
#include "store/lease.h"

namespace signet::server {

/// Finds out whether what could not be recorded can be recorded again, so that a node which nobody
/// asks for anything while it is ill gets well: Committer::keeps. Writes nothing while it is well.
class RecordingProbe {
 public:
  struct Parts {
    store::Committer& committer;
    store::LeaseStore& leases;
    std::string node;  ///< this one and no other
    const Clock& clock;
    Log& log;
  };
  explicit RecordingProbe(Parts parts) : parts_(std::move(parts)) {}

  /// The pause until the next look.
  [[nodiscard]] std::chrono::milliseconds look() const;

 private:
  [[nodiscard]] Result<void> record() const;
  Parts parts_;
};

}  // namespace signet::server
