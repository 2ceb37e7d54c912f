#include "store/memory_engine.h"

#include <mutex>
#include <shared_mutex>

#include "store/engine_rules.h"
#include "store/memory_tables.h"

namespace signet::store {

struct MemoryEngine::Impl {
  std::shared_mutex mutex;
  MemoryTables tables;
};

MemoryEngine::MemoryEngine() : impl_(std::make_unique<Impl>()) {}
MemoryEngine::~MemoryEngine() = default;

std::vector<CommitOutcome> MemoryEngine::apply(std::span<const Commit* const> batch,
                                               audit::Journal& journal) {
  const std::unique_lock lock(impl_->mutex);
  std::vector<CommitOutcome> outcomes(batch.size());
  std::vector<const Commit*> kept;
  std::vector<const audit::Event*> events;
  for (std::size_t at = 0; at < batch.size(); ++at) {
    const Commit& commit = *batch[at];
    outcomes[at].conflict = impl_->tables.conflict(commit);
    if (outcomes[at].conflict) continue;
    impl_->tables.add(commit);
    kept.push_back(&commit);
    for (const auto& event : commit.events) events.push_back(&event);
  }
  if (events.empty()) return outcomes;

  if (const auto written = journal.append(events); !written) {
    for (auto commit = kept.rbegin(); commit != kept.rend(); ++commit) {
      impl_->tables.take_back(**commit);
    }
    outcomes.assign(batch.size(), CommitOutcome{.conflict = {}, .failed = written.error()});
  }
  return outcomes;
}

Result<void> MemoryEngine::change_status(const Integer& serial, CertificateStatus status, Time at,
                                         int reason) {
  const std::unique_lock lock(impl_->mutex);
  const auto row = impl_->tables.row_of(serial);
  if (!row) return certificate_not_found(serial);
  impl_->tables.change_status(*row, status, at, reason);
  return {};
}

Result<std::optional<CertificateRecord>> MemoryEngine::find_certificate(
    const Integer& serial) const {
  const std::shared_lock lock(impl_->mutex);
  std::optional<CertificateRecord> found;
  if (const auto row = impl_->tables.row_of(serial)) found = impl_->tables.certificate(*row);
  return found;
}

Result<std::vector<CertificateRecord>> MemoryEngine::find_by_subject(ByteView subject_der) const {
  const std::shared_lock lock(impl_->mutex);
  return impl_->tables.with_subject(subject_der);
}

Result<std::vector<CertificateRecord>> MemoryEngine::find_by_key(ByteView key_hash) const {
  const std::shared_lock lock(impl_->mutex);
  return impl_->tables.with_key(key_hash);
}

Result<std::vector<CertificateRecord>> MemoryEngine::find_certificates(const Query& query) const {
  const std::shared_lock lock(impl_->mutex);
  return impl_->tables.matching(query);
}

Result<std::optional<AnsweredRequest>> MemoryEngine::find_answered(ByteView request_digest) const {
  const std::shared_lock lock(impl_->mutex);
  std::optional<AnsweredRequest> found;
  if (const auto* answered = impl_->tables.answered(request_digest)) found = *answered;
  return found;
}

Result<bool> MemoryEngine::nonce_seen(ByteView requester_hash, ByteView sender_nonce) const {
  const std::shared_lock lock(impl_->mutex);
  return impl_->tables.nonce_seen(requester_hash, sender_nonce);
}

}  // namespace signet::store
