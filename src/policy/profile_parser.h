#pragma once

#include <optional>

#include "policy/config_file.h"
#include "policy/policy.h"

namespace signet::policy {

/// One policy as the file names it, before it is made.
struct PolicyNames {
  std::string set;
  std::string id;
  std::string default_class;
  std::string constraint_class;
  int line = 0;

  /// "policyset.<set>.<id>."
  [[nodiscard]] std::string prefix() const { return "policyset." + set + "." + id + "."; }
};

/// Makes a Profile of a file's keys and notes everything that is wrong or doubtful in them.
class ProfileParser {
 public:
  ProfileParser(const std::string& file, std::string_view text)
      : file_(read_config_file(file, text, faults_)) {}

  Profile::Parsed parse();

 private:
  void read_texts(Profile& profile);
  void read_authenticator(Profile& profile);
  void read_leaves(Profile& profile);
  void read_sets(Profile& profile);
  PolicySet read_set(const std::string& set_id);
  /// Null when the file does not name both classes, or one of them is unknown.
  std::shared_ptr<const Policy> read_policy(const PolicyNames& names);

  [[nodiscard]] std::string value(std::string_view key) const;
  bool boolean(std::string_view key, bool when_missing = false);
  void note(ProfileFault::Severity severity, int line, std::string reason);
  void refuse(int line, std::string reason);
  void warn(int line, std::string reason);

  std::vector<ProfileFault> faults_;
  ConfigFile file_;
  std::vector<PolicyNames> policies_;  ///< in order of execution, set by set
};

/// What is doubtful about the order and company of a profile's policies (dogtag/profiles.md §9),
/// and what every certificate needs and no policy of a set gives.
void advise(Authenticator authenticator, const std::vector<PolicyNames>& policies,
            const std::string& file, std::vector<ProfileFault>& faults);

/// Who may ask where the file names no authenticator, with a warning that says it: an agent by a
/// bare request over TLS, or, where a default makes an authority, an OCSP responder or another
/// certificate of those kinds (powers.h), by a message that it signed. At Dogtag an agent decides
/// on each request of such a profile.
Authenticator assume_authenticator(const ConfigFile& file, const std::vector<PolicyNames>& policies,
                                   std::vector<ProfileFault>& faults);

/// A profile that renews with expired certificates must judge every such renewal: in each set
/// uniqueKeyConstraintImpl with allowSameKeyRenewal=true, then renewGracePeriodConstraintImpl with
/// an end (graceAfter).
void check_renewal_is_judged(const ConfigFile& file, const std::vector<PolicyNames>& policies,
                             std::vector<ProfileFault>& faults);

/// Refuses inputs, outputs and updaters of unknown class, and warns of those that ask for something
/// that no CMC message brings, or do something that is not done here (dogtag/profiles.md §2).
void check_company(const ConfigFile& file, std::vector<ProfileFault>& faults);

/// Warns of every key that nothing looks at: unknown ones, and policies that no list names.
/// Parameters of a listed policy are the business of its default and its constraint.
void warn_of_unread_keys(const ConfigFile& file, const std::vector<PolicyNames>& policies,
                         std::vector<ProfileFault>& faults);

}  // namespace signet::policy
