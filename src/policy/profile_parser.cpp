#include "policy/profile_parser.h"

#include <algorithm>
#include <array>

#include "base/nearest_word.h"
#include "policy/policy_classes.h"
#include "policy/text.h"

namespace signet::policy {
namespace {

using Severity = ProfileFault::Severity;

struct NamedAuthenticator {
  std::string_view instance;
  Authenticator authenticator;
};
constexpr std::array kAuthenticators{
    NamedAuthenticator{"CMCAuth", Authenticator::agent_signed},
    NamedAuthenticator{"CMCUserSignedAuth", Authenticator::user_signed},
    NamedAuthenticator{"AgentCertAuth", Authenticator::agent_tls},
    NamedAuthenticator{"CMCAuthForEST", Authenticator::agent_signed},
};

std::string id_from(std::string_view file) {
  constexpr std::string_view kEnding = ".cfg";
  const auto slash = file.find_last_of("/\\");
  if (slash != std::string_view::npos) file.remove_prefix(slash + 1);
  if (file.ends_with(kEnding)) file.remove_suffix(kEnding.size());
  return std::string{file};
}

/// A file without the key, or with another value, may not be meant so.
bool is_switched_off(const ConfigFile& file) {
  const auto* enable = file.find("enable");
  return enable != nullptr && (enable->value.empty() || enable->value == "-" ||
                               equal_without_case(enable->value, "false"));
}

}  // namespace

Profile::Parsed ProfileParser::parse() {
  Profile profile;
  profile.id_ = id_from(file_.name);
  read_texts(profile);
  read_authenticator(profile);
  read_leaves(profile);
  read_sets(profile);
  if (profile.assumes_authenticator()) {
    profile.authenticator_ = assume_authenticator(file_, policies_, faults_);
  }
  if (profile.renews_expired()) check_renewal_is_judged(file_, policies_, faults_);
  check_company(file_, faults_);
  advise(profile.authenticator_, policies_, file_.name, faults_);
  warn_of_unread_keys(file_, policies_, faults_);

  const bool failed = std::any_of(faults_.begin(), faults_.end(), [](const ProfileFault& fault) {
    return fault.severity == Severity::error;
  });
  return {failed ? nullptr : std::make_shared<const Profile>(std::move(profile)),
          std::move(faults_), is_switched_off(file_)};
}

void ProfileParser::read_texts(Profile& profile) {
  profile.name_ = value("name");
  profile.description_ = value("desc");
  profile.enabled_ = boolean("enable");
  profile.demands_approval_ = boolean("auth.explicitApprovalRequired");
  if (boolean("renewal")) {
    warn(file_.line_of("renewal"), "renewal profiles are none of CMC's: the key has no effect");
  }
  if (!value("defaultSubjectName").empty()) {
    warn(file_.line_of("defaultSubjectName"),
         "defaultSubjectName has no effect; use subjectNameDefaultImpl");
  }
}

void ProfileParser::read_authenticator(Profile& profile) {
  const auto* key =
      file_.find("auth.instance_id") != nullptr ? "auth.instance_id" : "auth.class_id";
  const auto name = value(key);
  if (name.empty()) {
    profile.authenticator_ = Authenticator::agent_tls;
    profile.assumes_authenticator_ = true;
    return;
  }
  const auto found =
      std::find_if(kAuthenticators.begin(), kAuthenticators.end(),
                   [&](const NamedAuthenticator& known) { return known.instance == name; });
  if (found == kAuthenticators.end()) {
    refuse(file_.line_of(key),
           "unknown authenticator '" + name +
               "'; there are CMCAuth, CMCUserSignedAuth and AgentCertAuth" +
               do_you_mean(name, {"CMCAuth", "CMCUserSignedAuth", "AgentCertAuth"}));
    return;
  }
  if (name == "CMCAuthForEST") {
    warn(file_.line_of(key), "CMCAuthForEST is treated as CMCAuth: a message signed by an agent");
  }
  profile.authenticator_ = found->authenticator;
}

/// What the profile lets users do that others do not.
void ProfileParser::read_leaves(Profile& profile) {
  constexpr std::string_view kChange = "auth.changeSubjectNameAllowed";
  constexpr std::string_view kApproval = "auth.changeSubjectNameApprovalRequired";
  constexpr std::string_view kExpired = "auth.expiredSignerAllowed";
  const bool may_change = boolean(kChange);
  const bool is_free = !boolean(kApproval, true);
  profile.renews_expired_ = boolean(kExpired);
  if (may_change) profile.name_change_ = is_free ? NameChange::free : NameChange::by_agent;
  if (is_free && !may_change) {
    warn(file_.line_of(kApproval),
         std::string{kApproval} + " has no effect without " + std::string{kChange});
  }
  if (profile.authenticator_ == Authenticator::user_signed) return;
  for (const auto key : {kChange, kExpired}) {
    if (!boolean(key)) continue;
    refuse(file_.line_of(key),
           std::string{key} + " is for users who sign: auth.instance_id=CMCUserSignedAuth");
  }
}

void ProfileParser::read_sets(Profile& profile) {
  const auto ids = split_list(value("policyset.list"));
  if (ids.empty()) {
    refuse(file_.line_of("policyset.list"), "policyset.list is missing or empty");
  }
  for (const auto& id : ids) profile.sets_.push_back(read_set(id));
}

PolicySet ProfileParser::read_set(const std::string& set_id) {
  const auto list_key = "policyset." + set_id + ".list";
  PolicySet set{set_id, {}};
  const auto ids = split_list(value(list_key));
  if (ids.empty()) {
    const int line = file_.line_of(list_key);
    refuse(line != 0 ? line : file_.line_of("policyset.list"), list_key + " is missing or empty");
  }
  for (const auto& id : ids) {
    PolicyNames names{.set = set_id, .id = id, .default_class = {}, .constraint_class = {}};
    const auto prefix = names.prefix();
    names.default_class = value(prefix + "default.class_id");
    names.constraint_class = value(prefix + "constraint.class_id");
    names.line = file_.line_of(prefix + "default.class_id");
    policies_.push_back(names);
    if (names.default_class.empty() || names.constraint_class.empty()) {
      refuse(file_.line_of(list_key), list_key + " names the policy '" + id +
                                          "', which the file does not define with " + prefix +
                                          "default.class_id and " + prefix +
                                          "constraint.class_id (lists are written without blanks)");
      continue;
    }
    if (auto policy = read_policy(names)) set.policies.push_back(std::move(policy));
  }
  return set;
}

std::shared_ptr<const Policy> ProfileParser::read_policy(const PolicyNames& names) {
  const auto default_prefix = names.prefix() + "default.";
  const auto constraint_prefix = names.prefix() + "constraint.";
  const auto make_default = find_default_class(names.default_class);
  const auto make_constraint = find_constraint_class(names.constraint_class);
  const auto refuse_class = [&](const std::string& key, const std::string& class_id,
                                const std::vector<std::string_view>& known) {
    refuse(file_.line_of(key),
           is_class_not_offered(class_id)
               ? "class_id '" + class_id + "' is not offered here"
               : "unknown class_id '" + class_id + "'" + do_you_mean(class_id, known));
  };
  if (make_default == nullptr) {
    refuse_class(default_prefix + "class_id", names.default_class, default_class_ids());
  }
  if (make_constraint == nullptr) {
    refuse_class(constraint_prefix + "class_id", names.constraint_class, constraint_class_ids());
  }
  if (make_default == nullptr || make_constraint == nullptr) return nullptr;

  Parameters default_parameters{file_, default_prefix, faults_};
  auto made_default = make_default(default_parameters);
  default_parameters.warn_of_unread();
  Parameters constraint_parameters{file_, constraint_prefix, faults_};
  auto made_constraint = make_constraint(constraint_parameters);
  constraint_parameters.warn_of_unread();
  return std::make_shared<const Policy>(names.id, std::move(made_default),
                                        std::move(made_constraint));
}

std::string ProfileParser::value(std::string_view key) const {
  const auto* entry = file_.find(key);
  return entry == nullptr ? std::string{} : entry->value;
}

bool ProfileParser::boolean(std::string_view key, bool when_missing) {
  const auto text = value(key);
  if (text.empty()) return when_missing;
  if (equal_without_case(text, "true")) return true;
  if (text != "-" && !equal_without_case(text, "false")) {
    refuse(file_.line_of(key), std::string{key} + ": '" + text + "' is neither true nor false");
  }
  return false;
}

void ProfileParser::note(Severity severity, int line, std::string reason) {
  faults_.push_back({severity, file_.name, line, std::move(reason)});
}

void ProfileParser::refuse(int line, std::string reason) {
  note(Severity::error, line, std::move(reason));
}

void ProfileParser::warn(int line, std::string reason) {
  note(Severity::warning, line, std::move(reason));
}

}  // namespace signet::policy
