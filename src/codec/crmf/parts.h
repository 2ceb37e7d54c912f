#pragma once

#include "codec/crmf/crmf.h"

/// What the sources of this room share.
namespace signet::crmf {

Result<AttributeTypeAndValue> read_attribute_type_and_value(asn1::Reader& reader);

Result<ProofOfPossession> read_proof_of_possession(asn1::Reader& reader);
void write_proof_of_possession(asn1::Writer& writer, const ProofOfPossession& popo);

}  // namespace signet::crmf
