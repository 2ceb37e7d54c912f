#pragma once

#include <memory>

#include "store/certificate_store.h"

namespace signet::store {

/// The store in memory: for tests and trials. Nothing survives the process.
class MemoryEngine final : public Engine {
 public:
  MemoryEngine();
  ~MemoryEngine() override;
  Result<std::optional<CertificateRecord>> find_certificate(const Integer& serial) const override;
  Result<std::vector<CertificateRecord>> find_by_subject(ByteView subject_der) const override;
  Result<std::vector<CertificateRecord>> find_by_key(ByteView key_hash) const override;
  Result<std::vector<CertificateRecord>> find_certificates(const Query& query) const override;
  Result<std::optional<AnsweredRequest>> find_answered(ByteView request_digest) const override;
  Result<bool> nonce_seen(ByteView requester_hash, ByteView sender_nonce) const override;
  std::vector<CommitOutcome> apply(std::span<const Commit* const> batch,
                                   audit::Journal& journal) override;
  Result<void> change_status(const Integer& serial, CertificateStatus status, Time at,
                             int reason) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace signet::store
