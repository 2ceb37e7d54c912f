#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret_bytes.h"
#include "codec/pkix/certificate.h"
#include "crypto/private_key.h"

namespace signet::server {

/// The keys and certificates that a configuration names. Faults: bad_configuration, also for a
/// secret that others than its owner may read (files::check_is_private), and those of reading a
/// file, each with its path.

/// Empty when no file is named.
Result<SecretBytes> read_passphrase(const std::string& file);
/// A file, or a key in a token as pkcs11::TokenName has it, whose PIN is then in `passphrase_file`.
/// `passphrase_file`: empty for a key in the clear. Faults: also as pkcs11::open_token, find_key.
Result<std::shared_ptr<const crypto::PrivateKey>> read_key(const std::string& file,
                                                           const std::string& passphrase_file);
/// All of a PEM text, in order; at least one. `file`: where it is from.
Result<std::vector<pkix::Certificate>> certificates_of(std::string_view pem,
                                                       const std::string& file);
/// All of a PEM file.
Result<std::vector<pkix::Certificate>> read_certificates(const std::string& file);

}  // namespace signet::server
