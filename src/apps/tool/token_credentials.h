#pragma once

#include <memory>
#include <string>

#include "adapters/pkcs11/token_name.h"
#include "apps/tool/credentials.h"

namespace signet::tool {

/// A token of the command line, logged into, and which of its keys is meant.
struct NamedToken {
  std::shared_ptr<pkcs11::Token> token;
  pkcs11::KeyName key;
};
/// The PIN stands in `passphrase_file` or in the URI's pin-source; else it is asked for on the
/// terminal. Faults: bad_configuration (no PIN and no terminal), as pkcs11::open_token.
Result<NamedToken> open_named_token(const std::string& name, const std::string& passphrase_file);

/// Faults: as open_named_token, pkcs11::Token::find_key.
Result<std::unique_ptr<crypto::PrivateKey>> find_token_key(const std::string& name,
                                                           const std::string& passphrase_file);
/// A key with the newest certificate beside it, for `--signer-key` without `--signer`.
/// Faults: as find_token_key, certificate_not_found.
Result<Signer> find_token_signer(const std::string& name, const std::string& passphrase_file);

}  // namespace signet::tool
