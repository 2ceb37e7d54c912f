#include <algorithm>
#include <array>
#include <map>

#include "policy/policy_classes.h"
#include "policy/profile_parser.h"

namespace signet::policy {
namespace {

using Severity = ProfileFault::Severity;

struct Set {
  const std::string& file;
  const std::string& id;
  const std::vector<PolicyNames>& policies;  ///< in order of execution
  std::vector<ProfileFault>& faults;
};

template <typename Predicate>
const PolicyNames* find_policy(const Set& set, Predicate predicate) {
  const auto found = std::find_if(set.policies.begin(), set.policies.end(), predicate);
  return found == set.policies.end() ? nullptr : &*found;
}

const PolicyNames* find_default(const Set& set, std::string_view class_id) {
  return find_policy(set,
                     [&](const PolicyNames& names) { return names.default_class == class_id; });
}

const PolicyNames* find_constraint(const Set& set, std::string_view class_id) {
  return find_policy(set,
                     [&](const PolicyNames& names) { return names.constraint_class == class_id; });
}

/// Without these no certificate can come out: a draft has no validity or key of its own, and
/// RFC 5280 §4.2.1.1 demands the authorityKeyIdentifier.
void demand_necessary_defaults(const Set& set) {
  const auto is_unknown = [](const PolicyNames& names) {
    return find_default_class(names.default_class) == nullptr;
  };
  if (find_policy(set, is_unknown) != nullptr) return;  // refused already; it may be what is missed
  struct Necessary {
    std::string_view ending;  ///< of the class ids that give it
    std::string_view what;
  };
  constexpr std::array kNecessary{
      Necessary{"alidityDefaultImpl", "the validity"},
      Necessary{"userKeyDefaultImpl", "the key"},
      Necessary{"authorityKeyIdentifierExtDefaultImpl",
                "the authorityKeyIdentifier (RFC 5280 §4.2.1.1)"},
  };
  for (const auto& [ending, what] : kNecessary) {
    const auto gives = [wanted = ending](const PolicyNames& names) {
      return std::string_view{names.default_class}.ends_with(wanted);
    };
    if (find_policy(set, gives) != nullptr) continue;
    set.faults.push_back({Severity::error, set.file,
                          set.policies.empty() ? 0 : set.policies.front().line,
                          "policyset." + set.id + ": no default gives " + std::string{what}});
  }
}

void warn(const Set& set, const PolicyNames& names, std::string reason) {
  set.faults.push_back({Severity::warning, set.file, names.line, std::move(reason)});
}

void warn_of_missing_subject(const Set& set) {
  const auto gives = [](const PolicyNames& names) {
    return names.default_class.find("ubjectNameDefaultImpl") != std::string::npos;
  };
  if (find_policy(set, gives) != nullptr || set.policies.empty()) return;
  warn(set, set.policies.front(), "policyset." + set.id + ": no default gives the subject");
}

void warn_of_order(const Set& set) {
  const auto* key = find_constraint(set, "uniqueKeyConstraintImpl");
  const auto* grace = find_constraint(set, "renewGracePeriodConstraintImpl");
  const auto* subject = find_policy(set, [](const PolicyNames& names) {
    return names.default_class.find("ubjectNameDefaultImpl") != std::string::npos;
  });
  if (grace != nullptr && (key == nullptr || grace < key)) {
    warn(set, *grace,
         "renewGracePeriodConstraintImpl has no effect before uniqueKeyConstraintImpl, "
         "which finds the certificate renewed");
  }
  for (const auto* renewal : {key, grace}) {
    if (renewal == nullptr || subject == nullptr || subject < renewal) continue;
    warn(set, *renewal, renewal->constraint_class + " stands before the subject default");
  }
}

/// With Dogtag, users would name themselves as they like.
void warn_of_free_subject(const Set& set, Authenticator authenticator) {
  if (authenticator != Authenticator::user_signed) return;
  const auto* free_default = find_default(set, "userSubjectNameDefaultImpl");
  const auto* free_constraint = find_constraint(set, "userSubjectNameConstraintImpl");
  for (const auto* names : {free_default, free_constraint}) {
    if (names == nullptr) continue;
    warn(set, *names,
         "the profile would take a user's subject from the request: here a user has the one of the "
         "certificate that signed, or of the shared secret's entry, and a request for another one "
         "is refused, or where replace_subject is on gets that one; "
         "cmcUserSignedSubjectNameDefaultImpl and authTokenSubjectNameDefaultImpl say so");
    return;
  }
}

}  // namespace

void advise(Authenticator authenticator, const std::vector<PolicyNames>& policies,
            const std::string& file, std::vector<ProfileFault>& faults) {
  std::map<std::string, std::vector<PolicyNames>> sets;
  for (const auto& names : policies) sets[names.set].push_back(names);
  for (const auto& [id, members] : sets) {
    const Set set{file, id, members, faults};
    demand_necessary_defaults(set);
    warn_of_missing_subject(set);
    warn_of_order(set);
    warn_of_free_subject(set, authenticator);
  }
}

}  // namespace signet::policy
