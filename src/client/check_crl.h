#pragma once

#include "client/check_status.h"
#include "codec/pkix/certificate.h"

namespace signet::client {

/// Whether a CRL is the issuer's own. Faults: bad_signature, untrusted_signer (another's).
Result<void> check_crl_of(const pkix::Certificate& issuer, const pkix::CertificateList& crl);

/// Begun, and not over. Faults: stale_time.
Result<void> check_in_force(const pkix::TBSCertList& crl, Time now);

/// A CRL of the issuer, its signature verified, and what it says of one certificate: that is all
/// that is kept of it, however large it is. Made by look_through alone.
class CrlFinding {
 public:
  [[nodiscard]] const pkix::TBSCertList& head() const { return head_; }  ///< without entries
  [[nodiscard]] const std::optional<pkix::RevokedCertificate>& entry() const { return entry_; }

 private:
  friend Result<CrlFinding> look_through(ByteView crl, const pkix::Certificate& certificate,
                                         const pkix::Certificate& issuer);
  CrlFinding() = default;
  pkix::TBSCertList head_;
  std::optional<pkix::RevokedCertificate> entry_;
};
/// Faults: malformed, too_large (beyond pkix::kLargestWalkedCrl), bad_signature, untrusted_signer
/// (another's).
Result<CrlFinding> look_through(ByteView crl, const pkix::Certificate& certificate,
                                const pkix::Certificate& issuer);

/// What a full CRL says of the certificate: one of all its issuer's certificates, or of those that
/// name its issuing distribution point (RFC 5280 §6.3.3 (b)(2)). Faults: stale_time (nextUpdate is
/// over), crl_not_found (it is about other certificates), unsupported_message (a delta; a critical
/// extension that we do not know).
Result<CertificateStanding> standing_by(const CrlFinding& full,
                                        const pkix::Certificate& certificate, Time now);
/// The same from a full CRL and a delta that goes with it (RFC 5280 §5.2.4): of the same issuer and
/// key, about the same certificates, its base no later than the full one. A delta that is no newer
/// than the full CRL adds nothing. Faults: also crl_not_found (they do not belong together).
Result<CertificateStanding> standing_by(const CrlFinding& full, const CrlFinding& delta,
                                        const pkix::Certificate& certificate, Time now);

/// look_through and standing_by of a full CRL in one.
Result<CertificateStanding> look_up(ByteView crl, const pkix::Certificate& certificate,
                                    const pkix::Certificate& issuer, Time now);

/// Where the certificate says that its full CRL is, by HTTP: cRLDistributionPoints. Empty: nowhere.
std::string crl_address(const pkix::Certificate& certificate);
/// Where the certificate, or its full CRL, says that deltas are: freshestCRL. Empty: nowhere.
std::string delta_address(const pkix::Certificate& certificate, const CrlFinding& full);

}  // namespace signet::client
