#include <openssl/rsa.h>

#include <array>

#include "crypto/held_private_key.h"

namespace signet::crypto {
namespace {

/// What may be asked for. Either `rsa_bits` or `curve` is given, or neither is needed.
struct Choice {
  std::string_view kind;
  const char* type;
  int rsa_bits;
  const char* curve;
};

constexpr std::array kChoices{
    Choice{"rsa:2048", "RSA", 2048, nullptr}, Choice{"rsa:3072", "RSA", 3072, nullptr},
    Choice{"rsa:4096", "RSA", 4096, nullptr}, Choice{"ec:p256", "EC", 0, "P-256"},
    Choice{"ec:p384", "EC", 0, "P-384"},      Choice{"ec:p521", "EC", 0, "P-521"},
    Choice{"ed25519", "ED25519", 0, nullptr}, Choice{"ed448", "ED448", 0, nullptr},
    Choice{"x25519", "X25519", 0, nullptr},   Choice{"x448", "X448", 0, nullptr},
};

Result<const Choice*> find_choice(std::string_view kind) {
  std::string names;
  for (const auto& choice : kChoices) {
    if (choice.kind == kind) return &choice;
    names += (names.empty() ? "" : ", ") + std::string(choice.kind);
  }
  return Error{Fault::unsupported_algorithm,
               "cannot make a key of kind \"" + std::string(kind) + "\"; say one of " + names};
}

openssl::Key generate(const Choice& choice) {
  const openssl::KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, choice.type, nullptr));
  if (!context || EVP_PKEY_keygen_init(context.get()) != 1) return nullptr;
  if (choice.rsa_bits > 0 &&
      EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), choice.rsa_bits) != 1) {
    return nullptr;
  }
  if (choice.curve != nullptr && EVP_PKEY_CTX_set_group_name(context.get(), choice.curve) != 1) {
    return nullptr;
  }
  EVP_PKEY* key = nullptr;
  return EVP_PKEY_generate(context.get(), &key) == 1 ? openssl::Key(key) : nullptr;
}

}  // namespace

Result<std::unique_ptr<PrivateKey>> generate_private_key(std::string_view kind) {
  const auto& choice = *TRY(find_choice(kind));
  auto key = generate(choice);
  if (!key) return Error{Fault::internal, "OpenSSL makes no key: " + openssl::reason()};
  return HeldPrivateKey::make(std::move(key));
}

}  // namespace signet::crypto
