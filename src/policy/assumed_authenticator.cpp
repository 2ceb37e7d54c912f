#include <algorithm>
#include <array>

#include "policy/powers.h"
#include "policy/profile_parser.h"
#include "policy/text.h"

/// Profiles that do not say who may ask.
namespace signet::policy {
namespace {

/// A default that gives a power when this parameter is true.
struct PowerSwitch {
  std::string_view default_class;
  std::string_view parameter;
};
constexpr std::array kPowerSwitches{
    PowerSwitch{"basicConstraintsExtDefaultImpl", "basicConstraintsIsCA"},
    PowerSwitch{"keyUsageExtDefaultImpl", "keyUsageKeyCertSign"},
    PowerSwitch{"keyUsageExtDefaultImpl", "keyUsageCrlSign"},
};

std::string_view parameter_of(const ConfigFile& file, const PolicyNames& names,
                              std::string_view parameter) {
  const auto* entry = file.find(names.prefix() + "default.params." + std::string(parameter));
  return entry == nullptr ? std::string_view{} : std::string_view{entry->value};
}

bool names_reserved_purpose(std::string_view purposes) {
  const auto items = split_list(purposes);
  return std::any_of(items.begin(), items.end(), [](const std::string& item) {
    const auto purpose = asn1::Oid::from_text(item);
    return purpose.ok() && is_reserved_purpose(*purpose);
  });
}

bool gives_power(const ConfigFile& file, const PolicyNames& names) {
  if (names.default_class == "ocspNoCheckExtDefaultImpl") return true;
  if (names.default_class == "extendedKeyUsageExtDefaultImpl") {
    return names_reserved_purpose(parameter_of(file, names, "exKeyUsageOIDs"));
  }
  return std::any_of(kPowerSwitches.begin(), kPowerSwitches.end(), [&](const PowerSwitch& each) {
    return names.default_class == each.default_class &&
           equal_without_case(parameter_of(file, names, each.parameter), "true");
  });
}

}  // namespace

Authenticator assume_authenticator(const ConfigFile& file, const std::vector<PolicyNames>& policies,
                                   std::vector<ProfileFault>& faults) {
  const auto* key = file.find("auth.instance_id") != nullptr ? "auth.instance_id" : "auth.class_id";
  const bool is_powerful =
      std::any_of(policies.begin(), policies.end(),
                  [&](const PolicyNames& names) { return gives_power(file, names); });
  faults.push_back(
      {ProfileFault::Severity::warning, file.name, file.line_of(key),
       is_powerful
           ? "auth.instance_id is empty, and what the profile gives speaks for the authority (an "
             "authority, an OCSP responder, an agent): treated as CMCAuth, a message that an agent "
             "signed"
           : "auth.instance_id is empty: treated as AgentCertAuth, a bare request over TLS with an "
             "agent's certificate"});
  return is_powerful ? Authenticator::agent_signed : Authenticator::agent_tls;
}

}  // namespace signet::policy
