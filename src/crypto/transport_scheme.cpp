#include "crypto/transport_scheme.h"

#include "codec/asn1/whole.h"
#include "codec/pkix/oids.h"

namespace signet::crypto {
namespace {

constexpr asn1::Oid kPSpecified{"1.2.840.113549.1.1.9"};

/// PSourceAlgorithm ::= AlgorithmIdentifier { id-pSpecified, OCTET STRING } (RFC 4055 §4.1)
Result<Bytes> read_label(asn1::Reader& tagged) {
  const auto source = TRY(pkix::read_algorithm_identifier(tagged));
  TRY(tagged.finish());
  if (source.algorithm != kPSpecified || !source.parameters) {
    return Error{Fault::unsupported_algorithm, "OAEP label that is not spelled out"};
  }
  return asn1::read_whole(*source.parameters, asn1::Limits::der(),
                          [](asn1::Reader& reader) { return reader.read_octet_string(); });
}

///   RSAES-OAEP-params ::= SEQUENCE {
///     hashFunc    [0] AlgorithmIdentifier DEFAULT sha1Identifier,
///     maskGenFunc [1] AlgorithmIdentifier DEFAULT mgf1SHA1Identifier,
///     pSourceFunc [2] AlgorithmIdentifier DEFAULT pSpecifiedEmptyIdentifier }
Result<OaepParameters> read_oaep_parameters(ByteView tlv) {
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader outer{tlv, budget};
  auto sequence = TRY(outer.enter(asn1::kSequence));
  TRY(outer.finish());
  OaepParameters parameters;
  parameters.hashes = TRY(read_hash_and_mask(sequence));
  if (auto tagged = TRY(sequence.enter_optional(asn1::context_constructed(2)))) {
    parameters.label = TRY(read_label(*tagged));
  }
  TRY(sequence.finish());
  return parameters;
}

Error unsupported_transport(const AlgorithmIdentifier& algorithm, std::string_view why) {
  return {Fault::unsupported_algorithm,
          "key transport " + algorithm.algorithm.to_text() + " " + std::string(why)};
}

}  // namespace

Result<std::optional<OaepParameters>> transport_scheme(const AlgorithmIdentifier& algorithm) {
  if (algorithm.algorithm == pkix::oid::kRsaEncryption) {
    // RFC 3370 §4.2.1 wants NULL; some leave it out.
    if (!algorithm.parameters || *algorithm.parameters == Bytes{0x05, 0x00}) {
      return std::optional<OaepParameters>();
    }
    return unsupported_transport(algorithm, "with parameters that are not NULL");
  }
  if (algorithm.algorithm != pkix::oid::kRsaesOaep)
    return unsupported_transport(algorithm, "is not offered");
  if (!algorithm.parameters)
    return unsupported_transport(algorithm, "without parameters (RFC 3560 §3)");
  auto read = read_oaep_parameters(*algorithm.parameters);
  if (!read) return unsupported_transport(algorithm, "is refused: " + read.error().detail);
  return std::optional(std::move(*read));
}

}  // namespace signet::crypto
