#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace signet::tool {

/// What differs between the configurations that we write.
struct AuthorityConfiguration {
  std::string address = {};
  int port = 0;
  std::string key = "ca.key";        ///< or the token's key
  std::string passphrase_file = {};  ///< of the key, or the token's PIN; empty: not encrypted
  std::string store_uri = {};        ///< of a database that nodes share; empty: the file store.db
  std::vector<std::string> agents_sha256 = {};  ///< of the agents' certificates, hexadecimal
  bool dogtag = false;                          ///< its clients are served as they write
  std::uint64_t first_crl_number = 1;
  std::string protection_key =
      {};  ///< file of the key that opens wrapped revocation secrets; or empty
};

/// The text of signetd.toml, with comments; the files it names lie beside it.
std::string configuration_text(const AuthorityConfiguration& configuration);

/// `text` as a TOML basic string with its quotation marks, whatever is in it.
std::string toml_string(std::string_view text);

}  // namespace signet::tool
