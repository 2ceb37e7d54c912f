#pragma once

#include <span>

#include "audit/event.h"
#include "store/records.h"

namespace signet::store {

/// What may be asked of the past. Reads see every commit that was answered durable.
/// All look-ups are indexed. Faults: storage_failed. Safe for many threads.
class CertificateStore {
 public:
  virtual ~CertificateStore() = default;
  virtual Result<std::optional<CertificateRecord>> find_certificate(
      const Integer& serial) const = 0;
  virtual Result<std::vector<CertificateRecord>> find_by_subject(ByteView subject_der) const = 0;
  virtual Result<std::vector<CertificateRecord>> find_by_key(ByteView key_hash) const = 0;

  struct Query {
    std::optional<CertificateStatus> status = {};
    std::optional<Time> issued_from = {};  ///< inclusive
    std::optional<Time> issued_to = {};    ///< exclusive
    std::size_t most = 100;
  };
  /// Newest first.
  virtual Result<std::vector<CertificateRecord>> find_certificates(const Query& query) const = 0;
  virtual Result<std::optional<AnsweredRequest>> find_answered(ByteView request_digest) const = 0;
  virtual Result<bool> nonce_seen(ByteView requester_hash, ByteView sender_nonce) const = 0;
};

/// A store that can be written: memory, SQLite, PostgreSQL.
class Engine : public CertificateStore {
 public:
  /// Applies the commits in order, each by itself all or nothing, its conditions checked against
  /// what stands then. The events of those that hold go to `journal` before the batch is made
  /// durable; when the journal fails, the whole batch fails. When this returns, every commit whose
  /// outcome is durable() is on disk. One outcome for each commit, in order.
  virtual std::vector<CommitOutcome> apply(std::span<const Commit* const> batch,
                                           audit::Journal& journal) = 0;
  /// Changes a certificate's status. Durable when it returns. Faults: certificate_not_found,
  /// storage_failed.
  virtual Result<void> change_status(const Integer& serial, CertificateStatus status, Time at,
                                     int reason) = 0;
};

}  // namespace signet::store
