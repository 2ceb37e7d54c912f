#pragma once

#include <string>

namespace signet::tool {

/// Certificate and key of one holder, by their files.
struct HolderFiles {
  std::string certificate;
  std::string key;              ///< or a token's key
  std::string passphrase_file;  ///< of the key; empty: none
};

}  // namespace signet::tool
