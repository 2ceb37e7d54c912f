#pragma once

#include "adapters/sqlite/connection.h"
#include "adapters/sqlite/life_rows.h"
#include "adapters/sqlite/outbox_rows.h"
#include "adapters/sqlite/profile_rows.h"
#include "store/lease.h"
#include "store/records.h"

namespace signet::sqlite {

/// The writing connection with its statements prepared. One thread at a time.
class Writer {
 public:
  /// Opens or creates the file and brings it to the newest schema. Faults: as SqliteEngine::open.
  static Result<std::unique_ptr<Writer>> open(const std::string& path);

  Connection& connection() { return connection_; }

  /// Carries the log over into the file, where it has enough pages.
  void tidy();

  /// Writes what changes nothing, over what a commit that failed may have left in the log. Faults:
  /// storage_failed.
  Result<void> write_over();

  /// Adds the commit's rows, if all its conditions hold; else nothing, and says which one does not.
  /// Inside a transaction. Faults: storage_failed; then the transaction must be rolled back.
  Result<std::optional<store::Conflict>> add(const store::Commit& commit);

  /// Inside a transaction. Faults: storage_failed.
  Result<void> keep(const audit::JournalMark& mark);

  /// Faults: already_exists, storage_failed.
  Result<void> add_token(const store::SharedToken& token);
  /// Faults: unknown_identity, storage_failed.
  Result<void> revoke_token(ByteView id);
  /// As Engine::forget_failures.
  Result<void> forget_failures(ByteView token_id);
  /// Faults: certificate_not_found, storage_failed.
  Result<void> put_revocation_secret(const store::RevocationSecret& secret);
  /// Faults: already_exists, storage_failed.
  Result<std::uint64_t> publish_profiles(const std::vector<store::ProfileFile>& files,
                                         std::uint64_t seen, Time at) {
    return profiles_.publish(connection_, files, seen, at);
  }
  /// Faults: storage_failed.
  Result<void> take_from_outbox(std::span<const std::uint64_t> numbers) {
    return outbox_.take(connection_, numbers);
  }
  /// Faults: storage_failed.
  Result<std::optional<store::Lease>> take_lease(std::string_view name, std::string_view holder,
                                                 std::chrono::milliseconds duration);
  Result<void> give_lease_back(std::string_view name, std::string_view holder);

 private:
  explicit Writer(Connection connection) : connection_(std::move(connection)) {}
  Result<void> prepare();

  Result<std::optional<store::Conflict>> conflict(const store::Commit& commit);
  Result<std::optional<store::Conflict>> conflict(const store::AnsweredRequest& request);
  Result<bool> exists(const store::Integer& serial);
  Result<bool> serial_taken(const store::IssuanceIntent& intent);
  Result<bool> serial_taken(const store::CertificateRecord& certificate);
  Result<bool> serial_taken(const store::Commit& commit);
  Result<bool> still_known(const store::KeyCondition& key);
  Result<bool> still_known(const store::SubjectCondition& subject);
  Result<bool> may_be_used(const store::TokenUse& use);
  Result<std::optional<store::PendingChallenge>> find_challenge(ByteView id);
  Result<bool> may_change(const store::ChallengeChange& change);
  Result<void> add(const store::PendingChallenge& challenge);
  Result<void> apply(const store::ChallengeChange& change);
  Result<bool> may_change(const store::StatusChange& change);
  Result<void> apply(const store::StatusChange& change);
  Result<bool> follows_latest(const store::CrlRecord& crl);
  Result<void> add(const store::CrlRecord& crl);

  Connection connection_;
  Statement certificate_exists_;
  Statement who_has_serial_;
  Statement count_by_key_;
  Statement count_by_subject_;
  Statement digest_of_nonce_;
  Statement request_answered_;
  Statement add_certificate_;
  Statement add_answered_;
  Statement add_intent_;
  Statement change_status_;
  Statement token_revoked_;
  Statement token_history_;
  Statement count_token_use_;
  Statement count_token_failure_;
  Statement token_taken_;
  Statement add_token_;
  Statement revoke_token_;
  Statement forget_failures_;
  Statement find_challenge_;
  Statement add_challenge_;
  Statement change_challenge_;
  Statement forget_challenges_;
  Statement has_status_;
  Statement latest_crl_number_;
  Statement add_crl_;
  Statement forget_crls_;
  Statement take_lease_;
  Statement give_lease_back_;
  Statement keep_journal_mark_;
  LifeWriter life_;
  ProfileWriter profiles_;
  OutboxWriter outbox_;
};

}  // namespace signet::sqlite
