#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace signet::server {

/// A Content-Type taken apart, as far as CMC over HTTP looks at it (RFC 9110 §8.3.1).
struct MediaType {
  std::string name;                       ///< "application/pkcs7-mime", in lower case
  std::optional<std::string> smime_type;  ///< in lower case; none when the parameter is absent
};

/// None when the text is no Content-Type, or names smime-type twice.
std::optional<MediaType> read_media_type(std::string_view text);

/// Whether a CMC request may come as this type: PKCS#10, or PKCS#7 with smime-type CMC-Request or
/// none. Older names of the types are taken too. RFC 10003 §3.
bool is_request_type(std::string_view content_type);
/// The same for a Full PKI Request alone (RFC 7030 §4.3.1).
bool is_full_request_type(std::string_view content_type);

}  // namespace signet::server
