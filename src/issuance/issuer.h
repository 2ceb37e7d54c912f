#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "crypto/private_key.h"
#include "issuance/crl_points.h"
#include "policy/approve.h"

namespace signet::issuance {

/// A certificate built and linted, its serial number drawn; not yet signed. Made by
/// prepare only.
class PreparedCertificate {
 public:
  [[nodiscard]] const pkix::TBSCertificate& tbs() const { return tbs_; }
  [[nodiscard]] const Bytes& tbs_der() const { return tbs_der_; }
  [[nodiscard]] const std::string& profile_id() const { return profile_id_; }
  [[nodiscard]] std::uint32_t crl_shard() const { return crl_shard_; }

 private:
  friend class Issuer;
  PreparedCertificate() = default;
  cmc::BodyPartID request_id_;
  std::string profile_id_;
  std::optional<store::KeyCondition> key_condition_;
  pkix::TBSCertificate tbs_;
  Bytes tbs_der_;
  std::uint32_t crl_shard_ = 0;
};

/// A certificate that we signed. Made by Issuer::sign only.
class IssuedCertificate {
 public:
  [[nodiscard]] cmc::BodyPartID request_id() const { return request_id_; }
  [[nodiscard]] const pkix::Certificate& certificate() const { return certificate_; }
  [[nodiscard]] const std::string& profile_id() const { return profile_id_; }
  [[nodiscard]] const std::optional<store::KeyCondition>& key_condition() const {
    return key_condition_;
  }
  [[nodiscard]] std::uint32_t crl_shard() const { return crl_shard_; }

 private:
  friend class Issuer;
  explicit IssuedCertificate(pkix::Certificate certificate)
      : certificate_(std::move(certificate)) {}
  cmc::BodyPartID request_id_;
  pkix::Certificate certificate_;
  std::string profile_id_;
  std::optional<store::KeyCondition> key_condition_;
  std::uint32_t crl_shard_ = 0;
};

/// The authority's name, certificate and key. Safe for many threads.
class Issuer {
 public:
  /// `chain`: the issuer's certificate first, up to (and with or without) the root.
  /// Faults: bad_configuration when key and certificate do not belong together, or the certificate
  /// may not sign certificates (basicConstraints, keyUsage).
  static Result<Issuer> make(std::vector<pkix::Certificate> chain,
                             std::shared_ptr<const crypto::PrivateKey> key);

  [[nodiscard]] const pkix::Certificate& certificate() const { return chain_.front(); }
  [[nodiscard]] const std::vector<pkix::Certificate>& chain() const { return chain_; }
  [[nodiscard]] const crypto::PrivateKey& key() const { return *key_; }

  /// A serial number drawn `now`, the shard of CRLs that goes with it, the TBSCertificate, and the
  /// lint.
  /// Faults: internal (lint, detail naming the rule).
  Result<PreparedCertificate> prepare(policy::ApprovedCertificate approved, RandomSource& random,
                                      PreciseTime now, const CrlPoints& points = {}) const;
  /// Signs the very octets that were linted. The first signature that an Issuer (or a copy of it)
  /// makes is verified with the certificate's key: a key store that signs with another key must not
  /// leave the house. Verifying each would cost as much as signing.
  /// Faults: signing_failed.
  Result<IssuedCertificate> sign(PreparedCertificate prepared) const;

 private:
  Issuer(std::vector<pkix::Certificate> chain, std::shared_ptr<const crypto::PrivateKey> key)
      : chain_(std::move(chain)), key_(std::move(key)) {}
  std::vector<pkix::Certificate> chain_;
  std::shared_ptr<const crypto::PrivateKey> key_;
  std::shared_ptr<std::atomic<bool>> verified_once_ = std::make_shared<std::atomic<bool>>(false);
};

/// The record of a certificate just issued.
store::CertificateRecord record_of(const IssuedCertificate& issued, std::string requester,
                                   Time issued_at);

}  // namespace signet::issuance
