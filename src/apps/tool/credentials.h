#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "adapters/http/transport.h"
#include "crypto/private_key.h"
#include "proof/trust/trust.h"

namespace signet::tool {

/// Which certificate signs, as the command line says it.
struct SignerOptions {
  std::string certificate_file;
  std::string key_file;  ///< empty: certificate_file holds the key as well
  std::string pkcs12_file;
  std::string passphrase_file;
};
void add_signer_options(CLI::App& command, SignerOptions& options);

/// An existing certificate and its key.
struct Signer {
  pkix::Certificate certificate;
  std::vector<pkix::Certificate> chain;  ///< the further certificates of its file
  std::unique_ptr<crypto::PrivateKey> key;
};
[[nodiscard]] bool names_signer(const SignerOptions& options);
/// Where the private key is: its own file, a token's key, or the file that holds the certificate
/// too; empty with a PKCS#12.
const std::string& key_place(const SignerOptions& options);
/// What the options alone show. Faults: bad_configuration when some are missing.
Result<void> check_signer(const SignerOptions& options);
/// Faults: as check_signer, files::read_file, crypto::read_private_key and crypto::read_pkcs12;
/// malformed where one file should hold certificate and key and has no key, or several;
/// signing_failed where they do not belong together.
Result<Signer> read_signer(const SignerOptions& options);

/// A private key of a file, PEM or DER, or of a token (pkcs11::TokenName), whose PIN is then the
/// passphrase. Faults: as files::read_file, crypto::read_private_key, find_token_key.
Result<std::unique_ptr<crypto::PrivateKey>> read_key_file(const std::string& path,
                                                          const std::string& passphrase_file);
/// A file's path, or a token's name as it is written. Faults: as pkcs11::read_token_name.
Result<void> check_key_name(const std::string& name);
/// As PEM, mode 0600; encrypted unless the passphrase is empty. Faults: storage_failed.
Result<void> write_key(const std::string& file, const crypto::PrivateKey& key,
                       const SecretBytes& passphrase);

/// All certificates of a PEM file, or the one of a DER file. Faults: malformed when there is none.
Result<std::vector<pkix::Certificate>> read_certificates_file(const std::string& path);
/// The same of a file's octets; `path` names it in what is said.
Result<std::vector<pkix::Certificate>> read_certificates_in(ByteView file, const std::string& path);
/// Whether its issuer and its subject are one name (RFC 5280 §3.2).
bool is_self_issued(const pkix::Certificate& certificate);

/// The file's certificates as trust anchors.
Result<proof::Trust> read_trust(const std::string& anchors_file);

/// A passphrase from a file; empty when no file is named.
Result<SecretBytes> read_passphrase(const std::string& path);

/// A file that exists in memory only, as long as this value: for libraries that want a path.
class MemoryFile {
 public:
  /// Faults: storage_failed.
  static Result<MemoryFile> make(ByteView octets);
  MemoryFile(MemoryFile&& other) noexcept : descriptor_(other.descriptor_) {
    other.descriptor_ = -1;
  }
  MemoryFile& operator=(MemoryFile&&) = delete;
  ~MemoryFile();
  [[nodiscard]] std::string path() const;

 private:
  explicit MemoryFile(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace signet::tool
