#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace signet::authority {

/// In the place of a profile, with the certificates of our own OCSP responder.
inline constexpr std::string_view kOcspResponderProfile = "ocspResponder";

/// Whether no profile made it: the authority has it for itself, from a tool ("signet ca renew") or
/// for its OCSP responder.
bool is_made_for_authority(std::string_view profile_id);

/// The profiles whose certificates a directory is to have: none, unless said otherwise.
struct PublishedProfiles {
  bool all = false;
  std::set<std::string, std::less<>> ids = {};

  /// Those named; all where none is.
  static PublishedProfiles named_or_all(const std::vector<std::string>& names);

  [[nodiscard]] bool none() const { return !all && ids.empty(); }
  /// At least when somebody asks for it (publishCert).
  [[nodiscard]] bool includes(std::string_view id) const { return all || ids.contains(id); }
  /// Whoever made it: what the authority has for itself belongs into no holder's entry.
  [[nodiscard]] bool includes_unasked(std::string_view id) const {
    return includes(id) && !is_made_for_authority(id);
  }
};

}  // namespace signet::authority
