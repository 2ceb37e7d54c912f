#pragma once

#include "apps/dogtag/console.h"
#include "apps/dogtag/options.h"
#include "apps/tool/credentials.h"

namespace signet::dogtag {

/// Where keys and certificates are, as options and configurations name it.
struct DatabasePlace {
  std::string folder = ".";  ///< "~/" and "sql:" before it are understood
  std::string token;         ///< "", "internal": the database itself; else a token's label
  SecretBytes password;
  /// What to do where none was given, for messages.
  std::string_view password_advice = "write password=… into the configuration file";
};
/// Of -d, -h, -p and -P. Faults: as read_password.
Result<DatabasePlace> read_place(const Options& options);

/// Keys and certificates of an NSS database or a token: the one door to them.
class KeyDatabase {
 public:
  /// Where `place` names no token, a nickname "hsm:Alice", as certutil prints it, does: unless the
  /// database has a certificate of this very name. Faults: as Console::open_token;
  /// bad_configuration for a folder of the old kind (dbm:).
  static Result<KeyDatabase> open(const DatabasePlace& place, const Console& console,
                                  const std::string& nickname = {});

  /// Who signs: the newest certificate of this nickname that has a key, and its issuers as far as
  /// the token or the database of the folder holds them. Faults: certificate_not_found (naming
  /// those there are), key_not_found, token_failed.
  Result<tool::Signer> find_signer(const std::string& nickname);
  /// Faults: certificate_not_found, token_failed.
  Result<pkix::Certificate> find_certificate(const std::string& nickname);
  /// Faults: key_not_found, token_failed.
  Result<std::unique_ptr<crypto::PrivateKey>> find_key(const Bytes& key_id);
  Result<std::unique_ptr<crypto::PrivateKey>> find_key_of(const pkix::SubjectPublicKeyInfo& key);
  /// A private key as PKCS#8, for TLS. Faults: as pkcs11::Token::export_key.
  Result<SecretBytes> export_key(const pkix::SubjectPublicKeyInfo& key);
  /// Whom the database trusts for TLS servers; none in a token. Faults: token_failed.
  Result<std::vector<pkix::Certificate>> server_authorities();
  /// Whether keys made there may leave it, wrapped: those of an NSS database may.
  [[nodiscard]] bool keys_may_leave() const { return name_.empty(); }
  /// `kind` as crypto::generate_private_key names it. Faults: unsupported_algorithm, token_failed.
  Result<std::unique_ptr<crypto::PrivateKey>> generate_key(std::string_view kind);

 private:
  KeyDatabase(std::shared_ptr<pkcs11::Token> token, std::string name)
      : token_(std::move(token)), name_(std::move(name)) {}
  Result<pkcs11::NamedCertificate> find_named(const std::string& nickname, bool with_key);
  [[nodiscard]] Error not_there(const std::string& nickname);
  [[nodiscard]] bool is_own(std::string_view token) const;

  std::shared_ptr<pkcs11::Token> token_;
  std::string name_;                                   ///< of the token; empty: the database itself
  std::vector<pkcs11::NamedCertificate> of_database_;  ///< beside a token: issuers may stand there
};

/// Whom the database of the folder trusts for TLS servers, whatever token keys are in (`nickname`
/// as for KeyDatabase::open). Its password is used where it is the one that was given, and not
/// needed. Faults: as KeyDatabase::open, token_failed.
Result<std::vector<pkix::Certificate>> server_authorities(const DatabasePlace& place,
                                                          const Console& console,
                                                          const std::string& nickname = {});

}  // namespace signet::dogtag
