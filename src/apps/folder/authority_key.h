#pragma once

#include <memory>
#include <string>

#include "apps/tool/token_credentials.h"

namespace signet::tool {

/// The key that an authority is to have, and where it is kept.
struct WantedKey {
  std::string kind;             ///< crypto::generate_private_key
  std::string passphrase_file;  ///< encrypts its file, or is the token's PIN; empty: neither
  std::string token;            ///< pkcs11::TokenName, with the new key's label; empty: in a file
};

/// A key just made; null token: nowhere kept yet.
struct AuthorityKey {
  std::unique_ptr<crypto::PrivateKey> key;
  NamedToken place;
};

/// What can be wrong with the wish itself, found before a token is touched. Faults:
/// bad_configuration.
Result<void> check_key(const WantedKey& wanted);
/// In the token, where one is named. Faults: unsupported_algorithm, as open_named_token.
Result<AuthorityKey> make_key(const WantedKey& wanted);
/// Writes it to `file`, unless a token has it. Faults: storage_failed, bad_configuration (an empty
/// passphrase).
Result<void> keep_key(const WantedKey& wanted, const AuthorityKey& made, const std::string& file);
/// Beside its key in the token, where one has it.
Result<void> keep_certificate(const AuthorityKey& made, const pkix::Certificate& certificate);
/// Reads it back from where keep_key put it.
Result<AuthorityKey> find_key(const WantedKey& wanted, const std::string& file);

/// The kind to ask for where another key is to be as strong as this one: "ec:p384", "rsa:3072".
[[nodiscard]] std::string kind_like(const pkix::SubjectPublicKeyInfo& key);

}  // namespace signet::tool
