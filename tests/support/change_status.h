#pragma once

#include <array>

#include "store/certificate_store.h"
#include "store/engine_rules.h"

namespace signet::test {

/// What an authority's decision would change, without one and without an audit record. Faults:
/// certificate_not_found, storage_failed.
inline Result<void> change_status(store::Engine& engine, const store::Integer& serial,
                                  store::CertificateStatus to, Time at, pkix::CRLReason reason) {
  const auto record = TRY(engine.find_certificate(serial));
  if (!record) return store::certificate_not_found(serial);
  store::Commit commit;
  commit.status_changes.push_back(
      {.serial_number = serial, .from = record->status, .to = to, .at = at, .reason = reason});
  const std::array<const store::Commit*, 1> batch{&commit};
  audit::MemoryJournal journal;
  auto outcome = std::move(engine.apply(batch, journal).front());
  if (outcome.failed) return *std::move(outcome.failed);
  if (outcome.conflict) return Error{Fault::storage_failed, "its status changed meanwhile"};
  return {};
}

}  // namespace signet::test
