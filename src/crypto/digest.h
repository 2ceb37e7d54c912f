#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/random_source.h"
#include "base/result.h"
#include "base/secret_bytes.h"
#include "codec/pkix/algorithm.h"

namespace signet::crypto {

using pkix::AlgorithmIdentifier;

/// shake256 with 512 bits stands beside Ed448 in a SignerInfo, and nowhere else.
enum class DigestAlgorithm { sha1, sha224, sha256, sha384, sha512, shake256 };

/// From its OID; parameters absent or NULL. Faults: unsupported_algorithm (MD5, SHAKE256 and all
/// others).
Result<DigestAlgorithm> digest_algorithm(const AlgorithmIdentifier& algorithm);
/// The digestAlgorithm of a SignerInfo: one of these, or id-shake256-len with a length of 512 bits
/// (RFC 8419 §2.3). Faults: unsupported_algorithm.
Result<DigestAlgorithm> signer_digest_algorithm(const AlgorithmIdentifier& algorithm);
/// Parameters absent (RFC 5754 §2); of shake256 its length in bits.
AlgorithmIdentifier algorithm_identifier(DigestAlgorithm algorithm);
std::size_t digest_octets(DigestAlgorithm algorithm);

Bytes digest(DigestAlgorithm algorithm, ByteView message);
inline Bytes sha256(ByteView message) {
  return digest(DigestAlgorithm::sha256, message);
}

enum class MacAlgorithm { hmac_sha1, hmac_sha224, hmac_sha256, hmac_sha384, hmac_sha512 };

/// From its OID, both OIDs of HMAC-SHA1 (AMB-36); parameters absent or NULL.
/// Faults: unsupported_algorithm.
Result<MacAlgorithm> mac_algorithm(const AlgorithmIdentifier& algorithm);
AlgorithmIdentifier algorithm_identifier(MacAlgorithm algorithm);
std::size_t mac_octets(MacAlgorithm algorithm);
Bytes mac(MacAlgorithm algorithm, ByteView key, ByteView message);

/// What PBKDF2 costs: how often it computes the PRF, for each block of the key once an iteration.
/// 200,000 take a twentieth of a second, with SHA-512 a tenth.
std::uint64_t pbkdf2_cost(MacAlgorithm prf, std::uint32_t iterations, std::size_t octets);
/// PBKDF2 (RFC 8018 §5.2) with an HMAC PRF. `octets` of key come out. `iterations` is at least 1:
/// a count from a message is checked, and bounded, by whoever reads it.
SecretBytes pbkdf2(MacAlgorithm prf, ByteView password, ByteView salt, std::uint32_t iterations,
                   std::size_t octets);

/// The operating system's generator, through OpenSSL.
RandomSource& system_random();

}  // namespace signet::crypto
