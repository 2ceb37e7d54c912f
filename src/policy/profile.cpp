#include "policy/profile.h"

#include <algorithm>

#include "policy/policy.h"
#include "policy/profile_parser.h"

namespace signet::policy {

std::string to_text(const ProfileFault& fault) {
  const auto place = fault.line == 0 ? fault.file : fault.file + ":" + std::to_string(fault.line);
  const auto* severity = fault.severity == ProfileFault::Severity::error ? "error" : "warning";
  return place + ": " + severity + ": " + fault.reason;
}

Profile::Parsed Profile::parse(const std::string& file, std::string_view text) {
  return ProfileParser{file, text}.parse();
}

void ProfileSet::add(std::shared_ptr<const Profile> profile) {
  auto id = profile->id();
  profiles_.insert_or_assign(std::move(id), std::move(profile));
}

const Profile* ProfileSet::find(std::string_view id) const {
  const auto found = profiles_.find(id);
  return found != profiles_.end() && found->second->enabled() ? found->second.get() : nullptr;
}

bool ProfileSet::renews_expired() const {
  return std::any_of(profiles_.begin(), profiles_.end(), [](const auto& each) {
    return each.second->enabled() && each.second->renews_expired();
  });
}

std::vector<std::string> ProfileSet::enabled_ids() const {
  std::vector<std::string> ids;
  for (const auto& [id, profile] : profiles_) {
    if (profile->enabled()) ids.push_back(id);
  }
  return ids;
}

std::vector<std::string> ProfileSet::ids_that_want_ocsp_uri() const {
  const auto wants = [](const auto& policy) { return policy->fills().wants_ocsp_uri(); };
  std::vector<std::string> ids;
  for (const auto& [id, profile] : profiles_) {
    const auto& sets = profile->sets();
    const bool one_does = std::any_of(sets.begin(), sets.end(), [&](const PolicySet& set) {
      return std::any_of(set.policies.begin(), set.policies.end(), wants);
    });
    if (profile->enabled() && one_does) ids.push_back(id);
  }
  return ids;
}

}  // namespace signet::policy
