#include "codec/cmc/attr_value.h"
#include "codec/cmc/controls.h"

/// RFC 10002 §6.2 and §6.3: what ties a request to a shared secret.
namespace signet::cmc {
namespace {

using asn1::Reader;
using asn1::Writer;

/// SEQUENCE { AlgorithmIdentifier, AlgorithmIdentifier, witness OCTET STRING }: the form of both.
template <typename Witness>
Result<Witness> read_witness(Reader& reader, AlgorithmIdentifier Witness::*first,
                             AlgorithmIdentifier Witness::*second) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  Witness read;
  read.*first = TRY(pkix::read_algorithm_identifier(fields));
  read.*second = TRY(pkix::read_algorithm_identifier(fields));
  read.witness = TRY(fields.read_octet_string());
  TRY(fields.finish());
  return read;
}

Bytes write_witness(const AlgorithmIdentifier& first, const AlgorithmIdentifier& second,
                    ByteView witness) {
  return write_sequence_value([&](Writer& writer) {
    pkix::write_algorithm_identifier(writer, first);
    pkix::write_algorithm_identifier(writer, second);
    writer.octet_string(witness);
  });
}

}  // namespace

/// IdentityProofV2 ::= SEQUENCE { proofAlgID, macAlgID, witness OCTET STRING }
Result<IdentityProofV2> read_identity_proof_v2(ByteView der) {
  return read_value(der, [](Reader& reader) {
    return read_witness(reader, &IdentityProofV2::proof_alg_id, &IdentityProofV2::mac_alg_id);
  });
}

Bytes write_identity_proof_v2(const IdentityProofV2& proof) {
  return write_witness(proof.proof_alg_id, proof.mac_alg_id, proof.witness);
}

/// PopLinkWitnessV2 ::= SEQUENCE { keyGenAlgorithm, macAlgorithm, witness OCTET STRING }
Result<PopLinkWitnessV2> read_pop_link_witness_v2(ByteView der) {
  return read_value(der, [](Reader& reader) {
    return read_witness(reader, &PopLinkWitnessV2::key_gen_algorithm,
                        &PopLinkWitnessV2::mac_algorithm);
  });
}

Bytes write_pop_link_witness_v2(const PopLinkWitnessV2& witness) {
  return write_witness(witness.key_gen_algorithm, witness.mac_algorithm, witness.witness);
}

}  // namespace signet::cmc
