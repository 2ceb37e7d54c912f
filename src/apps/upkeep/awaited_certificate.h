#pragma once

#include "apps/folder/new_authority.h"

namespace signet::tool {

/// An authority that waits for its certificate from another one: the request is in `request_file`,
/// all that was asked for beside it in `awaited.json`, until the certificate is installed.
struct AwaitedCertificate {
  NewAuthority wanted;
  std::string key_file;      ///< where the key is, unless a token has it
  std::string request_file;  ///< PKCS#10, PEM
};

[[nodiscard]] bool awaits_certificate(const std::string& directory);
/// Faults: storage_failed.
Result<void> remember(const AwaitedCertificate& awaited);
/// Faults: bad_configuration when `directory` awaits none, storage_failed, malformed.
Result<AwaitedCertificate> recall(const std::string& directory);
/// It has come. Faults: storage_failed.
Result<void> forget_awaited(const std::string& directory);

/// "/srv/signet/ca-2" of "/srv/signet/ca-2.csr": so all files of that key are called.
[[nodiscard]] std::string stem_of_request(const std::string& request_file);

/// Writes the PKCS#10 of a new authority, or of a new key of one. Faults: storage_failed,
/// signing_failed.
Result<void> write_request(const std::string& file, const pkix::Name& subject,
                           const crypto::PrivateKey& key);

}  // namespace signet::tool
