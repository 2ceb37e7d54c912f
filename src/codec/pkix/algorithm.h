#pragma once

#include <optional>

#include "base/bytes.h"
#include "codec/asn1/encoded.h"
#include "codec/asn1/reader.h"
#include "codec/asn1/writer.h"

namespace signet::pkix {

using asn1::BitString;
using asn1::Encoded;
using asn1::Integer;
using asn1::Oid;

/// AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }
struct AlgorithmIdentifier {
  Oid algorithm;
  std::optional<Bytes> parameters;  ///< whole TLV; none when absent; 05 00 for NULL
  bool operator==(const AlgorithmIdentifier&) const = default;
};

Result<AlgorithmIdentifier> read_algorithm_identifier(asn1::Reader& reader,
                                                      asn1::Tag tag = asn1::kSequence);
/// One that is all of `octets`, such as the parameters of another. Faults: also trailing_data.
Result<AlgorithmIdentifier> read_algorithm_identifier(ByteView octets, asn1::Limits limits);
void write_algorithm_identifier(asn1::Writer& writer, const AlgorithmIdentifier& algorithm,
                                asn1::Tag tag = asn1::kSequence);

/// SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING }
/// `der` is the whole element with the SEQUENCE tag, also where it stood under an IMPLICIT one.
/// Says nothing about whether the key is a good one: see crypto/public_key.h.
struct SubjectPublicKeyInfo {
  AlgorithmIdentifier algorithm;
  BitString subject_public_key;
  Bytes der;
  bool operator==(const SubjectPublicKeyInfo& other) const { return der == other.der; }
};

Result<SubjectPublicKeyInfo> read_subject_public_key_info(asn1::Reader& reader,
                                                          asn1::Tag tag = asn1::kSequence);
/// DER, all of `octets`. Faults: also trailing_data.
Result<SubjectPublicKeyInfo> read_subject_public_key_info(ByteView octets);

/// Attribute ::= SEQUENCE { type OBJECT IDENTIFIER, values SET OF ANY }
struct Attribute {
  Oid type;
  std::vector<Bytes> values;  ///< whole TLVs, in the order received
  bool operator==(const Attribute&) const = default;
};

Result<Attribute> read_attribute(asn1::Reader& reader);
void write_attribute(asn1::Writer& writer, const Attribute& attribute);
/// SET OF Attribute: all that `reader` holds. The same type twice is malformed.
Result<std::vector<Attribute>> read_attributes(asn1::Reader reader);
/// The one attribute of this type, or null. Does not look for a second.
const Attribute* find_attribute(const std::vector<Attribute>& attributes, const Oid& type);

}  // namespace signet::pkix
