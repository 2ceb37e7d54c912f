#pragma once

#include "codec/ocsp/cert_id.h"
#include "codec/pkix/certificate.h"

namespace signet::ocsp {

/// Request ::= SEQUENCE { reqCert CertID, singleRequestExtensions [0] EXPLICIT OPTIONAL }
struct Request {
  asn1::Encoded<CertID> req_cert;
  pkix::Extensions single_request_extensions;  ///< empty when absent
  bool operator==(const Request&) const = default;
};

/// TBSRequest ::= SEQUENCE { version [0] EXPLICIT DEFAULT v1, requestorName [1] EXPLICIT OPTIONAL,
///   requestList SEQUENCE OF Request, requestExtensions [2] EXPLICIT OPTIONAL }   (RFC 6960 §4.1.1)
struct TBSRequest {
  std::optional<pkix::GeneralName> requestor_name;
  std::vector<Request> request_list;    ///< written and read with one at least
  pkix::Extensions request_extensions;  ///< empty when absent
  bool operator==(const TBSRequest&) const = default;
};

/// Signature ::= SEQUENCE { signatureAlgorithm, signature, certs [0] EXPLICIT OPTIONAL }
struct Signature {
  pkix::AlgorithmIdentifier signature_algorithm;
  pkix::BitString signature;
  std::vector<pkix::Certificate> certs;
  bool operator==(const Signature&) const = default;
};

/// OCSPRequest ::= SEQUENCE { tbsRequest, optionalSignature [0] EXPLICIT Signature OPTIONAL }
struct OCSPRequest {
  asn1::Encoded<TBSRequest> tbs_request;  ///< `der` is what the signature is over
  std::optional<Signature> optional_signature;
  bool operator==(const OCSPRequest&) const = default;
};

/// Does not verify the signature, nor look into extensions. Faults: malformed (also a version
/// other than v1), too_large, too_deep, trailing_data.
Result<OCSPRequest> read_ocsp_request(ByteView der);
Bytes write_tbs_request(const TBSRequest& tbs_request);
/// `tbs_request_der` stands as it is.
Bytes write_ocsp_request(ByteView tbs_request_der,
                         const std::optional<Signature>& signature = std::nullopt);

/// Nonce ::= OCTET STRING (SIZE (1..128)), the value of its extension (RFC 9654 §2.1).
/// Faults: malformed (also a length out of bounds), trailing_data.
inline constexpr std::size_t kMostNonceOctets = 128;
Result<Bytes> read_nonce(ByteView extn_value);
Bytes write_nonce(ByteView nonce);

}  // namespace signet::ocsp
