#include "authority/audit_trail.h"

#include <algorithm>
#include <map>
#include <set>

#include "authority/claimed_identification.h"
#include "authority/refusal.h"
#include "base/encoding.h"
#include "proof/identity/legacy_algorithms.h"

namespace signet::authority {
namespace {

using audit::EventOutcome;
using audit::Field;

constexpr auto kSuccess = EventOutcome::success;
constexpr auto kFailure = EventOutcome::failure;
constexpr std::string_view kRefused = "the message is refused";
// Dogtag's words for what became of a request to revoke.
constexpr std::string_view kComplete = "complete";
constexpr std::string_view kRejected = "rejected";

std::string reason(const Error& told) {
  const auto why = in_short(told);
  return std::string(to_text(why.fault)) + ": " + why.detail +
         (why.confidential.empty() ? "" : " [" + why.confidential + "]");
}

// Whole requests are kept of those who showed who they are; a stranger must not fill the disk.
constexpr std::size_t kMostOfStrangers = 16 * 1024;
// Longer answers hold CRLs and certificates, which are on record themselves.
constexpr std::size_t kLongestWholeAnswer = 64 * 1024;

/// A message in base64; of a longer one its beginning, its length and its digest.
void add_message(std::vector<Field>& fields, std::string_view name, ByteView message,
                 std::size_t most) {
  const bool whole = message.size() <= most;
  fields.push_back({std::string(name), to_base64(whole ? message : message.first(most))});
  if (whole) return;
  fields.push_back({"Octets", std::to_string(message.size()) + ", of which the first " +
                                  std::to_string(most) + " are kept"});
  fields.push_back({"SHA256", to_hex(crypto::sha256(message))});
}

std::string subject_and_serial(const pkix::Certificate& certificate) {
  return pkix::to_text(certificate->subject) + " serial 0x" + certificate->serial_number.to_hex();
}

std::string tls_client(const proof::Peer& peer) {
  if (!peer.tls_client_certificate) return "none";
  const auto certificate = pkix::read_certificate(*peer.tls_client_certificate);
  return certificate.ok() ? subject_and_serial(*certificate) : "unreadable";
}

/// Mostly it is the one that was read already.
std::string tls_client(const proof::Peer& peer, const pkix::Certificate& signer) {
  return peer.tls_client_certificate == signer.der ? subject_and_serial(signer) : tls_client(peer);
}

std::string how_identified(const proof::ProvenIdentity& identity) {
  if (identity.method() != proof::IdentityMethod::signing_certificate) {
    return "TLS client certificate";
  }
  return identity.is_expired() ? "signing certificate, expired, for its own renewal"
                               : "signing certificate";
}

std::string told_of_mac(bool is_old) {
  return is_old ? "; " + std::string(proof::kOldMac) : "";
}

std::string how_known(const proof::ProvenIdentity& identity) {
  if (identity.method() == proof::IdentityMethod::ra_witness) return "an agent vouches for it";
  if (identity.secret() == nullptr) return "revocation secret";
  return "shared secret" + told_of_mac(identity.old_mac().has_value());
}

std::string how_linked(proof::LinkMethod link) {
  return std::string(proof::is_joined(link)
                         ? "key of secret and identification joined, as Dogtag makes it"
                         : "key of the secret alone, as in RFC 10002") +
         told_of_mac(proof::is_by_old_mac(link));
}

std::string how_proven(proof::PossessionMethod method) {
  switch (method) {
    case proof::PossessionMethod::signature:
      return "signature by the requested key";
    case proof::PossessionMethod::decryption:
      return "the requested key opened a challenge";
    case proof::PossessionMethod::ra_witness:
      return "an agent vouches for it";
  }
  return "";
}

/// What one tolerance let pass in a message, each body part and each thing once.
struct LetPass {
  std::set<cmc::BodyPartID> body_parts;
  std::vector<std::string_view> what;

