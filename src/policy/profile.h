#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace signet::policy {

/// Something wrong, or doubtful, in a profile's text.
struct ProfileFault {
  enum class Severity { warning, error };
  Severity severity = Severity::error;
  std::string file;
  int line = 0;  ///< from 1; 0 when it belongs to no line
  std::string reason;
};
/// "profiles/caX.cfg:12: error: …"
std::string to_text(const ProfileFault& fault);

class Policy;  // one default and one constraint, parsed: policy/policy.h
struct PolicySet {
  std::string id;
  std::vector<std::shared_ptr<const Policy>> policies;  ///< in the order of policyset.<id>.list
};

/// Which proof of identity a profile demands: its auth.instance_id.
enum class Authenticator {
  agent_signed,  ///< CMCAuth: an agent signed the message
  user_signed,   ///< CMCUserSignedAuth: an existing certificate signed, or a shared secret
  agent_tls,     ///< AgentCertAuth: the TLS client is an agent
};

/// Whether a user's request may ask for other names (changeSubjectName, RFC 10002 §7.1).
enum class NameChange {
  refused,   ///< the default
  by_agent,  ///< auth.changeSubjectNameAllowed: it waits for an agent's approval
  free,      ///< and auth.changeSubjectNameApprovalRequired=false: the constraints alone decide
};

/// An enrollment profile in Dogtag's .cfg form: texts, the authenticator, sets of policies.
/// Parsed and validated before it is offered; immutable after.
class Profile {
 public:
  struct Parsed;
  /// `text` of the file `file`; the id is the file's name without folders and ".cfg".
  static Parsed parse(const std::string& file, std::string_view text);

  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& description() const { return description_; }
  [[nodiscard]] bool enabled() const { return enabled_; }
  [[nodiscard]] Authenticator authenticator() const { return authenticator_; }
  /// The text names none, as Dogtag's profiles that an agent decides on: agent_tls, but
  /// agent_signed where what its defaults give is the authority's power (assume_authenticator).
  [[nodiscard]] bool assumes_authenticator() const { return assumes_authenticator_; }
  /// What a user asks for waits for an agent (auth.explicitApprovalRequired).
  [[nodiscard]] bool demands_approval() const { return demands_approval_; }
  [[nodiscard]] NameChange name_change() const { return name_change_; }
  /// A certificate that has expired may sign for its own renewal, within the renewal's grace period
  /// (auth.expiredSignerAllowed).
  [[nodiscard]] bool renews_expired() const { return renews_expired_; }
  /// The k-th request of a message uses the k-th set (0-based).
  [[nodiscard]] const std::vector<PolicySet>& sets() const { return sets_; }

 private:
  friend class ProfileParser;
  Profile() = default;
  std::string id_;
  std::string name_;
  std::string description_;
  bool enabled_ = false;
  bool demands_approval_ = false;
  NameChange name_change_ = NameChange::refused;
  bool renews_expired_ = false;
  Authenticator authenticator_ = Authenticator::agent_signed;
  bool assumes_authenticator_ = false;
  std::vector<PolicySet> sets_;
};

struct Profile::Parsed {
  std::shared_ptr<const Profile> profile;  ///< null when a fault is an error
  std::vector<ProfileFault> faults;
  /// The text has `enable`, and by it is not offered, whatever its faults.
  bool is_switched_off = false;
};

/// The profiles a server offers, by id.
class ProfileSet {
 public:
  void add(std::shared_ptr<const Profile> profile);
  /// Null when there is none of this id, or when it is not enabled.
  [[nodiscard]] const Profile* find(std::string_view id) const;
  /// Whether an enabled one renews with expired certificates.
  [[nodiscard]] bool renews_expired() const;
  /// Ids of the enabled ones, sorted.
  [[nodiscard]] std::vector<std::string> enabled_ids() const;
  /// Of these, those that leave a place of authorityInfoAccess to the authority's ocsp_uri.
  [[nodiscard]] std::vector<std::string> ids_that_want_ocsp_uri() const;

 private:
  std::map<std::string, std::shared_ptr<const Profile>, std::less<>> profiles_;
};

}  // namespace signet::policy
