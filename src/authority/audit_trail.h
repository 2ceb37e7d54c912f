#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/event.h"
#include "authority/outcome.h"
#include "base/clock.h"
#include "proof/possession/possession.h"

namespace signet::authority {

/// The audit records of one message, in the order of the steps, under Dogtag's event names
/// (dogtag/server.md §12). All of them go into the one Commit.
class AuditTrail {
 public:
  /// `forwarded_by`: the agent in whose message this one came; empty: it came by itself.
  AuditTrail(const Clock& clock, const proof::Peer& peer, std::string forwarded_by = {})
      : clock_(&clock), peer_(&peer), forwarded_by_(std::move(forwarded_by)) {}

  /// From here on records speak of this subject instead of $Unidentified$.
  void identify(std::string subject) { subject_ = std::move(subject); }

  /// What is refused from here on is told as refused under this profile.
  void ask_under(std::string profile_id) { profile_id_ = std::move(profile_id); }

  /// "enrollment" unless said.
  void set_request_type(std::string_view type) { request_type_ = type; }

  /// The whole message, which stays where it is until take(); of a long one whose sender never
  /// showed who he is, its beginning, length and digest.
  void request_received(ByteView message);
  /// Its digest alone: a secret stands in it in clear.
  void request_with_secret_received(ByteView message);
  /// CMC_SIGNED_REQUEST_SIG_VERIFY for an agent, CMC_USER_SIGNED_REQUEST_SIG_VERIFY for a user,
  /// CMC_PROOF_OF_IDENTIFICATION for a shared secret, for one that was not looked at, and for an
  /// agent's word.
  void identity_proven(const proof::ProvenIdentity& identity);
  void signer_refused(const Error& why);
  /// CMC_PROOF_OF_IDENTIFICATION where a shared secret was to prove who asks, with the
  /// identification as claimed, which is no SubjectID; else as signer_refused.
  void identity_refused(const envelope::OpenedRequest& request, const Error& why);
  /// PROOF_OF_POSSESSION, and CMC_ID_POP_LINK_WITNESS where the link was looked at.
  void possession(cmc::BodyPartID request, const Result<proof::Possession>& possession);
  /// PROOF_OF_POSSESSION of keys that are challenged first.
  void challenged(const std::vector<Outcome>& outcomes, const store::PendingChallenge& challenge);
  void challenge_withdrawn(const store::ChallengeChange& change);
  void profile_request(cmc::BodyPartID request, std::string_view profile_id,
                       std::string_view subject, std::string_view info);
  void certificate_issued(cmc::BodyPartID request, const pkix::Certificate& certificate,
                          std::string_view profile_id);
  /// CERT_STATUS_CHANGE_REQUEST_PROCESSED; `changes`: false when it was so already.
  void status_change(cmc::BodyPartID control, const asn1::Integer& serial_number,
                     pkix::CRLReason reason, bool changes);
  /// CMC_CERT_ACCEPTANCE: the owner takes the certificate, or does not.
  void confirmation(cmc::BodyPartID control, const asn1::Integer& serial_number, bool is_taken);
  /// CERT_PUBLICATION_REQUEST: a directory is to have the certificate; `is_withheld`: no more.
  void publication_wished(cmc::BodyPartID control, const asn1::Integer& serial_number,
                          bool is_withheld);
  /// The owner said nothing in time.
  void confirmation_overdue(const asn1::Integer& serial_number);
  /// CERT_REQUEST_PROCESSED: nothing is issued before an agent decides.
  void held_for_agent(const store::PendingRequest& pending);
  /// AUTHZ: an agent decided, or somebody wanted to who is none. `changes`: of the certificate
  /// (told_changes.h); empty: none.
  void agent_decided(const store::PendingDecision& decision, std::string changes);
  /// `request_id`: of the request that was to be decided; empty: it did not come to that.
  void agent_refused(const Error& why, ByteView request_id, std::string changes);
  /// What was told as done before it becomes a failure, "not done".
  void request_rejected(const Error& why);
  /// The same of what an answer that stands already makes needless.
  void answered_again();
  /// Of an answer longer than 1 MiB likewise.
  void response_sent(ByteView message);

  /// A user who signed owes a link to a shared secret, and showed none that is right.
  void link_refused(const Error& why);
  /// Where the tolerances are noted that decide of this message; take() tells them.
  proof::UsedTolerances& tolerated() { return tolerated_; }

  /// What there is to tell, and one COMPATIBILITY_USED for each tolerance that was noted, granted
  /// or refused: its setting, the body parts, what it let pass.
  std::vector<audit::Event> take();

 private:
  static constexpr std::string_view kUnidentified = "$Unidentified$";

  void add(std::string_view name, audit::EventOutcome outcome, std::vector<audit::Field> fields);
  void add_received(std::vector<audit::Field> fields);
  /// Of what is done only where the message is granted in the end, by this very decision.
  void add_effect(std::string_view name, audit::EventOutcome outcome,
                  std::vector<audit::Field> fields);
  void take_effects_back(std::string_view why);
  void tell_tolerances();
  void add_profile(std::vector<audit::Field>& fields) const;

  const Clock* clock_;
  const proof::Peer* peer_;
  std::string forwarded_by_;
  std::string subject_{kUnidentified};
  std::string request_type_ = "enrollment";
  std::string profile_id_;  ///< empty: none is known, or none serves such a message
  std::vector<audit::Event> events_;
  std::vector<std::size_t> effects_;  ///< which of them
  proof::UsedTolerances tolerated_;
  struct LongRequest {
    std::size_t event;
    ByteView message;
  };
  std::optional<LongRequest> long_request_;
};

}  // namespace signet::authority
