#pragma once

#include <array>
#include <map>
#include <set>

#include "store/certificate_store.h"
#include "store/memory_challenges.h"
#include "store/memory_life.h"
#include "store/memory_outbox.h"
#include "store/memory_tokens.h"

namespace signet::store {

/// The rows of MemoryEngine and their indexes. Rows are added at the end and taken away from the
/// end only, so a batch that fails is taken back commit by commit, the last one first.
class MemoryTables {
 public:
  using Row = std::size_t;  ///< place in the list of certificates

  /// The first condition that does not hold.
  [[nodiscard]] std::optional<Conflict> conflict(const Commit& commit) const;
  /// Its conditions hold.
  void add(const Commit& commit);
  /// It was the last one added.
  void take_back(const Commit& commit);

  [[nodiscard]] std::optional<Row> row_of(const Integer& serial) const;
  [[nodiscard]] const CertificateRecord& certificate(Row row) const { return certificates_[row]; }
  void change_status(Row row, const StatusChange& change);
  void for_each_changed(std::uint32_t shard, std::uint64_t since,
                        const std::function<void(const StatusEntry&)>& take) const;
  [[nodiscard]] std::optional<CrlRecord> crl(const CrlQuery& query) const;
  [[nodiscard]] std::uint32_t crl_shards() const;

  // Newest first.
  [[nodiscard]] std::vector<CertificateRecord> with_subject(ByteView subject_der) const;
  [[nodiscard]] std::vector<CertificateRecord> with_key(ByteView key_hash) const;
  [[nodiscard]] std::vector<CertificateRecord> matching(const CertificateStore::Query& query) const;

  /// Null when there is none.
  [[nodiscard]] const AnsweredRequest* answered(ByteView request_digest) const;
  [[nodiscard]] bool nonce_seen(ByteView requester_hash, ByteView sender_nonce) const;

  MemoryTokens& tokens() { return tokens_; }
  [[nodiscard]] const MemoryTokens& tokens() const { return tokens_; }
  [[nodiscard]] const MemoryChallenges& challenges() const { return challenges_; }
  MemoryLife& life() { return life_; }
  [[nodiscard]] const MemoryLife& life() const { return life_; }
  MemoryOutbox& outbox() { return outbox_; }
  [[nodiscard]] const MemoryOutbox& outbox() const { return outbox_; }
  /// What was added stays.
  void keep() {
    tokens_.keep();
    outbox_.keep();
    challenges_.keep();
    life_.keep();
    before_change_.clear();
  }

 private:
  using RowsOf = std::map<Bytes, std::vector<Row>>;
  using TimeOrder = std::set<std::pair<Time, Row>>;  ///< in one second, the later row is newer

  [[nodiscard]] std::optional<Conflict> conflict(const AnsweredRequest& request) const;
  [[nodiscard]] bool may_change(const StatusChange& change) const;
  struct Before {
    CertificateRecord record;
    std::uint64_t change = 0;
  };
  /// Its last change is then the one numbered `change`; 0: none.
  void replace(Row row, CertificateRecord changed, std::uint64_t change);
  void set_change(Row row, std::uint64_t change);
  [[nodiscard]] std::uint64_t next_change(std::uint32_t shard) const;
  [[nodiscard]] std::optional<std::uint64_t> latest_crl_number(std::uint32_t shard) const;
  [[nodiscard]] bool serial_taken(const IssuanceIntent& intent) const;
  [[nodiscard]] bool serial_taken(const CertificateRecord& certificate) const;
  [[nodiscard]] bool still_known(const KeyCondition& key) const;
  [[nodiscard]] bool still_known(const SubjectCondition& subject) const;
  [[nodiscard]] std::vector<CertificateRecord> newest_first(const RowsOf& index,
                                                            ByteView value) const;
  void add(const CertificateRecord& certificate);
  void take_back_last_certificate();
  TimeOrder& with_status(CertificateStatus status) {
    return by_status_[static_cast<std::size_t>(status)];
  }

  std::vector<CertificateRecord> certificates_;
  std::map<Integer, Row> by_serial_;
  RowsOf by_subject_;
  RowsOf by_key_;
  TimeOrder by_time_;
  std::array<TimeOrder, 3> by_status_;
  std::vector<std::uint64_t> last_changes_;  ///< of each certificate; 0: none
  std::map<std::pair<std::uint32_t, std::uint64_t>, Row> by_change_;  ///< shard, change
  std::map<Integer, Bytes> intended_tbs_digests_;
  std::map<Bytes, AnsweredRequest> answered_;
  std::set<std::pair<Bytes, Bytes>> nonces_;  ///< requester hash, sender nonce
  MemoryTokens tokens_;
  MemoryChallenges challenges_;
  MemoryLife life_;
  MemoryOutbox outbox_;
  std::vector<CrlRecord> crls_;
  std::vector<Before> before_change_;  ///< of the statuses changed since keep()
};

}  // namespace signet::store
