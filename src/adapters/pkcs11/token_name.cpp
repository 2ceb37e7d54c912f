#include "adapters/pkcs11/token_name.h"

namespace signet::pkcs11 {
namespace {

constexpr std::string_view kUriScheme = "pkcs11:";
constexpr std::string_view kNssScheme = "nss:";
constexpr std::string_view kNickname = "?nickname=";

/// RFC 7512 §2.4: a path, or a file: URI, which is a path on this machine.
std::string pin_file_of(std::string_view pin_source) {
  for (const std::string_view prefix : {"file://", "file:"}) {
    if (pin_source.starts_with(prefix)) return std::string(pin_source.substr(prefix.size()));
  }
  return std::string(pin_source);
}

}  // namespace

bool is_token_name(std::string_view text) {
  return text.starts_with(kUriScheme) || text.starts_with(kNssScheme);
}

Result<TokenName> read_token_name(std::string_view text) {
  if (!text.starts_with(kNssScheme)) {
    auto uri = TRY(read_uri(text));
    KeyName key{uri.object, uri.id};
    auto pin_file = pin_file_of(uri.pin_source);
    return TokenName{std::move(uri), std::move(key), std::move(pin_file)};
  }
  const auto rest = text.substr(kNssScheme.size());
  const auto end = rest.rfind(kNickname);
  const std::string folder(rest.substr(0, end));
  if (folder.empty()) {
    return Error{Fault::bad_configuration,
                 "\"" + std::string(text) +
                     "\" names no folder; write nss:/folder/of/cert9.db?nickname=NAME"};
  }
  KeyName key;
  if (end != std::string_view::npos) key.label = rest.substr(end + kNickname.size());
  return TokenName{folder, std::move(key), {}};
}

Result<std::shared_ptr<Token>> open_token(const TokenName& name, const SecretBytes& pin) {
  if (const auto* uri = std::get_if<Uri>(&name.token)) return open_token(*uri, pin);
  return open_nss_database(std::get<std::string>(name.token), pin);
}

}  // namespace signet::pkcs11
