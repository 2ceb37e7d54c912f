#include "codec/cmc/attr_value.h"
#include "codec/cmc/controls.h"

/// RFC 10002 §6.7 and §6.8: possession of keys that cannot sign, proven or vouched for.
namespace signet::cmc {
namespace {

using asn1::Reader;
using asn1::Writer;

/// EncryptedPOP ::= SEQUENCE { request TaggedRequest, cms ContentInfo, thePOPAlgID, witnessAlgID,
///   witness OCTET STRING }
Result<EncryptedPOP> read_encrypted(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  EncryptedPOP pop;
  pop.request = TRY(read_tagged_request(fields));
  pop.cms = TRY(cms::read_content_info(fields));
  pop.the_pop_alg_id = TRY(pkix::read_algorithm_identifier(fields));
  pop.witness_alg_id = TRY(pkix::read_algorithm_identifier(fields));
  pop.witness = TRY(fields.read_octet_string());
  TRY(fields.finish());
  return pop;
}

/// DecryptedPOP ::= SEQUENCE { bodyPartID, thePOPAlgID, thePOP OCTET STRING }
Result<DecryptedPOP> read_decrypted(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  DecryptedPOP pop;
  pop.body_part_id = TRY(read_body_part_id(fields));
  pop.the_pop_alg_id = TRY(pkix::read_algorithm_identifier(fields));
  pop.the_pop = TRY(fields.read_octet_string());
  TRY(fields.finish());
  return pop;
}

/// LraPopWitness ::= SEQUENCE { pkiDataBodyid BodyPartID, bodyIds SEQUENCE OF BodyPartID }
Result<LraPopWitness> read_lra(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  LraPopWitness witness;
  witness.pki_data_bodyid = TRY(read_body_part_id(fields));
  auto ids = TRY(fields.enter(asn1::kSequence));
  while (!ids.at_end()) witness.body_ids.push_back(TRY(read_body_part_id(ids)));
  TRY(fields.finish());
  return witness;
}

}  // namespace

Result<EncryptedPOP> read_encrypted_pop(ByteView der) {
  return read_value(der, read_encrypted);
}

Bytes write_encrypted_pop(const EncryptedPOPParts& parts) {
  return write_sequence_value([&](Writer& writer) {
    writer.raw(parts.tagged_request_der);
    writer.raw(parts.content_info_der);
    pkix::write_algorithm_identifier(writer, parts.the_pop_alg_id);
    pkix::write_algorithm_identifier(writer, parts.witness_alg_id);
    writer.octet_string(parts.witness);
  });
}

Result<DecryptedPOP> read_decrypted_pop(ByteView der) {
  return read_value(der, read_decrypted);
}

Bytes write_decrypted_pop(const DecryptedPOP& pop) {
  return write_sequence_value([&](Writer& writer) {
    write_body_part_id(writer, pop.body_part_id);
    pkix::write_algorithm_identifier(writer, pop.the_pop_alg_id);
    writer.octet_string(pop.the_pop);
  });
}

Result<LraPopWitness> read_lra_pop_witness(ByteView der) {
  return read_value(der, read_lra);
}

Bytes write_lra_pop_witness(const LraPopWitness& witness) {
  return write_sequence_value([&](Writer& writer) {
    write_body_part_id(writer, witness.pki_data_bodyid);
    write_body_part_list(writer, witness.body_ids);
  });
}

Bytes write_no_signature_value(ByteView sha1_digest) {
  return write_octets_value(sha1_digest);
}

}  // namespace signet::cmc
