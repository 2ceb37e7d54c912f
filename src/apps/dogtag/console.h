#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "adapters/pkcs11/token.h"
#include "apps/tool/surroundings.h"

namespace signet::dogtag {

using Arguments = std::vector<std::string>;

/// What a tool takes from the world around it. Tests bring their own.
struct Console {
  std::ostream& out;  ///< what the originals print, and scripts look for
  std::ostream& err;  ///< warnings, and why it failed
  const tool::Surroundings& surroundings;
  /// Opens the NSS database of a folder, or, when `token` is not empty, the token of this label.
  /// Faults: as pkcs11::open_nss_database and pkcs11::open_token.
  std::function<Result<std::shared_ptr<pkcs11::Token>>(
      const std::string& folder, const std::string& token, const SecretBytes& password)>
      open_token;
};

/// Exit statuses. Called wrongly is a failure as well: so the originals have it.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;

/// Whether "--help" stands anywhere: then nothing else is looked at.
bool asks_for_help(const Arguments& arguments);

/// An error of what the user wrote: bad_configuration.
Error wrong(std::string detail);

/// "CMCRequest: ERROR: …" on err; the exit status of a failure.
int report(Console& console, std::string_view tool, const Error& error);
/// "CMCRequest: WARNING: …" on err.
void warn(Console& console, std::string_view tool, std::string_view warning);

/// The originals print what they made, whatever is in it.
inline constexpr std::string_view kPrintedSecret =
    "the message printed here holds the secret, as its file does: who reads either may revoke";

/// Base64 in lines of 64, each with CR LF, as the originals write it.
std::string base64_lines(ByteView octets);

}  // namespace signet::dogtag
