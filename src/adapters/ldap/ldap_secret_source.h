#pragma once

#include <mutex>

#include "adapters/ldap/directory_connection.h"
#include "adapters/ldap/patience.h"
#include "crypto/private_key.h"
#include "proof/identity/secret_source.h"
#include "proof/identity/wrapped_secret.h"

namespace signet::ldap {

/// A directory of secrets, and where people are in it.
struct DirectorySettings : DirectoryAddress {
  std::string base;
  std::string uid_attribute = "uid";
  std::string secret_attribute = "shrTok";
};

/// What opens the secrets in a directory: the private key of the issuance protection certificate.
struct Protection {
  std::shared_ptr<const crypto::PrivateKey> key;
  proof::SecretTransport transport = proof::SecretTransport::pkcs1;
};

/// Shared secrets in a directory, wrapped as Dogtag's CMCSharedToken writes them. Opens no
/// connection before it is asked: the directory may start later than the authority. The process
/// must ignore SIGPIPE: taking leave over TLS of a directory that went away writes to a closed
/// socket.
class LdapSecretSource final : public proof::SecretSource {
 public:
  /// `uses_allowed`: of each secret; the directory does not say.
  /// Faults: unsupported_algorithm when it is no RSA key; internal.
  static Result<std::unique_ptr<LdapSecretSource>> make(DirectorySettings settings,
                                                        Protection protection,
                                                        std::size_t uses_allowed);

  /// The entry whose uid is the identification; its DN is the subject. A connection that died since
  /// it was last used is opened anew, once.
  Result<std::optional<proof::SharedSecret>> find(std::string_view identification) const override;

 private:
  LdapSecretSource(DirectorySettings settings, Protection protection, std::size_t uses_allowed,
                   std::string decoy);
  /// Nobody: after as much work with the protection key as for somebody.
  [[nodiscard]] Result<std::optional<proof::SharedSecret>> nobody() const;
  /// As ask, but of a directory that does not keep everybody waiting (Patience).
  [[nodiscard]] Result<std::vector<Entry>> search(std::string_view identification) const;
  [[nodiscard]] Result<std::vector<Entry>> ask(std::string_view identification) const;
  [[nodiscard]] std::unique_ptr<DirectoryConnection> take_idle() const;
  void give_back(std::unique_ptr<DirectoryConnection> connection) const;

  DirectorySettings settings_;
  Protection protection_;
  std::size_t uses_allowed_;
  std::string decoy_;  ///< a wrapped secret that is nobody's
  mutable Patience patience_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<DirectoryConnection>> idle_;
};

}  // namespace signet::ldap
