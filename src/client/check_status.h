#pragma once

#include "base/random_source.h"
#include "codec/ocsp/request.h"
#include "codec/ocsp/response.h"
#include "codec/pkix/certificate.h"

namespace signet::client {

/// What an authority says of a certificate.
struct CertificateStanding {
  enum class Status { good, revoked, unknown };
  Status status = Status::unknown;
  std::optional<Time> revoked_at = {};
  std::optional<int> reason = {};  ///< CRLReason
  Time this_update = {};
  std::optional<Time> next_update = {};
};

/// An OCSP question (RFC 6960) with a nonce, and what checks its answer.
struct StatusQuestion {
  Bytes octets;
  Bytes cert_id_der;
  Bytes nonce;
};
Result<StatusQuestion> ask_status(const pkix::Certificate& certificate,
                                  const pkix::Certificate& issuer, RandomSource& random);

/// Checks an OCSP answer: signed by the issuer, or by a certificate that the issuer made for OCSP
/// (§4.2.2.2); about this certificate, with our nonce, of this time.
/// Faults: malformed, bad_signature, untrusted_signer, replayed (another nonce), stale_time,
/// certificate_not_found (it is about others), busy and directory_unreachable (the responder's own
/// refusal).
Result<CertificateStanding> read_status(ByteView ocsp_response, const StatusQuestion& question,
                                        const pkix::Certificate& issuer, Time now);

/// A CRL that is the issuer's own. Faults: malformed, bad_signature, untrusted_signer (another's).
Result<pkix::CertificateList> read_crl_of(const pkix::Certificate& issuer, ByteView crl);

/// The same from a full CRL of the issuer: of all its certificates, or of those that name its
/// issuing distribution point (RFC 5280 §6.3.3 (b)(2)). Faults: malformed, bad_signature,
/// untrusted_signer (another's), stale_time (nextUpdate is over), crl_not_found (it is about other
/// certificates), unsupported_message (a delta; a critical extension that we do not know).
Result<CertificateStanding> look_up(ByteView crl, const pkix::Certificate& certificate,
                                    const pkix::Certificate& issuer, Time now);

/// Where the certificate says that its full CRL is, by HTTP: cRLDistributionPoints. Empty: nowhere.
std::string crl_address(const pkix::Certificate& certificate);

}  // namespace signet::client
