#include "crypto/rsa_parameters.h"

#include "codec/pkix/oids.h"

namespace signet::crypto {
namespace {

/// The AlgorithmIdentifier under EXPLICIT [number], if it is there.
Result<std::optional<AlgorithmIdentifier>> read_tagged_algorithm(asn1::Reader& sequence,
                                                                 std::uint32_t number) {
  auto tagged = TRY(sequence.enter_optional(asn1::context_constructed(number)));
  if (!tagged) return std::optional<AlgorithmIdentifier>();
  auto algorithm = TRY(pkix::read_algorithm_identifier(*tagged));
  TRY(tagged->finish());
  return std::optional(std::move(algorithm));
}

/// MaskGenAlgorithm ::= AlgorithmIdentifier { id-mgf1, HashAlgorithm }
Result<DigestAlgorithm> hash_of_mask(const AlgorithmIdentifier& mask) {
  if (mask.algorithm != pkix::oid::kMgf1 || !mask.parameters) {
    return Error{Fault::unsupported_algorithm,
                 "mask generation " + mask.algorithm.to_text() + " is not MGF1 with its hash"};
  }
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader parameters{*mask.parameters, budget};
  const auto hash = TRY(pkix::read_algorithm_identifier(parameters));
  TRY(parameters.finish());
  return digest_algorithm(hash);
}

}  // namespace

Result<HashAndMask> read_hash_and_mask(asn1::Reader& sequence) {
  HashAndMask found;
  if (const auto hash = TRY(read_tagged_algorithm(sequence, 0))) {
    found.hash = TRY(digest_algorithm(*hash));
  }
  if (const auto mask = TRY(read_tagged_algorithm(sequence, 1))) {
    found.mask_hash = TRY(hash_of_mask(*mask));
  }
  return found;
}

}  // namespace signet::crypto
