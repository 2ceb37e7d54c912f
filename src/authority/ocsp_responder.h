#pragma once

#include "authority/ocsp_question.h"
#include "authority/ocsp_signer.h"
#include "base/log.h"
#include "codec/ocsp/response.h"
#include "crypto/recently_used.h"
#include "store/certificate_store.h"

namespace signet::authority {

struct OcspSettings {
  std::chrono::seconds validity = std::chrono::hours{1};  ///< from thisUpdate to nextUpdate
  std::chrono::days certificate_validity{7};
  std::size_t most_kept = 10'000;  ///< signed answers, the least recently used goes first
  std::size_t most_cert_ids = 32;  ///< in one request
};

/// How long an answer may serve whoever asks the same.
struct OcspFreshness {
  Time this_update;
  Time next_update;
  Time fresh_until;  ///< we sign another one from here on; before nextUpdate
  bool operator==(const OcspFreshness&) const = default;
};

struct OcspAnswer {
  ocsp::OCSPResponseStatus status = ocsp::OCSPResponseStatus::successful;
  Bytes octets;  ///< OCSPResponse
  /// Set when the answer is for everybody: one certificate of ours, no nonce.
  std::optional<OcspFreshness> freshness;
  bool was_kept = false;  ///< signed for an earlier request
  Time at = {};           ///< when it was asked for
};

/// Answers OCSP requests (RFC 6960, 9654, 5019) about what one key of the authority issued, from
/// what the store says at that moment, signed by a certificate of its own that is renewed when half
/// of its life is over. Safe for many threads; none waits for another's signature or for the disk's
/// writing.
///
/// Each answer is preceded by a look-up in the store: a signed answer is given again only while the
/// store still says the same, so a durable revocation shows in the next answer, whoever made it.
class OcspResponder {
 public:
  struct Parts {
    const issuance::Issuer& issuer;
    issuance::ShardRange shards = {};               ///< whose certificates this key issued
    pkix::AlgorithmIdentifier signature_algorithm;  ///< of the responder's certificate
    const store::CertificateStore& store;
    store::Committer& committer;
    const Clock& clock;
    RandomSource& random;
    Log& log;
    OcspSettings settings;
  };
  explicit OcspResponder(Parts parts);

  /// Always an answer: what is no request is malformedRequest; one that asks for no certificate of
  /// ours unauthorized; while the store fails or there is no valid certificate to sign with,
  /// tryLater.
  OcspAnswer respond(ByteView request_der);
  /// Makes key and certificate when there are none, or theirs are due: half of the life over, or
  /// revoked. The old ones sign until the new ones are on record. Whether it did.
  /// Faults: as make_ocsp_signer.
  Result<bool> renew_if_due();
  /// notAfter of the certificate that signs; none where there is none.
  [[nodiscard]] std::optional<Time> signs_until() const;

 private:
  struct Kept {
    ocsp::CertStatus cert_status;
    Bytes signer_key_hash;
    OcspFreshness freshness;
    Bytes octets;
  };
  /// What the store said, in the order of the question.
  struct Known {
    Time at;  ///< before it was asked
    std::vector<ocsp::CertStatus> statuses;
  };

  [[nodiscard]] std::shared_ptr<const OcspSigner> signer() const;
  [[nodiscard]] Result<bool> is_due(const OcspSigner& signer) const;
  /// None of ours: another key of the authority may have issued it.
  [[nodiscard]] Result<std::optional<store::CertificateRecord>> find_issued(
      const asn1::Integer& serial_number) const;
  [[nodiscard]] Result<Known> find_statuses(const OcspQuestion& question) const;
  std::optional<OcspAnswer> find_kept(const OcspQuestion& question, const Known& known,
                                      const OcspSigner& signer);
  OcspAnswer sign(const OcspQuestion& question, Known known, const OcspSigner& signer);
  OcspAnswer refuse(ocsp::OCSPResponseStatus status, const Error& why) const;

  Parts parts_;
  IssuerHashes hashes_;
  crypto::RecentlyUsed<std::shared_ptr<const Kept>> kept_;
  mutable std::mutex mutex_;  ///< of signer_, the pointer alone
  std::shared_ptr<const OcspSigner> signer_;
};

}  // namespace signet::authority
