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
  std::optional<pkix::CRLReason> reason = {};
  Time this_update = {};
  std::optional<Time> next_update = {};
  bool by_delta = false;  ///< a delta CRL had a say in it
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

}  // namespace signet::client
