#pragma once

#include "codec/pkix/certificate.h"

namespace signet::pkix {

/// CertificationRequestInfo (RFC 2986 §4.1). `attributes` may be empty, the [0] is always there.
struct CertificationRequestInfo {
  int version = 1;  ///< as printed by people: 1 (encoded 0)
  Name subject;
  SubjectPublicKeyInfo subject_public_key_info;
  std::vector<Attribute> attributes;
  bool operator==(const CertificationRequestInfo&) const = default;
};

/// CertificationRequest (RFC 2986 §4.2). `info.der` is what the signature is over.
/// Does not check the signature: see proof/possession.
struct CertificationRequest {
  Encoded<CertificationRequestInfo> info;
  AlgorithmIdentifier signature_algorithm;
  BitString signature;
  Bytes der;
  bool operator==(const CertificationRequest& other) const { return der == other.der; }
};

Result<CertificationRequest> read_certification_request(ByteView der);
/// At the reader's place.
Result<CertificationRequest> read_certification_request(asn1::Reader& reader);
Bytes write_certification_request_info(const CertificationRequestInfo& info);
Bytes write_certification_request(ByteView info_der, const AlgorithmIdentifier& algorithm,
                                  const BitString& signature);

/// The extensions that the request asks for (id-ExtensionReq); empty when there are none.
/// Two such attributes, or one with several values, are malformed.
Result<Extensions> requested_extensions(const CertificationRequestInfo& info);
Attribute extension_request(const Extensions& extensions);

}  // namespace signet::pkix
