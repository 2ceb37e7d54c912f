#include "proof/identity/revocation_verifier.h"

#include <charconv>

#include "base/encoding.h"
#include "crypto/digest.h"

namespace signet::proof {
namespace {

constexpr std::string_view kSalted = "$pbkdf2-sha256$i=";
constexpr std::string_view kWrapped = "revShrTok:";
constexpr std::uint32_t kIterations = 10'000;
constexpr std::uint32_t kLeastIterations = 1'000;
// Of what stands on record.
constexpr std::uint32_t kMostIterations = 100'000;
// Of what is registered anew: whoever knows it, or guesses, makes us do them each time.
constexpr std::uint32_t kMostRegistered = 20'000;
constexpr std::size_t kSaltOctets = 16;
constexpr std::size_t kMostSaltOctets = 64;
constexpr std::size_t kHashOctets = 32;

struct SaltedHash {
  std::uint32_t iterations = 0;
  Bytes salt;
  Bytes hash;
};

Error no_verifier(const char* why) {
  return {Fault::malformed, std::string("no salted hash of a revocation secret: ") + why};
}

/// What stands before the next '$', which goes too.
std::string_view take_field(std::string_view& rest) {
  const auto end = rest.find('$');
  const auto field = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return field;
}

Result<SaltedHash> read_salted_hash(std::string_view verifier) {
  if (!verifier.starts_with(kSalted))
    return no_verifier("it does not begin with $pbkdf2-sha256$i=");
  auto rest = verifier.substr(kSalted.size());
  SaltedHash read;
  const auto count = take_field(rest);
  const auto parsed = std::from_chars(count.data(), count.data() + count.size(), read.iterations);
  if (parsed.ec != std::errc() || parsed.ptr != count.data() + count.size() ||
      read.iterations < kLeastIterations || read.iterations > kMostIterations) {
    return no_verifier("its iterations are not 1,000 to 100,000");
  }
  read.salt = TRY(from_base64(take_field(rest)));
  read.hash = TRY(from_base64(rest));
  if (read.salt.size() < kSaltOctets || read.salt.size() > kMostSaltOctets) {
    return no_verifier("its salt has not 16 to 64 octets");
  }
  if (read.hash.size() != kHashOctets) return no_verifier("its hash has not 32 octets");
  return read;
}

Bytes hash_of(ByteView secret, ByteView salt, std::uint32_t iterations) {
  const auto derived =
      crypto::pbkdf2(crypto::MacAlgorithm::hmac_sha256, secret, salt, iterations, kHashOctets);
  return to_bytes(derived.view());
}

}  // namespace

Result<std::string> make_revocation_verifier(const SecretBytes& secret, RandomSource& random) {
  const auto salt = TRY(random.octets(kSaltOctets));
  return std::string(kSalted) + std::to_string(kIterations) + "$" + to_base64(salt) + "$" +
         to_base64(hash_of(secret.view(), salt, kIterations));
}

std::string_view nobodys_verifier() {
  static const auto made = std::string(kSalted) + std::to_string(kIterations) + "$" +
                           to_base64(Bytes(kSaltOctets)) + "$" + to_base64(Bytes(kHashOctets));
  return made;
}

Result<void> check_salted_hash(std::string_view verifier) {
  const auto wanted = TRY(read_salted_hash(verifier));
  if (wanted.iterations <= kMostRegistered) return {};
  return no_verifier("its iterations are more than 20,000");
}

Result<bool> agrees(std::string_view verifier, ByteView secret,
                    const SecretProtection& protection) {
  if (!verifier.starts_with(kWrapped)) {
    const auto kept = TRY(read_salted_hash(verifier));
    return constant_time_equal(hash_of(secret, kept.salt, kept.iterations), kept.hash);
  }
  if (protection.key == nullptr) {
    return Error{Fault::bad_configuration,
                 "the revocation secret is a wrapped one from Dogtag: name the issuance protection "
                 "key in [revocation] protection_key"};
  }
  const auto opened =
      TRY(unwrap_secret(verifier.substr(kWrapped.size()), *protection.key, protection.transport));
  // Hashes, so that not even the length shows in the time.
  return constant_time_equal(crypto::sha256(opened.view()), crypto::sha256(secret));
}

}  // namespace signet::proof
