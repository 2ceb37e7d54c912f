#include "proof/identity/token_vault.h"

namespace signet::proof {
namespace {

constexpr std::uint8_t kVersion = 1;
void append_with_length(Bytes& octets, ByteView part) {
  for (const int shift : {24, 16, 8, 0}) {
    octets.push_back(static_cast<std::uint8_t>(part.size() >> shift));
  }
  append(octets, part);
}

Bytes additional_data(const store::SharedToken& token) {
  Bytes octets{kVersion};
  append_with_length(octets, token.id);
  append_with_length(octets, to_bytes(token.identification));
  append_with_length(octets, to_bytes(token.subject));
  return octets;
}

}  // namespace

Result<Bytes> TokenVault::seal(const store::SharedToken& token, const SecretBytes& secret,
                               RandomSource& random) const {
  return key_.seal(additional_data(token), secret, random);
}

Result<SecretBytes> TokenVault::open(const store::SharedToken& token) const {
  return key_.open(additional_data(token), token.sealed_secret);
}

}  // namespace signet::proof
