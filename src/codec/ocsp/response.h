#pragma once

#include <span>
#include <variant>

#include "codec/ocsp/cert_id.h"
#include "codec/pkix/certificate.h"
#include "codec/pkix/crl_reason.h"

namespace signet::ocsp {

/// OCSPResponseStatus ::= ENUMERATED (RFC 6960 §4.2.1); 4 is not used.
enum class OCSPResponseStatus {
  successful = 0,
  malformedRequest = 1,
  internalError = 2,
  tryLater = 3,
  sigRequired = 5,
  unauthorized = 6,
};
/// As it stands above: "malformedRequest".
std::string_view to_text(OCSPResponseStatus status);

/// CertStatus ::= CHOICE { good [0] NULL, revoked [1] RevokedInfo, unknown [2] NULL }
struct Good {
  bool operator==(const Good&) const = default;
};
struct RevokedInfo {
  Time revocation_time;
  std::optional<pkix::CRLReason> revocation_reason;
  bool operator==(const RevokedInfo&) const = default;
};
struct Unknown {
  bool operator==(const Unknown&) const = default;
};
using CertStatus = std::variant<Good, RevokedInfo, Unknown>;

/// SingleResponse ::= SEQUENCE { certID, certStatus, thisUpdate, nextUpdate [0] EXPLICIT OPTIONAL,
///                               singleExtensions [1] EXPLICIT OPTIONAL }
struct SingleResponse {
  asn1::Encoded<CertID> cert_id;
  CertStatus cert_status;
  Time this_update;
  std::optional<Time> next_update;
  pkix::Extensions single_extensions;  ///< empty when absent
  bool operator==(const SingleResponse&) const = default;
};

/// byKey: SHA-1 of the responder's public key, as in issuerKeyHash.
struct KeyHash {
  Bytes octets;
  bool operator==(const KeyHash&) const = default;
};
/// ResponderID ::= CHOICE { byName [1] EXPLICIT Name, byKey [2] EXPLICIT KeyHash }
using ResponderID = std::variant<pkix::Name, KeyHash>;

/// ResponseData ::= SEQUENCE { version [0] EXPLICIT DEFAULT v1, responderID, producedAt,
///   responses SEQUENCE OF SingleResponse, responseExtensions [1] EXPLICIT OPTIONAL }
struct ResponseData {
  ResponderID responder_id;
  Time produced_at;
  std::vector<SingleResponse> responses;
  pkix::Extensions response_extensions;  ///< empty when absent
  bool operator==(const ResponseData&) const = default;
};

/// BasicOCSPResponse ::= SEQUENCE { tbsResponseData, signatureAlgorithm, signature,
///                                  certs [0] EXPLICIT OPTIONAL }
struct BasicOCSPResponse {
  asn1::Encoded<ResponseData> tbs_response_data;  ///< `der` is what the signature is over
  pkix::AlgorithmIdentifier signature_algorithm;
  pkix::BitString signature;
  std::vector<pkix::Certificate> certs;
  bool operator==(const BasicOCSPResponse&) const = default;
};

/// ResponseBytes ::= SEQUENCE { responseType OBJECT IDENTIFIER, response OCTET STRING }
struct ResponseBytes {
  asn1::Oid response_type;
  Bytes response;  ///< DER of the type named: id-pkix-ocsp-basic → BasicOCSPResponse
  bool operator==(const ResponseBytes&) const = default;
};

/// OCSPResponse ::= SEQUENCE { responseStatus, responseBytes [0] EXPLICIT OPTIONAL }
struct OCSPResponse {
  OCSPResponseStatus response_status = OCSPResponseStatus::successful;
  std::optional<ResponseBytes> response_bytes;
  bool operator==(const OCSPResponse&) const = default;
};

/// Faults: malformed (also a successful response without responseBytes, or another one with them),
/// too_large, too_deep, trailing_data.
Result<OCSPResponse> read_ocsp_response(ByteView der);
Bytes write_ocsp_response(const OCSPResponse& response);

/// Does not verify the signature, nor that times are in order. Faults: as read_ocsp_response.
Result<BasicOCSPResponse> read_basic_ocsp_response(ByteView der);
Bytes write_response_data(const ResponseData& data);
/// The three parts and `certs` put together; `tbs_response_data_der` stands as it is.
struct BasicOCSPResponseParts {
  ByteView tbs_response_data_der;
  const pkix::AlgorithmIdentifier& signature_algorithm;
  const pkix::BitString& signature;
  std::span<const pkix::Certificate> certs;
};
Bytes write_basic_ocsp_response(const BasicOCSPResponseParts& parts);

}  // namespace signet::ocsp
