#include "apps/signetd/key_files.h"

#include "adapters/files/file.h"
#include "adapters/files/secret_file.h"
#include "adapters/pkcs11/token_name.h"
#include "base/encoding.h"

namespace signet::server {

namespace {

using Key = std::shared_ptr<const crypto::PrivateKey>;

Result<Key> find_token_key(const std::string& text, const std::string& passphrase_file) {
  const auto name = TRY(pkcs11::read_token_name(text));
  const auto& pin_file = passphrase_file.empty() ? name.pin_file : passphrase_file;
  if (pin_file.empty() && !name.may_lack_pin()) {
    return Error{Fault::bad_configuration,
                 text +
                     ": nothing says where its PIN is; give key_passphrase_file, or pin-source "
                     "in the URI"};
  }
  const auto pin = TRY(read_passphrase(pin_file));
  const auto token = TRY(pkcs11::open_token(name, pin));
  return Key(TRY(token->find_key(name.key)));
}

}  // namespace

Result<SecretBytes> read_passphrase(const std::string& file) {
  if (file.empty()) return SecretBytes();
  TRY(files::check_is_private(file));
  return files::read_passphrase_file(file);
}

Result<std::shared_ptr<const crypto::PrivateKey>> read_key(const std::string& file,
                                                           const std::string& passphrase_file) {
  if (pkcs11::is_token_name(file)) return find_token_key(file, passphrase_file);
  const auto pem = TRY(files::read_private_file(file));
  const auto passphrase = TRY(read_passphrase(passphrase_file));
  auto key = crypto::read_private_key(pem.view(), passphrase);
  if (!key.ok()) return Error{key.error().fault, file + ": " + key.error().detail};
  return std::shared_ptr<const crypto::PrivateKey>(std::move(key).value());
}

Result<std::vector<pkix::Certificate>> read_certificates(const std::string& file) {
  const auto octets = TRY(files::read_file(file));
  return certificates_of(as_text(octets), file);
}

Result<std::vector<pkix::Certificate>> certificates_of(std::string_view pem,
                                                       const std::string& file) {
  const auto blocks = TRY(from_pem(pem));
  std::vector<pkix::Certificate> certificates;
  for (const auto& block : blocks) {
    if (block.label != "CERTIFICATE") continue;
    auto certificate = pkix::read_certificate(block.octets);
    if (!certificate.ok()) {
      return Error{Fault::bad_configuration, file + ": " + certificate.error().detail};
    }
    certificates.push_back(std::move(certificate).value());
  }
  if (!certificates.empty()) return certificates;
  return Error{Fault::bad_configuration, file + ": holds no PEM certificate"};
}

}  // namespace signet::server
