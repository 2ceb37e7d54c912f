#pragma once

#include <map>
#include <set>
#include <span>

#include "adapters/postgres/connection.h"
#include "store/records.h"

namespace signet::postgres {

using Batch = std::span<const store::Commit* const>;

/// What stands, as far as the conditions of one batch look at it: read from the database before the
/// batch, then with each commit of the batch that holds. Rows that were there are locked until the
/// transaction ends; that none came meanwhile is for the unique keys to say.
class Conditions {
 public:
  /// In one round trip, inside the writer's transaction. Faults: storage_failed.
  static Result<Conditions> read(Connection& connection, Batch batch);

  /// The first condition that does not hold.
  [[nodiscard]] std::optional<store::Conflict> conflict(const store::Commit& commit) const;
  /// From now on the commit stands.
  void add(const store::Commit& commit);

  // What writing needs to know, before the commit is added.
  /// The place of the next certificate of this key among those of it; each is given once.
  std::int64_t next_key_ordinal(const Bytes& key_hash) { return keys_[key_hash].next_ordinal++; }
  [[nodiscard]] store::TokenHistory history(const Bytes& token_id) const;
  /// Whether the database had it, and so its row is locked.
  [[nodiscard]] bool had_history(const Bytes& token_id) const {
    return locked_histories_.contains(token_id);
  }
  [[nodiscard]] const store::PendingChallenge* challenge(const Bytes& id) const;
  [[nodiscard]] bool has_certificate(const store::Integer& serial) const {
    return statuses_.contains(serial);
  }
  [[nodiscard]] bool has_intent(const store::Integer& serial) const {
    return intended_.contains(serial);
  }
  [[nodiscard]] std::uint32_t shard(const store::Integer& serial) const;
  [[nodiscard]] std::uint64_t latest_crl_number(std::uint32_t shard) const;
  /// Of the next row: the database's time in microseconds, and one more each time.
  std::int64_t next_order() { return next_order_++; }

 private:
  struct Key {
    std::size_t certificates = 0;
    std::int64_t next_ordinal = 0;
  };
  struct Status {
    store::CertificateStatus status = store::CertificateStatus::valid;
    std::uint32_t shard = 0;
  };
  friend class ConditionReading;

  [[nodiscard]] std::optional<store::Conflict> conflict(const store::AnsweredRequest& asked) const;
  [[nodiscard]] bool serial_taken(const store::IssuanceIntent& intent) const;
  [[nodiscard]] bool serial_taken(const store::CertificateRecord& certificate) const;
  [[nodiscard]] bool serial_taken(const store::Commit& commit) const;
  [[nodiscard]] bool still_known(const store::KeyCondition& key) const;
  [[nodiscard]] bool still_known(const store::SubjectCondition& subject) const;
  [[nodiscard]] bool may_be_used(const store::TokenUse& use) const;
  [[nodiscard]] bool may_change(const store::ChallengeChange& change) const;
  [[nodiscard]] bool may_change(const store::StatusChange& change) const;
  [[nodiscard]] bool may_follow(const store::CrlRecord& crl) const;
  void add(const store::AnsweredRequest& request);
  void add(const store::CertificateRecord& certificate);
  void add(const store::ChallengeChange& change);

  std::int64_t next_order_ = 0;
  std::set<Bytes> answered_;
  std::set<std::pair<Bytes, Bytes>> nonces_;
  std::set<store::Integer> certificates_;
  std::map<store::Integer, Bytes> intended_;
  std::map<Bytes, Key> keys_;
  std::map<Bytes, std::size_t> subjects_;  ///< certificates of those on which a commit depends
  std::set<Bytes> revoked_tokens_;
  std::map<Bytes, store::TokenHistory> histories_;
  std::set<Bytes> locked_histories_;
  std::map<Bytes, store::PendingChallenge> challenges_;
  std::map<store::Integer, Status> statuses_;
  std::map<std::uint32_t, std::uint64_t> crl_numbers_;
  std::set<Bytes> open_requests_;
  std::set<store::Integer> awaited_;
};

}  // namespace signet::postgres
