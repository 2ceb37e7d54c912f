#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "base/nearest_word.h"
#include "policy/profile_parser.h"

namespace signet::policy {
namespace {

/// Keys of a profile itself. "input.", "output." and "updater." stand for all below.
constexpr std::array<std::string_view, 22> kProfileKeys{"name",
                                                        "desc",
                                                        "enable",
                                                        "enableBy",
                                                        "visible",
                                                        "auth.instance_id",
                                                        "auth.class_id",
                                                        "authz.acl",
                                                        "renewal",
                                                        "auth.explicitApprovalRequired",
                                                        "xmlOutput",
                                                        "lastModified",
                                                        "profileId",
                                                        "classId",
                                                        "policyset.list",
                                                        "defaultSubjectName",
                                                        "input.",
                                                        "output.",
                                                        "updater.",
                                                        "auth.changeSubjectNameAllowed",
                                                        "auth.changeSubjectNameApprovalRequired",
                                                        "auth.expiredSignerAllowed"};

bool is_profile_key(std::string_view key) {
  return std::any_of(kProfileKeys.begin(), kProfileKeys.end(), [&](std::string_view known) {
    return known.ends_with('.') ? key.starts_with(known) : key == known;
  });
}

bool is_list_of(std::string_view key, const std::vector<std::string>& sets) {
  return std::any_of(sets.begin(), sets.end(),
                     [&](const std::string& set) { return key == "policyset." + set + ".list"; });
}

/// "policyset.<set>.<id>.default.params.x" as the policy and what follows its prefix.
struct PolicyKey {
  PolicyNames policy;
  std::string_view rest;
};
std::optional<PolicyKey> policy_key_from(std::string_view key) {
  constexpr std::string_view kFront = "policyset.";
  if (!key.starts_with(kFront)) return std::nullopt;
  key.remove_prefix(kFront.size());
  const auto first = key.find('.');
  const auto second = first == std::string_view::npos ? first : key.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  PolicyKey found;
  found.policy.set = key.substr(0, first);
  found.policy.id = key.substr(first + 1, second - first - 1);
  found.rest = key.substr(second + 1);
  return found;
}

/// The right key that is spelt most like an unknown one.
std::string meant(std::string_view key) {
  if (const auto found = policy_key_from(key)) {
    return do_you_mean(
        found->rest, {"default.class_id", "default.name", "default.params.", "constraint.class_id",
                      "constraint.name", "constraint.params."});
  }
  return do_you_mean(key, {kProfileKeys.begin(), kProfileKeys.end()});
}

bool is_policy_part(std::string_view rest) {
  for (const std::string_view half : {"default.", "constraint."}) {
    if (!rest.starts_with(half)) continue;
    rest.remove_prefix(half.size());
    return rest == "class_id" || rest == "name" || rest.starts_with("params.");
  }
  return false;
}

}  // namespace

void warn_of_unread_keys(const ConfigFile& file, const std::vector<PolicyNames>& policies,
                         std::vector<ProfileFault>& faults) {
  const auto warn = [&](int line, std::string reason) {
    faults.push_back({ProfileFault::Severity::warning, file.name, line, std::move(reason)});
  };
  const auto* list = file.find("policyset.list");
  const auto sets = split_list(list == nullptr ? std::string_view{} : list->value);
  std::set<std::string> done;
  for (const auto& names : policies) done.insert(names.prefix());

  for (const auto& entry : file.entries) {
    const auto& key = entry.first;
    if (is_profile_key(key) || is_list_of(key, sets)) continue;
    const auto found = policy_key_from(key);
    if (!found || !is_policy_part(found->rest)) {
      warn(entry.second.line, "unknown key '" + key + "', has no effect" + meant(key));
    } else if (done.insert(found->policy.prefix()).second) {
      warn(entry.second.line, "the policy '" + found->policy.id + "' is not in policyset." +
                                  found->policy.set + ".list: it is not used");
    }
  }
}

}  // namespace signet::policy
