#include <map>

#include "policy/profile_parser.h"
#include "policy/text.h"

/// What a profile must hold that renews with expired certificates.
namespace signet::policy {
namespace {

using Severity = ProfileFault::Severity;

std::string parameter(const ConfigFile& file, const PolicyNames& names, std::string_view name) {
  const auto* entry = file.find(names.prefix() + "constraint.params." + std::string{name});
  return entry == nullptr ? std::string{} : entry->value;
}

bool renews_same_key(const ConfigFile& file, const PolicyNames& names) {
  return names.constraint_class == "uniqueKeyConstraintImpl" &&
         equal_without_case(parameter(file, names, "allowSameKeyRenewal"), "true");
}

/// A missing number stands for 30 days, 0 and fewer for no end.
bool has_end(const ConfigFile& file, const PolicyNames& names) {
  if (names.constraint_class != "renewGracePeriodConstraintImpl") return false;
  const auto text = parameter(file, names, "renewal.graceAfter");
  return text.empty() || number_from_text(text).value_or(0) > 0;
}

bool is_judged(const ConfigFile& file, const std::vector<PolicyNames>& set) {
  bool key_is_looked_at = false;
  for (const auto& names : set) {
    key_is_looked_at = key_is_looked_at || renews_same_key(file, names);
    if (key_is_looked_at && has_end(file, names)) return true;
  }
  return false;
}

}  // namespace

void check_renewal_is_judged(const ConfigFile& file, const std::vector<PolicyNames>& policies,
                             std::vector<ProfileFault>& faults) {
  std::map<std::string, std::vector<PolicyNames>> sets;
  for (const auto& names : policies) sets[names.set].push_back(names);
  for (const auto& [id, set] : sets) {
    if (is_judged(file, set)) continue;
    faults.push_back({Severity::error, file.name, file.line_of("auth.expiredSignerAllowed"),
                      "auth.expiredSignerAllowed: policyset." + id +
                          " needs uniqueKeyConstraintImpl with allowSameKeyRenewal=true, and after "
                          "it renewGracePeriodConstraintImpl with renewal.graceAfter of a day or "
                          "more: else nothing says until when an expired certificate may sign"});
  }
}

}  // namespace signet::policy