  void add(const proof::UsedTolerance& used) {
    body_parts.insert(used.body_part);
    if (std::find(what.begin(), what.end(), used.what) == what.end()) what.push_back(used.what);
  }
};

std::string in_one_line(const std::vector<std::string_view>& what) {
  std::string line;
  for (const auto each : what) line += (line.empty() ? "" : "; ") + std::string(each);
  return line;
}

/// "1,2", and of many how many there are.
std::string in_one_line(const std::set<cmc::BodyPartID>& parts) {
  constexpr std::size_t kMostNamed = 32;
  std::string line;
  std::size_t named = 0;
  for (const auto part : parts) {
    if (named++ == kMostNamed) return line + ",… (" + std::to_string(parts.size()) + ")";
    line += (line.empty() ? "" : ",") + std::to_string(part.value);
  }
  return line;
}

}  // namespace

void AuditTrail::tell_tolerances() {
  std::map<Tolerance, LetPass> told;
  for (const auto& used : std::exchange(tolerated_, {})) told[used.tolerance].add(used);
  for (const auto& [tolerance, let_pass] : told) {
    add("COMPATIBILITY_USED", kSuccess,
        {{"Setting", to_text(tolerance)},
         {"BodyPartID", in_one_line(let_pass.body_parts)},
         {"Info", in_one_line(let_pass.what)}});
  }
}

void AuditTrail::add(std::string_view name, EventOutcome outcome, std::vector<Field> fields) {
  fields.insert(fields.begin(), Field{"SubjectID", subject_});
  events_.push_back({std::string(name), clock_->now_precise(), outcome, std::move(fields)});
}

void AuditTrail::add_effect(std::string_view name, EventOutcome outcome,
                            std::vector<Field> fields) {
  add(name, outcome, std::move(fields));
  effects_.push_back(events_.size() - 1);
}

void AuditTrail::take_effects_back(std::string_view why) {
  for (const auto at : std::exchange(effects_, {})) {
    auto& event = events_[at];
    event.outcome = kFailure;
    std::erase_if(event.fields, [](const Field& field) { return field.name == "Info"; });
    event.fields.push_back({"Info", "not done: " + std::string(why)});
    for (auto& field : event.fields) {
      if (field.name == "Approval") field.value = kRejected;
    }
  }
}

void AuditTrail::add_received(std::vector<Field> fields) {
  fields.insert(fields.begin(), Field{"ClientAddress", peer_->address});
  if (!forwarded_by_.empty()) fields.push_back({"ForwardedBy", forwarded_by_});
  add("CMC_REQUEST_RECEIVED", kSuccess, std::move(fields));
}

void AuditTrail::request_received(ByteView message) {
  add_received({});
  if (message.size() <= kMostOfStrangers) {
    add_message(events_.back().fields, "CMCRequest", message, message.size());
  } else {
    long_request_ = {events_.size() - 1, message};
  }
}

std::vector<audit::Event> AuditTrail::take() {
  tell_tolerances();
  if (long_request_) {
    const auto& [event, message] = *long_request_;
    const bool is_stranger = subject_ == kUnidentified;
    add_message(events_[event].fields, "CMCRequest", message,
                is_stranger ? kMostOfStrangers : message.size());
    long_request_.reset();
  }
  return std::move(events_);
}

void AuditTrail::request_with_secret_received(ByteView message) {
  add_received({{"CMCRequest", "withheld: it holds a revocation secret, or may"},
                {"SHA256", to_hex(crypto::sha256(message))}});
}

void AuditTrail::identity_proven(const proof::ProvenIdentity& identity) {
  const auto* certificate = identity.certificate();
  if (certificate == nullptr) {
    return add("CMC_PROOF_OF_IDENTIFICATION", kSuccess,
               {{"Identification", identity.name()},
                {"CertSubject", pkix::to_text(identity.subject())},
                {"Info", how_known(identity)}});
  }
  const bool agent = identity.role() == proof::Role::agent;
  add(agent ? "CMC_SIGNED_REQUEST_SIG_VERIFY" : "CMC_USER_SIGNED_REQUEST_SIG_VERIFY", kSuccess,
      {{"ReqType", request_type_},
       {"CertSubject", identity.name()},
       {"SignerInfo", "serial 0x" + (*certificate)->serial_number.to_hex()},
       {"Method", how_identified(identity)},
       {"TLSClient", tls_client(*peer_, *certificate)}});
  if (!identity.identity_proof_bypassed()) return;
  add("CMC_PROOF_OF_IDENTIFICATION", kSuccess,
      {{"Info", "identity proof control bypassed: an existing certificate signed the message"}});
}

void AuditTrail::signer_refused(const Error& why) {
  add("CMC_USER_SIGNED_REQUEST_SIG_VERIFY", kFailure,
      {{"ReqType", request_type_}, {"TLSClient", tls_client(*peer_)}, {"Info", reason(why)}});
}

void AuditTrail::identity_refused(const envelope::OpenedRequest& request, const Error& why) {
  const auto& signers = request.signers();
  const bool by_secret =
      signers.empty() || !std::holds_alternative<envelope::CertificateSigner>(signers.front());
  if (!by_secret) return signer_refused(why);
  std::vector<Field> fields;
  if (auto claimed = claimed_identification(request.message())) {
    fields.push_back({"ClaimedIdentification", std::move(*claimed)});
  }
  fields.push_back({"Info", reason(why)});
  add("CMC_PROOF_OF_IDENTIFICATION", kFailure, std::move(fields));
}

void AuditTrail::possession(cmc::BodyPartID request, const Result<proof::Possession>& possession) {
  const Field part{"BodyPartID", std::to_string(request.value)};
  const bool link_failed = !possession.ok() && possession.error().fault == Fault::link_failed;
  if (link_failed) {
    return add("CMC_ID_POP_LINK_WITNESS", kFailure, {part, {"Info", reason(possession.error())}});
  }
  if (!possession.ok()) {
    return add("PROOF_OF_POSSESSION", kFailure, {part, {"Info", reason(possession.error())}});
  }
  auto link = proof::LinkMethod::none;
  if (const auto* proven = std::get_if<proof::ProvenPossession>(&*possession)) {
    add("PROOF_OF_POSSESSION", kSuccess, {part, {"Info", how_proven(proven->method())}});
    link = proven->link();
  } else {  // challenged, which is told of all at once
    link = std::get<proof::ChallengeDue>(*possession).link;
  }
  if (link == proof::LinkMethod::none) return;
  add("CMC_ID_POP_LINK_WITNESS", kSuccess, {part, {"Info", how_linked(link)}});
}

void AuditTrail::link_refused(const Error& why) {
  add("CMC_ID_POP_LINK_WITNESS", kFailure, {{"Info", reason(why)}});
}

void AuditTrail::challenged(const std::vector<Outcome>& outcomes,
                            const store::PendingChallenge& challenge) {
  for (const auto& outcome : outcomes) {
    add("PROOF_OF_POSSESSION", kFailure,
        {{"BodyPartID", std::to_string(std::get<Challenged>(outcome).request.value)},
         {"ReqID", to_hex(challenge.id)},
         {"Info", "popRequired: the key is challenged by encryptedPOP"}});
  }
}

void AuditTrail::challenge_withdrawn(const store::ChallengeChange& change) {
  add("PROOF_OF_POSSESSION", kFailure,
      {{"ReqID", to_hex(change.id)},
       {"Info",
        "the requester gave the challenge up: its witness was not that of the proof value"}});
}

void AuditTrail::profile_request(cmc::BodyPartID request, std::string_view profile_id,
                                 std::string_view subject, std::string_view info) {
  add("PROFILE_CERT_REQUEST", kSuccess,
      {{"ReqID", std::to_string(request.value)},
       {"ProfileID", std::string(profile_id)},
       {"CertSubject", std::string(subject)},
       {"Info", std::string(info)}});
}

void AuditTrail::certificate_issued(cmc::BodyPartID request, const pkix::Certificate& certificate,
                                    std::string_view profile_id) {
  add_effect("CERT_REQUEST_PROCESSED", kSuccess,
             {{"ReqID", std::to_string(request.value)},
              {"ProfileID", std::string(profile_id)},
              {"CertSubject", pkix::to_text(certificate->subject)},
              {"CertSerialNum", "0x" + certificate->serial_number.to_hex()}});
}

void AuditTrail::status_change(cmc::BodyPartID control, const asn1::Integer& serial_number,
                               pkix::CRLReason reason, bool changes) {
  add_effect("CERT_STATUS_CHANGE_REQUEST_PROCESSED", kSuccess,
             {{"ReqID", std::to_string(control.value)},
              {"CertSerialNum", "0x" + serial_number.to_hex()},
              {"CertSerialNumDecimal", serial_number.to_decimal()},
              {"RequestType", "revoke"},
              {"RevokeReasonNum", std::to_string(static_cast<int>(reason))},
              {"Approval", std::string(kComplete)},
              {"Info", changes ? "changed" : "was so already"}});
}

void AuditTrail::confirmation(cmc::BodyPartID control, const asn1::Integer& serial_number,
                              bool is_taken) {
  add_effect("CMC_CERT_ACCEPTANCE", is_taken ? kSuccess : kFailure,
             {{"ReqID", std::to_string(control.value)},
              {"CertSerialNum", "0x" + serial_number.to_hex()},
              {"Info", is_taken ? "taken by its owner" : "not taken by its owner: withdrawn"}});
}

void AuditTrail::publication_wished(cmc::BodyPartID control, const asn1::Integer& serial_number,
                                    bool is_withheld) {
  add_effect("CERT_PUBLICATION_REQUEST", kSuccess,
             {{"ReqID", std::to_string(control.value)},
              {"CertSerialNum", "0x" + serial_number.to_hex()},
              {"Info", is_withheld ? "to be withdrawn, and kept out" : "to be published"}});
}

void AuditTrail::confirmation_overdue(const asn1::Integer& serial_number) {
  add("CMC_CERT_ACCEPTANCE", kFailure,
      {{"CertSerialNum", "0x" + serial_number.to_hex()},
       {"Info", "not confirmed in time: withdrawn"}});
}

void AuditTrail::held_for_agent(const store::PendingRequest& pending) {
  add_effect("CERT_REQUEST_PROCESSED", kSuccess,
             {{"ReqID", to_hex(pending.id)},
              {"ProfileID", pending.profile_id},
              {"CertSubject", pending.subject},
              {"Info", "pending: an agent decides"}});
}

void AuditTrail::agent_decided(const store::PendingDecision& decision, std::string changes) {
  const bool granted = decision.to == store::PendingState::granted;
  std::vector<Field> fields{{"ReqID", to_hex(decision.id)}, {"Op", granted ? "approve" : "reject"}};
  if (!changes.empty()) fields.push_back({"Changes", std::move(changes)});
  fields.push_back({"TLSClient", tls_client(*peer_)});
  fields.push_back({"Info", decision.note});
  add("AUTHZ", kSuccess, std::move(fields));
}

void AuditTrail::add_profile(std::vector<Field>& fields) const {
  if (!profile_id_.empty()) fields.push_back({"ProfileID", profile_id_});
}

void AuditTrail::agent_refused(const Error& why, ByteView request_id, std::string changes) {
  take_effects_back(kRefused);
  std::vector<Field> fields;
  if (!request_id.empty()) fields.push_back({"ReqID", to_hex(request_id)});
  if (!changes.empty()) fields.push_back({"Changes", std::move(changes)});
  add_profile(fields);
  fields.push_back({"TLSClient", tls_client(*peer_)});
  fields.push_back({"Info", reason(why)});
  add("AUTHZ", kFailure, std::move(fields));
}

void AuditTrail::request_rejected(const Error& why) {
  take_effects_back(kRefused);
  std::string parts;
  for (const auto part : why.body_parts) parts += (parts.empty() ? "" : ",") + std::to_string(part);
  std::vector<Field> fields{{"ReqID", parts.empty() ? "0" : parts}};
  add_profile(fields);
  fields.push_back({"InfoName", "rejectReason"});
  fields.push_back({"InfoValue", reason(why)});
  add("CERT_REQUEST_PROCESSED", kFailure, std::move(fields));
}

void AuditTrail::answered_again() {
  take_effects_back("the same message was answered meanwhile");
  add("CERT_REQUEST_PROCESSED", kSuccess,
      {{"Info", "the same message came again: its first answer is given, nothing new is issued"}});
}

void AuditTrail::response_sent(ByteView message) {
  add("CMC_RESPONSE_SENT", kSuccess, {});
  const bool is_whole = subject_ != kUnidentified && message.size() <= kLongestWholeAnswer;
  add_message(events_.back().fields, "CMCResponse", message,
              is_whole ? kLongestWholeAnswer : kMostOfStrangers);
}

}  // namespace signet::authority
