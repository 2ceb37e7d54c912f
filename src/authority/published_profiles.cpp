#include "authority/published_profiles.h"

namespace signet::authority {

bool is_made_for_authority(std::string_view profile_id) {
  return profile_id.starts_with("signet ") || profile_id == kOcspResponderProfile;
}

PublishedProfiles PublishedProfiles::named_or_all(const std::vector<std::string>& names) {
  return {.all = names.empty(), .ids = {names.begin(), names.end()}};
}

}  // namespace signet::authority
