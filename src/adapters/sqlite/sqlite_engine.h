#pragma once

#include <memory>
#include <string>

#include "store/certificate_store.h"
#include "store/lease.h"

namespace signet::sqlite {

/// The embedded store: one SQLite file, WAL, synchronous=FULL; schema by versioned migrations.
/// Reads use their own connections, pooled, one thread at a time each; apply() has the writing one.
class SqliteEngine final : public store::Engine, public store::LeaseStore {
 public:
  /// Opens or creates; migrates an older schema. Faults: storage_failed (detail: path, SQLite's
  /// words, what to do), bad_configuration when the file was written by a newer Signet.
  static Result<std::unique_ptr<SqliteEngine>> open(const std::string& path);
  /// For who only asks, beside a server of whichever version: the file is neither made nor changed.
  /// Faults: as open; bad_configuration also when its schema is an older Signet's.
  static Result<std::unique_ptr<const SqliteEngine>> open_to_read(const std::string& path);
  ~SqliteEngine() override;

  Result<std::optional<store::CertificateRecord>> find_certificate(
      const store::Integer& serial) const override;
  Result<std::vector<store::CertificateRecord>> find_by_subject(
      ByteView subject_der) const override;
  Result<std::vector<store::CertificateRecord>> find_some_by_subject(
      ByteView subject_der, std::size_t most) const override;
  Result<std::vector<store::CertificateRecord>> find_by_key(ByteView key_hash) const override;
  Result<std::vector<store::CertificateRecord>> find_certificates(
      const Query& query) const override;
  Result<store::Seen> seen_before(const store::AnsweredRequest& asked) const override;
  Result<std::optional<store::SharedToken>> find_token(
      std::string_view identification) const override;
  Result<std::vector<store::SharedToken>> list_tokens() const override;
  Result<store::TokenHistory> token_history(ByteView token_id) const override;
  Result<std::vector<store::FailedToken>> failed_tokens(std::size_t least_failures) const override;
  Result<void> for_each_changed(
      std::uint32_t shard, std::uint64_t since,
      const std::function<void(const store::StatusEntry&)>& take) const override;
  Result<std::optional<store::CrlRecord>> find_crl(const store::CrlQuery& query) const override;
  Result<std::uint32_t> crl_shards() const override;
  Result<std::optional<store::PendingChallenge>> find_challenge(ByteView id) const override;
  Result<std::vector<store::PendingChallenge>> open_challenges(ByteView requester_hash,
                                                               ByteView transaction_id,
                                                               std::size_t most) const override;
  Result<std::optional<store::PendingRequest>> find_pending(ByteView id) const override;
  Result<std::vector<store::PendingRequest>> list_pending(std::optional<store::PendingState> state,
                                                          std::size_t most,
                                                          ByteView after) const override;
  Result<std::size_t> count_waiting(ByteView requester_hash, Time now,
                                    std::size_t most) const override;
  Result<std::optional<store::AwaitedConfirmation>> find_awaited(
      const store::Integer& serial) const override;
  Result<std::vector<store::AwaitedConfirmation>> awaited_in(
      ByteView requester_hash, ByteView transaction_id) const override;
  Result<std::vector<store::AwaitedConfirmation>> overdue(Time now,
                                                          std::size_t most) const override;
  Result<std::optional<store::RevocationSecret>> find_revocation_secret(
      const store::Integer& serial) const override;
  Result<std::optional<store::ProfileEdition>> find_profiles(std::uint64_t after) const override;
  Result<std::vector<store::OutboxEntry>> in_outbox(store::OutboxLine line,
                                                    std::size_t most) const override;
  Result<std::optional<store::PublicationChoice>> find_publication_choice(
      const store::Integer& serial) const override;
  std::vector<store::CommitOutcome> apply(std::span<const store::Commit* const> batch,
                                          audit::Journal& journal) override;
  /// Carries SQLite's log over into the file, once it is worth it.
  void tidy() override;
  Result<void> add_token(const store::SharedToken& token) override;
  Result<void> revoke_token(ByteView id) override;
  Result<void> forget_failures(ByteView token_id) override;
  Result<void> put_revocation_secret(const store::RevocationSecret& secret) override;
  Result<std::uint64_t> publish_profiles(const std::vector<store::ProfileFile>& files,
                                         std::uint64_t seen, Time at) override;
  Result<void> take_from_outbox(std::span<const std::uint64_t> numbers) override;
  /// Where a journal stood when the store was last closed in order, or since then at some batch of
  /// which it tells: one each time that the log was carried over. None: it never told of one.
  /// Faults: storage_failed.
  [[nodiscard]] Result<std::optional<audit::JournalMark>> find_journal_mark(
      std::string_view journal) const;
  Result<std::optional<store::Lease>> take_lease(std::string_view name, std::string_view holder,
                                                 std::chrono::milliseconds duration) override;
  Result<void> give_lease_back(std::string_view name, std::string_view holder) override;

 private:
  struct Impl;
  explicit SqliteEngine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace signet::sqlite
