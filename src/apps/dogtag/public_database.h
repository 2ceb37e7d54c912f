#pragma once

#include <string>
#include <vector>

#include "adapters/pkcs11/token.h"

namespace signet::dogtag {

/// What an NSS database shows to everybody who may read its files.
struct PublicDatabase {
  std::vector<pkcs11::NamedCertificate> certificates;  ///< keys are not seen: has_key is false
  std::vector<pkix::Certificate> server_authorities;   ///< trusted for TLS servers (flag C)
};

/// Reads it without login, as `certutil -L` does: no password is asked for, so nothing tells
/// whether its trust was tampered with. Faults: bad_configuration (no database there, softoken is
/// not installed), token_failed.
Result<PublicDatabase> read_public_database(const std::string& folder);

}  // namespace signet::dogtag
