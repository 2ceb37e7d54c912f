#pragma once

#include <string>

#include "support/message_builder.h"
#include "support/policy_scene.h"

namespace signet::test {

/// A profile of the folder profiles/, with lines added at its end (a key given again takes the
/// later value). Stops the test program when it does not load.
std::shared_ptr<const policy::Profile> shipped_profile(const std::string& id,
                                                       const std::string& more_lines = "");

/// What a policy of the main profiles' set begins with.
inline constexpr auto* kSet = "policyset.cmcUserCertSet.";
/// Lines that add a policy at the end of that set: this default, and no constraint.
std::string one_more_policy(const std::string& class_id, const std::string& parameters);

/// A TaggedRequest with number 7.
Bytes request_for(const std::string& subject, const Key& key,
                  const pkix::Extensions& extensions = {});

/// An authority up to the approval, with an agent "CN=Agent,O=Test" and a user "CN=Alice,O=Test"
/// whose certificates are on record. Evidence is made by the rooms that make it, from real
/// messages.
class ApprovalScene {
 public:
  ApprovalScene();

  /// A Full PKI Request with this one TaggedRequest, signed by `signer` over its own TLS
  /// connection.
  Result<policy::ApprovedCertificate> approve(const policy::Profile& profile,
                                              const Credential& signer,
                                              const Bytes& tagged_request) const;
  /// A Simple PKI Request over a TLS connection of `tls_client`.
  Result<policy::ApprovedCertificate> approve_simple(const policy::Profile& profile,
                                                     const Credential& tls_client,
                                                     const Bytes& certification_request) const;

  TestCa ca;
  RecordedCertificates store;
  Credential agent;
  Credential alice;
  policy::AuthorityFacts facts;
  Time now = kTestTime;
  std::vector<pkix::Certificate> foreign_issuers;  ///< who they certify may sign
  /// What agents in between change in the request, and its changeSubjectName, as if proven.
  std::vector<policy::TemplateChange> template_changes;
  std::optional<cmc::ChangeSubjectName> new_names;
  /// What an agent who approves the request changes; none: no agent was asked.
  std::optional<policy::AgentChanges> agent_changes;

 private:
  Credential enroll(const std::string& subject);
  Result<policy::ApprovedCertificate> approve_message(const policy::Profile& profile,
                                                      const Credential& requester,
                                                      const Bytes& message) const;
};

}  // namespace signet::test
