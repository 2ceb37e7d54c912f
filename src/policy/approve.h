#pragma once

#include <optional>

#include "policy/profile.h"
#include "policy/template_change.h"
#include "proof/possession/possession.h"

namespace signet::policy {

/// What policies may know of the authority that will sign.
struct AuthorityFacts {
  pkix::Certificate certificate;
  pkix::AlgorithmIdentifier default_signature_algorithm;
  std::string ocsp_uri;  ///< for an AIA entry without location; empty: entry left out
  bool allow_past_ca_validity = false;  ///< ca.enablePastCATime
};

/// Evidence that a profile's defaults and constraints were applied to one proven request, and what
/// came out. Only approve makes one, and Issuer::prepare takes nothing else.
class ApprovedCertificate {
 public:
  [[nodiscard]] cmc::BodyPartID request_id() const { return request_id_; }
  [[nodiscard]] const std::string& profile_id() const { return profile_id_; }
  [[nodiscard]] const pkix::Name& subject() const { return subject_; }
  [[nodiscard]] const pkix::Validity& validity() const { return validity_; }
  [[nodiscard]] const pkix::SubjectPublicKeyInfo& public_key_info() const& { return key_; }
  [[nodiscard]] pkix::SubjectPublicKeyInfo public_key_info() && { return std::move(key_); }
  [[nodiscard]] const pkix::Extensions& extensions() const& { return extensions_; }
  [[nodiscard]] pkix::Extensions extensions() && { return std::move(extensions_); }
  [[nodiscard]] const pkix::AlgorithmIdentifier& signature_algorithm() const { return algorithm_; }
  /// Set when a policy depends on how many certificates this key has (uniqueKeyConstraint).
  [[nodiscard]] const std::optional<store::KeyCondition>& key_condition() const {
    return key_condition_;
  }
  /// Of subjects whose certificates a policy counted: a new name that no agent looked at, a name
  /// that is to be unique.
  [[nodiscard]] const std::vector<store::SubjectCondition>& subject_conditions() const {
    return subject_conditions_;
  }
  /// The subject asked for was replaced by the signer's (said in the audit).
  [[nodiscard]] bool subject_replaced() const { return subject_replaced_; }

 private:
  friend Result<ApprovedCertificate> approve(const struct ApprovalInput&);
  ApprovedCertificate() = default;
  cmc::BodyPartID request_id_;
  std::string profile_id_;
  pkix::Name subject_;
  pkix::Validity validity_;
  pkix::SubjectPublicKeyInfo key_;
  pkix::Extensions extensions_;
  pkix::AlgorithmIdentifier algorithm_;
  std::optional<store::KeyCondition> key_condition_;
  std::vector<store::SubjectCondition> subject_conditions_;
  bool subject_replaced_ = false;
};

/// What an agent who approves a request changes in its certificate. The profile's constraints hold
/// for it all the same, and what the requester could not ask for is refused: agent_changes.h.
struct AgentChanges {
  std::optional<Time> not_before = {};
  std::optional<Time> not_after = {};
  std::vector<pkix::Extension> extensions = {};  ///< added, or in the place of those there
  std::vector<asn1::Oid> left_out = {};          ///< extensions

  [[nodiscard]] bool empty() const {
    return !not_before && !not_after && extensions.empty() && left_out.empty();
  }
};

struct ApprovalInput {
  const Profile& profile;
  std::size_t request_number = 0;  ///< 0-based place in the message: chooses the policy set
  const cmc::TaggedRequest& request;
  const proof::ProvenIdentity& identity;
  const proof::ProvenPossession& possession;
  const store::CertificateStore& store;
  const AuthorityFacts& authority;
  Time now;
  std::span<const ApprovedCertificate> before = {};   ///< those before it in the message
  const AgentChanges* changes = nullptr;              ///< null: no agent was asked
  const cmc::ChangeSubjectName* new_names = nullptr;  ///< asked for in the place of the request's
  /// What agents between the requester and us changed in this request, in any order. Names they may
  /// change where an agent asks, or vouched for who asks (IdentityMethod::ra_witness), only.
  std::span<const TemplateChange> template_changes = {};
};

/// Whether the profile may be used by this identity at all: its authenticator against how the
/// identity was proven. Faults: unknown_identity, saying what the profile demands; untrusted_signer
/// for an expired certificate, where the profile renews none.
Result<void> check_authenticator(const Profile& profile, const proof::ProvenIdentity& identity);

/// All defaults in list order, then the agent's changes, then all constraints in list order; the
/// first that refuses decides (dogtag/profiles.md §1). Nobody gets the authority's own subject. A
/// message with more requests than the profile has sets uses the last set again (docs/choices.md).
/// New names are granted as they are or not at all; where no agent is to look at them, only what is
/// nobody else's (new_names.h), and so whoever signs with a foreign issuer's certificate, approved
/// or not. What an expired certificate renews, a constraint must have judged. Faults: malformed,
/// trailing_data, name_not_allowed, extension_not_allowed, validity_not_allowed, key_reuse,
/// unsupported_algorithm, weak_key, identity_mismatch, not_allowed, storage_failed, internal.
Result<ApprovedCertificate> approve(const ApprovalInput& input);

}  // namespace signet::policy
