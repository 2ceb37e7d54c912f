#pragma once

#include <memory>
#include <string>
#include <vector>

#include "crypto/private_key.h"

namespace signet::pkcs11 {

/// How a token is found: RFC 7512 (`pkcs11:token=…;object=…?module-path=…&pin-source=…`), as far as
/// we use it.
struct Uri {
  std::string module_path;   ///< empty: all that p11-kit is configured for
  std::string token;         ///< label; empty: the only one there is
  std::string manufacturer;  ///< these three too: empty is any
  std::string model;
  std::string serial;
  std::string object;  ///< label of the key and its certificate
  Bytes id;            ///< CKA_ID
  std::string pin_source;
};
/// Faults: bad_configuration, naming the attribute.
Result<Uri> read_uri(std::string_view text);

struct NamedCertificate {
  std::string nickname;
  pkix::Certificate certificate;
  bool has_key = false;
};

/// Which private key: by its certificate's nickname, by CKA_ID, or by CKA_LABEL. It must be the
/// only one that fits; of several certificates with a nickname, the newest one's key is meant.
struct KeyName {
  std::string label = {};  ///< of the key or of a certificate with its CKA_ID; empty: any
  Bytes id = {};           ///< empty: any
};

/// A token that holds keys and certificates: hardware, SoftHSM2, or a user's NSS database. Safe for
/// many threads; sessions are pooled. A token that went away is looked for and logged into again,
/// but not at each use (pace.h): in between, all of it and of its keys fails by token_failed at
/// once.
class Token {
 public:
  virtual ~Token() = default;
  /// Faults: key_not_found (naming the labels there are), weak_key, unsupported_algorithm,
  /// token_failed.
  virtual Result<std::unique_ptr<crypto::PrivateKey>> find_key(const KeyName& name) = 0;
  /// The private key of this public one. Faults: as find_key.
  virtual Result<std::unique_ptr<crypto::PrivateKey>> find_key_of(
      const pkix::SubjectPublicKeyInfo& public_key) = 0;
  /// Those with this nickname, newest first; all of them when it is empty. Faults: token_failed.
  virtual Result<std::vector<NamedCertificate>> certificates(std::string_view nickname) = 0;
  /// Makes a key in the token that cannot leave it (NSS: can); kinds as
  /// crypto::generate_private_key names them. Its CKA_ID is the SHA-1 of the public key's octets,
  /// as NSS sets it, so that certutil -K finds it. Faults: unsupported_algorithm, already_exists
  /// (label taken), token_failed.
  virtual Result<std::unique_ptr<crypto::PrivateKey>> generate_key(std::string_view kind,
                                                                   const std::string& label) = 0;
  /// Stores a certificate beside its key. Faults: token_failed.
  virtual Result<void> store_certificate(const pkix::Certificate& certificate,
                                         const std::string& nickname) = 0;
  /// The private key of this public one itself, as PKCS#8: for TLS, which has no hands of its own
  /// in a token. Faults: key_not_found; not_allowed, when the token lets no key go (an NSS database
  /// does); token_failed.
  virtual Result<SecretBytes> export_key(const pkix::SubjectPublicKeyInfo& public_key) = 0;
  /// The authorities that an NSS database trusts for TLS servers (certutil's trust flag C); none in
  /// a token of another kind. Faults: token_failed.
  virtual Result<std::vector<pkix::Certificate>> server_authorities() = 0;
};

/// Faults: bad_configuration (no such module, no such token or more than one), decryption_failed
/// (wrong PIN; says that few tries are left when the token tells), token_failed. A wrong PIN is
/// shown to the token once: no second try is made by itself.
Result<std::shared_ptr<Token>> open_token(const Uri& uri, const SecretBytes& pin);
/// A user's cert9.db and key4.db in `folder`, through NSS's softoken (libsoftokn3.so). Several
/// folders may be open in one process. Faults: bad_configuration (no database there, or softoken is
/// not installed: what to do), decryption_failed (wrong password), token_failed.
Result<std::shared_ptr<Token>> open_nss_database(const std::string& folder,
                                                 const SecretBytes& password);

}  // namespace signet::pkcs11
