#include "apps/tool/token_credentials.h"

#include "apps/tool/terminal.h"

namespace signet::tool {
namespace {

Result<SecretBytes> pin_of(const std::string& text, const pkcs11::TokenName& name,
                           const std::string& passphrase_file) {
  const auto& file = passphrase_file.empty() ? name.pin_file : passphrase_file;
  if (!file.empty()) return read_passphrase(file);
  auto asked = ask_terminal("PIN or password of " + text + ": ");
  if (asked) return std::move(*asked);
  if (name.may_lack_pin()) return SecretBytes{};
  return Error{Fault::bad_configuration,
               text +
                   ": nothing says where its PIN is, and there is no terminal to ask; give a "
                   "passphrase file, or pin-source in the URI"};
}

}  // namespace

Result<NamedToken> open_named_token(const std::string& text, const std::string& passphrase_file) {
  auto name = TRY(pkcs11::read_token_name(text));
  const auto pin = TRY(pin_of(text, name, passphrase_file));
  auto token = TRY(pkcs11::open_token(name, pin));
  return NamedToken{std::move(token), std::move(name.key)};
}

Result<std::unique_ptr<crypto::PrivateKey>> find_token_key(const std::string& name,
                                                           const std::string& passphrase_file) {
  const auto named = TRY(open_named_token(name, passphrase_file));
  return named.token->find_key(named.key);
}

Result<Signer> find_token_signer(const std::string& name, const std::string& passphrase_file) {
  const auto named = TRY(open_named_token(name, passphrase_file));
  auto key = TRY(named.token->find_key(named.key));
  const auto certificates = TRY(named.token->certificates(""));
  for (const auto& each : certificates) {
    if (each.certificate->subject_public_key_info == key->public_key_info()) {
      return Signer{each.certificate, {}, std::move(key)};
    }
  }
  return Error{Fault::certificate_not_found,
               name + ": no certificate of this key stands beside it; name its file by --signer"};
}

}  // namespace signet::tool
