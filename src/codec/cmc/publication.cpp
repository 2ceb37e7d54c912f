#include "codec/cmc/attr_value.h"
#include "codec/cmc/controls.h"

/// RFC 10002 §6.15 and §6.18: trust anchors and certificates made known, by their hashes.
namespace signet::cmc {
namespace {

using asn1::Reader;
using asn1::Writer;

/// SEQUENCE OF OCTET STRING
Result<std::vector<Bytes>> read_hashes(Reader& reader) {
  auto members = TRY(reader.enter(asn1::kSequence));
  std::vector<Bytes> hashes;
  while (!members.at_end()) hashes.push_back(TRY(members.read_octet_string()));
  return hashes;
}

void write_hashes(Writer& writer, const std::vector<Bytes>& hashes) {
  writer.sequence([&] {
    for (const auto& hash : hashes) writer.octet_string(hash);
  });
}

/// PublishTrustAnchors ::= SEQUENCE { seqNumber INTEGER, hashAlgorithm,
///   anchorHashes SEQUENCE OF OCTET STRING }
Result<PublishTrustAnchors> read_anchors(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  PublishTrustAnchors value;
  value.seq_number = TRY(fields.read_integer());
  value.hash_algorithm = TRY(pkix::read_algorithm_identifier(fields));
  value.anchor_hashes = TRY(read_hashes(fields));
  TRY(fields.finish());
  return value;
}

/// CMCPublicationInfo ::= SEQUENCE { hashAlg, certHashes SEQUENCE OF OCTET STRING,
///   pubInfo PKIPublicationInfo }
Result<CMCPublicationInfo> read_publication(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  CMCPublicationInfo value;
  value.hash_alg = TRY(pkix::read_algorithm_identifier(fields));
  value.cert_hashes = TRY(read_hashes(fields));
  value.pub_info = TRY(crmf::read_pki_publication_info(fields));
  TRY(fields.finish());
  return value;
}

}  // namespace

Result<PublishTrustAnchors> read_publish_trust_anchors(ByteView der) {
  return read_value(der, read_anchors);
}

Bytes write_publish_trust_anchors(const PublishTrustAnchors& value) {
  return write_sequence_value([&](Writer& writer) {
    writer.integer(value.seq_number);
    pkix::write_algorithm_identifier(writer, value.hash_algorithm);
    write_hashes(writer, value.anchor_hashes);
  });
}

Result<CMCPublicationInfo> read_cmc_publication_info(ByteView der) {
  return read_value(der, read_publication);
}

Bytes write_cmc_publication_info(const CMCPublicationInfo& value) {
  return write_sequence_value([&](Writer& writer) {
    pkix::write_algorithm_identifier(writer, value.hash_alg);
    write_hashes(writer, value.cert_hashes);
    crmf::write_pki_publication_info(writer, value.pub_info);
  });
}

}  // namespace signet::cmc
