#pragma once

#include <memory>

#include "store/certificate_store.h"
#include "store/lease.h"

namespace signet::store {

/// The store in memory: for tests and trials. Nothing survives the process.
class MemoryEngine : public Engine, public LeaseStore {
 public:
  MemoryEngine();
  ~MemoryEngine() override;
  Result<std::optional<CertificateRecord>> find_certificate(const Integer& serial) const override;
  Result<std::vector<CertificateRecord>> find_by_subject(ByteView subject_der) const override;
  Result<std::vector<CertificateRecord>> find_some_by_subject(ByteView subject_der,
                                                              std::size_t most) const override;
  Result<std::vector<CertificateRecord>> find_by_key(ByteView key_hash) const override;
  Result<std::vector<CertificateRecord>> find_certificates(const Query& query) const override;
  Result<Seen> seen_before(const AnsweredRequest& asked) const override;
  Result<std::optional<SharedToken>> find_token(std::string_view identification) const override;
  Result<std::vector<SharedToken>> list_tokens() const override;
  Result<TokenHistory> token_history(ByteView token_id) const override;
  Result<std::vector<FailedToken>> failed_tokens(std::size_t least_failures) const override;
  Result<void> for_each_changed(std::uint32_t shard, std::uint64_t since,
                                const std::function<void(const StatusEntry&)>& take) const override;
  Result<std::optional<CrlRecord>> find_crl(const CrlQuery& query) const override;
  Result<std::uint32_t> crl_shards() const override;
  Result<std::optional<PendingChallenge>> find_challenge(ByteView id) const override;
  Result<std::vector<PendingChallenge>> open_challenges(ByteView requester_hash,
                                                        ByteView transaction_id,
                                                        std::size_t most) const override;
  Result<std::optional<PendingRequest>> find_pending(ByteView id) const override;
  Result<std::vector<PendingRequest>> list_pending(std::optional<PendingState> state,
                                                   std::size_t most, ByteView after) const override;
  Result<std::size_t> count_waiting(ByteView requester_hash, Time now,
                                    std::size_t most) const override;
  Result<std::optional<AwaitedConfirmation>> find_awaited(const Integer& serial) const override;
  Result<std::vector<AwaitedConfirmation>> awaited_in(ByteView requester_hash,
                                                      ByteView transaction_id) const override;
  Result<std::vector<AwaitedConfirmation>> overdue(Time now, std::size_t most) const override;
  Result<std::optional<RevocationSecret>> find_revocation_secret(
      const Integer& serial) const override;
  Result<std::optional<ProfileEdition>> find_profiles(std::uint64_t after) const override;
  Result<std::vector<OutboxEntry>> in_outbox(OutboxLine line, std::size_t most) const override;
  Result<std::optional<PublicationChoice>> find_publication_choice(
      const Integer& serial) const override;
  std::vector<CommitOutcome> apply(std::span<const Commit* const> batch,
                                   audit::Journal& journal) override;
  Result<void> add_token(const SharedToken& token) override;
  Result<void> revoke_token(ByteView id) override;
  Result<void> forget_failures(ByteView token_id) override;
  Result<void> put_revocation_secret(const RevocationSecret& secret) override;
  Result<std::uint64_t> publish_profiles(const std::vector<ProfileFile>& files, std::uint64_t seen,
                                         Time at) override;
  Result<void> take_from_outbox(std::span<const std::uint64_t> numbers) override;
  Result<std::optional<Lease>> take_lease(std::string_view name, std::string_view holder,
                                          std::chrono::milliseconds duration) override;
  Result<void> give_lease_back(std::string_view name, std::string_view holder) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace signet::store
