#pragma once

#include <variant>

#include "adapters/pkcs11/token.h"

namespace signet::pkcs11 {

/// Which key of which token, as a command line or a setting names it:
///
///   pkcs11:token=…;object=…?module-path=…&pin-source=…     RFC 7512
///   nss:/home/alice/nssdb?nickname=Alice                   folder of cert9.db and key4.db
///
/// Without object, id or nickname it is the only key there.
struct TokenName {
  std::variant<Uri, std::string> token;  ///< a string is a folder
  KeyName key;
  std::string pin_file;  ///< the URI's pin-source as a path; empty: not said

  /// Whether it may be opened without a PIN: NSS databases often have none.
  [[nodiscard]] bool may_lack_pin() const { return std::holds_alternative<std::string>(token); }
};
/// Whether it begins with pkcs11: or nss:, and so is no path.
bool is_token_name(std::string_view text);
/// Faults: bad_configuration.
Result<TokenName> read_token_name(std::string_view text);
/// Faults: as open_token(Uri) and open_nss_database.
Result<std::shared_ptr<Token>> open_token(const TokenName& name, const SecretBytes& pin);

}  // namespace signet::pkcs11
