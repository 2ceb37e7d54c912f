#pragma once

#include "codec/pkix/algorithm.h"

namespace signet::ocsp {

/// CertID ::= SEQUENCE { hashAlgorithm, issuerNameHash OCTET STRING, issuerKeyHash OCTET STRING,
///                       serialNumber }   (RFC 6960 §4.1.1)
struct CertID {
  pkix::AlgorithmIdentifier hash_algorithm;
  Bytes issuer_name_hash;  ///< of the issuer's Name, DER
  Bytes issuer_key_hash;   ///< of the contents of its subjectPublicKey, without the unused bits
  pkix::Integer serial_number;
  bool operator==(const CertID&) const = default;
};

/// `der` is the CertID as received. Does not check that the hashes have the algorithm's length.
/// Faults: malformed, too_large.
Result<asn1::Encoded<CertID>> read_cert_id(asn1::Reader& reader);
Bytes write_cert_id(const CertID& cert_id);

}  // namespace signet::ocsp
