#include "store/memory_engine.h"

#include <algorithm>
#include <mutex>
#include <shared_mutex>

#include "store/engine_rules.h"
#include "store/memory_leases.h"
#include "store/memory_tables.h"

namespace signet::store {
namespace {

/// What a batch has added so far; taken back unless kept.
class UnfinishedBatch {
 public:
  explicit UnfinishedBatch(MemoryTables& tables) : tables_(tables) {}
  ~UnfinishedBatch() {
    for (auto commit = added_.rbegin(); commit != added_.rend(); ++commit) {
      tables_.take_back(**commit);
    }
  }
  UnfinishedBatch(const UnfinishedBatch&) = delete;
  UnfinishedBatch& operator=(const UnfinishedBatch&) = delete;

  void add(const Commit& commit) {
    added_.reserve(added_.size() + 1);
    tables_.add(commit);
    added_.push_back(&commit);
  }
  [[nodiscard]] std::vector<const audit::Event*> events() const {
    std::vector<const audit::Event*> events;
    for (const auto* commit : added_) {
      for (const auto& event : commit->events) events.push_back(&event);
    }
    return events;
  }
  void keep() {
    tables_.keep();
    added_.clear();
  }

 private:
  MemoryTables& tables_;
  std::vector<const Commit*> added_;
};

}  // namespace

struct MemoryEngine::Impl {
  std::shared_mutex mutex;
  MemoryTables tables;
  MemoryLeases leases;
  std::optional<ProfileEdition> profiles;  ///< the newest edition
};

MemoryEngine::MemoryEngine() : impl_(std::make_unique<Impl>()) {}
MemoryEngine::~MemoryEngine() = default;

std::vector<CommitOutcome> MemoryEngine::apply(std::span<const Commit* const> batch,
                                               audit::Journal& journal) {
  const std::unique_lock lock(impl_->mutex);
  std::vector<CommitOutcome> outcomes(batch.size());
  UnfinishedBatch unfinished(impl_->tables);
  for (std::size_t at = 0; at < batch.size(); ++at) {
    outcomes[at].conflict = impl_->tables.conflict(*batch[at]);
    if (!outcomes[at].conflict) unfinished.add(*batch[at]);
  }
  const auto events = unfinished.events();
  const auto written = events.empty() ? Result<void>{} : journal.append(events);
  if (!written) return {batch.size(), CommitOutcome::failure(written.error())};
  unfinished.keep();
  return outcomes;
}

Result<void> MemoryEngine::add_token(const SharedToken& token) {
  const std::unique_lock lock(impl_->mutex);
  if (impl_->tables.tokens().taken(token)) return token_exists(token.identification);
  impl_->tables.tokens().add(token);
  return {};
}

Result<void> MemoryEngine::revoke_token(ByteView id) {
  const std::unique_lock lock(impl_->mutex);
  if (!impl_->tables.tokens().revoke(id)) return token_not_found();
  return {};
}

Result<void> MemoryEngine::forget_failures(ByteView token_id) {
  const std::unique_lock lock(impl_->mutex);
  if (!impl_->tables.tokens().forget_failures(token_id)) return no_failures();
  return {};
}

Result<std::optional<SharedToken>> MemoryEngine::find_token(std::string_view identification) const {
  const std::shared_lock lock(impl_->mutex);
  return impl_->tables.tokens().find(identification);
}

Result<std::vector<SharedToken>> MemoryEngine::list_tokens() const {
  const std::shared_lock lock(impl_->mutex);
  return impl_->tables.tokens().list();
}

Result<TokenHistory> MemoryEngine::token_history(ByteView token_id) const {
  const std::shared_lock lock(impl_->mutex);
  return impl_->tables.tokens().history(token_id);
}

Result<std::vector<FailedToken>> MemoryEngine::failed_tokens(std::size_t least_failures) const {
  const std::shared_lock lock(impl_->mutex);
  return impl_->tables.tokens().failed(least_failures);
}

Result<void> MemoryEngine::for_each_changed(
    std::uint32_t shard, std::uint64_t since,
    const std::function<void(const StatusEntry&)>& take) const {
  const std::shared_lock lock(impl_->mutex);
  impl_->tables.for_each_changed(shard, since, take);
  return {};
}

Result<std::optional<CrlRecord>> MemoryEngine::find_crl(const CrlQuery& query) const {
  const std::shared_lock lock(impl_->mutex);
  return impl_->tables.crl(query);
}

Result<std::uint32_t> MemoryEngine::crl_shards() const {
  const std::shared_lock lock(impl_->mutex);
  return impl_->tables.crl_shards();
}

Result<std::optional<PendingChallenge>> MemoryEngine::find_challenge(ByteView id) const {
  const std::shared_lock lock(impl_->mutex);
  return impl_->tables.challenges().find(id);
}

Result<std::vector<PendingChallenge>> MemoryEngine::open_challenges(ByteView requester_hash,
                                                                    ByteView transaction_id,
                                                                    std::size_t most) const {
  const std::shared_lock lock(impl_->mutex);
  return impl_->tables.challenges().open_in(requester_hash, transaction_id, most);
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

Result<std::vector<CertificateRecord>> MemoryEngine::find_some_by_subject(ByteView subject_der,
                                                                          std::size_t most) const {
  auto found = TRY(find_by_subject(subject_der));
  if (found.size() > most) found.resize(most);
  return found;
}

Result<std::vector<CertificateRecord>> MemoryEngine::find_by_key(ByteView key_hash) const {
  const std::shared_lock lock(impl_->mutex);
  return impl_->tables.with_key(key_hash);
}

Result<std::vector<CertificateRecord>> MemoryEngine::find_certificates(const Query& query) const {
  const std::shared_lock lock(impl_->mutex);
  return impl_->tables.matching(query);
}

Result<Seen> MemoryEngine::seen_before(const AnsweredRequest& asked) const {
  const std::shared_lock lock(impl_->mutex);
  Seen seen;
  if (const auto* answer = impl_->tables.answered(asked.request_digest)) seen.answer = *answer;
  const bool is_its_own = seen.answer && seen.answer->requester_hash == asked.requester_hash &&
                          seen.answer->sender_nonce == asked.sender_nonce;
  seen.nonce_used =
      !is_its_own && impl_->tables.nonce_seen(asked.requester_hash, asked.sender_nonce);
  return seen;
}

Result<void> MemoryEngine::put_revocation_secret(const RevocationSecret& secret) {
  const std::unique_lock lock(impl_->mutex);
  if (!impl_->tables.row_of(secret.serial_number)) {
    return certificate_not_found(secret.serial_number);
  }
  impl_->tables.life().put(secret);
  return {};
}

Result<std::optional<ProfileEdition>> MemoryEngine::find_profiles(std::uint64_t after) const {
  const std::shared_lock lock(impl_->mutex);
  if (!impl_->profiles || impl_->profiles->number <= after) return std::optional<ProfileEdition>();
  return impl_->profiles;
}

Result<std::uint64_t> MemoryEngine::publish_profiles(const std::vector<ProfileFile>& files,
                                                     std::uint64_t seen, Time at) {
  const std::unique_lock lock(impl_->mutex);
  const auto newest = impl_->profiles ? impl_->profiles->number : 0;
  if (newest != seen) return edition_overtaken(seen);
  impl_->profiles = ProfileEdition{newest + 1, at, in_order(files)};
  return newest + 1;
}

Result<std::vector<OutboxEntry>> MemoryEngine::in_outbox(OutboxLine line, std::size_t most) const {
  const std::shared_lock lock(impl_->mutex);
  return impl_->tables.outbox().first(line, most);
}

Result<std::optional<PublicationChoice>> MemoryEngine::find_publication_choice(
    const Integer& serial) const {
  const std::shared_lock lock(impl_->mutex);
  return impl_->tables.outbox().choice_of(serial);
}

Result<void> MemoryEngine::take_from_outbox(std::span<const std::uint64_t> numbers) {
  const std::unique_lock lock(impl_->mutex);
  for (const auto number : numbers) impl_->tables.outbox().take(number);
  return {};
}

Result<std::optional<Lease>> MemoryEngine::take_lease(std::string_view name,
                                                      std::string_view holder,
                                                      std::chrono::milliseconds duration) {
  const std::unique_lock lock(impl_->mutex);
  return impl_->leases.take(name, holder, duration);
}

Result<void> MemoryEngine::give_lease_back(std::string_view name, std::string_view holder) {
  const std::unique_lock lock(impl_->mutex);
  impl_->leases.give_back(name, holder);
  return {};
}

Result<std::optional<PendingRequest>> MemoryEngine::find_pending(ByteView id) const {
  const std::shared_lock lock(impl_->mutex);
  return impl_->tables.life().find_pending(id);
}

Result<std::vector<PendingRequest>> MemoryEngine::list_pending(std::optional<PendingState> state,
                                                               std::size_t most,
                                                               ByteView after) const {
  const std::shared_lock lock(impl_->mutex);
  return impl_->tables.life().list_pending(state, most, after);
}

Result<std::size_t> MemoryEngine::count_waiting(ByteView requester_hash, Time now,
                                                std::size_t most) const {
  const std::shared_lock lock(impl_->mutex);
  const auto requests = impl_->tables.life().count_waiting(requester_hash, now);
  const auto challenges = impl_->tables.challenges().count_waiting(requester_hash, now);
  return std::min(requests + challenges, most);
}

Result<std::optional<AwaitedConfirmation>> MemoryEngine::find_awaited(const Integer& serial) const {
  const std::shared_lock lock(impl_->mutex);
  return impl_->tables.life().find_awaited(serial);
}

Result<std::vector<AwaitedConfirmation>> MemoryEngine::awaited_in(ByteView requester_hash,
                                                                  ByteView transaction_id) const {
  const std::shared_lock lock(impl_->mutex);
  return impl_->tables.life().awaited_in(requester_hash, transaction_id);
}

Result<std::vector<AwaitedConfirmation>> MemoryEngine::overdue(Time now, std::size_t most) const {
  const std::shared_lock lock(impl_->mutex);
  return impl_->tables.life().overdue(now, most);
}

Result<std::optional<RevocationSecret>> MemoryEngine::find_revocation_secret(
    const Integer& serial) const {
  const std::shared_lock lock(impl_->mutex);
  return impl_->tables.life().find_revocation_secret(serial);
}

}  // namespace signet::store
