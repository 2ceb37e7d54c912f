#pragma once

#include "adapters/takeover/directory_entry.h"
#include "adapters/takeover/issuing_authority.h"
#include "adapters/takeover/request_index.h"
#include "store/records.h"

namespace signet::takeover {

/// A certificate of Dogtag's directory as a record of ours.
struct TakenCertificate {
  store::CertificateRecord record;
  std::string request_id;           ///< Dogtag's, decimal; empty: not known
  std::string revocation_verifier;  ///< its secret (proof/identity/revocation_verifier.h), or empty
  /// In what the record differs from the directory, or is doubtful: sentences without names.
  std::vector<std::string> remarks;
};

/// What it takes to read one. References live as long as this value.
struct Reading {
  const IssuingAuthority& authority;
  RequestIndex& requests;
  ToUtc to_utc;
};

/// A certificateRecord:
///
///   serialno, userCertificate;binary, certStatus (VALID, INVALID: not yet valid, REVOKED, EXPIRED,
///   REVOKED_EXPIRED), revInfo, revokedOn, dateOfCreate, dateOfModify, issuedBy,
///   metaInfo (requestId, profileId, revShrTok)
///
/// REVOKED with certificateHold is on hold. A reason that no CRL may have becomes unspecified, a
/// revocation without date takes the next best one: a revocation is never lost. The requester is
/// the request's, else issuedBy, with the request id after it.
/// Faults, their detail the reason for the report: certificate_not_found (no certificate in it),
/// malformed, untrusted_signer, bad_signature.
Result<TakenCertificate> read_certificate_record(const ldif::Entry& entry, const Reading& reading);

/// The certificate of a certificateRecord. Faults: certificate_not_found, malformed.
Result<pkix::Certificate> read_user_certificate(const ldif::Entry& entry);

/// In the order in which their presence decides who asked: the signer's subject, the directory's
/// entry, the user's name. Empty when the request says nothing.
Requested read_requested(const ldif::Entry& request);

}  // namespace signet::takeover
