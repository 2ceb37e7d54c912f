#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/secret_bytes.h"
#include "codec/pkix/certificate.h"
#include "crypto/private_key.h"

namespace signet::server {

/// The keys and certificates that a configuration names. Faults: bad_configuration and those of
/// reading a file, each with its path.

/// Empty when no file is named.
Result<SecretBytes> read_passphrase(const std::string& file);
/// `passphrase_file`: empty for a key in the clear.
Result<std::shared_ptr<const crypto::PrivateKey>> read_key(const std::string& file,
                                                           const std::string& passphrase_file);
/// All of a PEM file, in order; at least one.
Result<std::vector<pkix::Certificate>> read_certificates(const std::string& file);

}  // namespace signet::server
