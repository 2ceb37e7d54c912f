#pragma once

#include <string>
#include <vector>

#include "base/secret_bytes.h"
#include "codec/pkix/certificate.h"

namespace signet::tool {

/// A file of a signer's certificate, in which PEM may hold its private key as well, as web servers
/// and exports have it.
struct SignerFile {
  std::vector<pkix::Certificate> certificates;  ///< the holder's own first, its chain after it
  std::vector<SecretBytes> keys;  ///< PEM blocks of private keys as they stand there, headers too
};
/// Faults: as read_certificates_file.
Result<SignerFile> read_signer_file(const std::string& path);

}  // namespace signet::tool
