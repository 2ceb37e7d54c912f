#pragma once

#include "apps/dogtag/console.h"
#include "apps/signet/credentials.h"

namespace signet::dogtag {

/// Where keys and certificates are, as options and configurations name it.
struct DatabasePlace {
  std::string folder = ".";  ///< "~/" and "sql:" before it are understood
  std::string token;         ///< "", "internal": the database itself; else a token's label
  SecretBytes password;
};

/// Keys and certificates of an NSS database or a token: the one door to them.
class KeyDatabase {
 public:
  /// Faults: as Console::open_token.
  static Result<KeyDatabase> open(const DatabasePlace& place, const Console& console);

  /// Who signs: the newest certificate of this nickname that has a key, and its issuers as far as
  /// the database holds them. Faults: certificate_not_found (naming those there are),
  /// key_not_found, token_failed.
  Result<tool::Signer> find_signer(const std::string& nickname);
  /// Faults: certificate_not_found, token_failed.
  Result<pkix::Certificate> find_certificate(const std::string& nickname);
  /// All of them. Faults: token_failed.
  Result<std::vector<pkix::Certificate>> certificates();
  /// Faults: key_not_found, token_failed.
  Result<std::unique_ptr<crypto::PrivateKey>> find_key(const Bytes& key_id);
  Result<std::unique_ptr<crypto::PrivateKey>> find_key_of(const pkix::SubjectPublicKeyInfo& key);
  /// A private key as PKCS#8, for TLS. Faults: as pkcs11::Token::export_key.
  Result<SecretBytes> export_key(const pkix::SubjectPublicKeyInfo& key);
  /// Whom the database trusts for TLS servers. Faults: token_failed.
  Result<std::vector<pkix::Certificate>> server_authorities();
  /// `kind` as crypto::generate_private_key names it. Faults: unsupported_algorithm, token_failed.
  Result<std::unique_ptr<crypto::PrivateKey>> generate_key(std::string_view kind);

 private:
  explicit KeyDatabase(std::shared_ptr<pkcs11::Token> token) : token_(std::move(token)) {}
  Result<pkcs11::NamedCertificate> find_named(const std::string& nickname, bool with_key);

  std::shared_ptr<pkcs11::Token> token_;
};

}  // namespace signet::dogtag
