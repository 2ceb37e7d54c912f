#include "authority/revocation.h"

#include <algorithm>

#include "authority/named_inside.h"
#include "authority/refusal.h"
#include "authority/whose_certificate.h"
#include "codec/cmc/concerning.h"
#include "codec/cmc/controls.h"

namespace signet::authority {
namespace {

using Parts = CertificateAuthority::Parts;
using store::CertificateStatus;

std::vector<const cmc::TaggedAttribute*> revocations_in(const cmc::PkiRequest& message) {
  std::vector<const cmc::TaggedAttribute*> found;
  for (const auto& control : cmc::controls_of(message)) {
    if (control.attr_type == cmc::oid::kRevokeRequest) found.push_back(&control);
  }
  return found;
}

std::string describe(const cmc::RevokeRequest& wanted) {
  return "serial number 0x" + wanted.serial_number.to_hex();
}

Error not_ours(const cmc::RevokeRequest& wanted) {
  return {Fault::certificate_not_found, "no certificate of this authority has " + describe(wanted) +
                                            " and issuer " + pkix::to_text(wanted.issuer_name) +
                                            ": check both"};
}

Result<store::CertificateRecord> find_target(const Parts& parts, const cmc::RevokeRequest& wanted) {
  const auto& authority = parts.issuer.certificate();
  if (!pkix::names_match(wanted.issuer_name, authority->subject)) return not_ours(wanted);
  if (wanted.serial_number == authority->serial_number &&
      pkix::names_match(wanted.issuer_name, authority->issuer)) {
    return Error{Fault::not_allowed,
                 "the authority's own certificate is not revoked by a message: its operator does "
                 "that"};
  }
  auto record = TRY(parts.store.find_certificate(wanted.serial_number));
  if (!record) return not_ours(wanted);
  return std::move(*record);
}

/// RFC 10002 §6.11: the certificate itself, another of the same name, whom local policy lets; or
/// who knows the certificate's secret.
bool may_revoke(const proof::ProvenIdentity& identity, const store::CertificateRecord& target) {
  return identity.knows_revocation_secret_of(target.serial_number) || may_act_on(target, identity);
}

/// What is to become of the certificate; none when it is so already.
Result<std::optional<store::StatusChange>> change_of(const store::CertificateRecord& target,
                                                     const cmc::RevokeRequest& wanted,
                                                     const proof::ProvenIdentity& identity,
                                                     Time now) {
  using Change = std::optional<store::StatusChange>;
  store::StatusChange change{target.serial_number,
                             target.status,
                             CertificateStatus::revoked,
                             now,
                             static_cast<int>(wanted.reason),
                             wanted.invalidity_date};
  if (wanted.reason == cmc::CRLReason::removeFromCRL) {
    if (target.status != CertificateStatus::on_hold) {
      return Error{Fault::not_allowed, "the certificate with " + describe(wanted) +
                                           " is not on hold: there is nothing to lift "
                                           "(removeFromCRL)"};
    }
    if (identity.role() != proof::Role::agent) {
      return Error{Fault::identity_mismatch, "only an agent lifts a hold (removeFromCRL)"};
    }
    change.to = CertificateStatus::valid;
    return Change{std::move(change)};
  }
  if (target.status == CertificateStatus::revoked) return Change{};
  if (wanted.reason == cmc::CRLReason::certificateHold) {
    if (target.status == CertificateStatus::on_hold) return Change{};
    change.to = CertificateStatus::on_hold;
  }
  return Change{std::move(change)};
}

Result<void> check_form(const cmc::RevokeRequest& wanted, Time now) {
  if (wanted.invalidity_date && *wanted.invalidity_date > now) {
    return Error{Fault::malformed,
                 "invalidityDate " + to_text(*wanted.invalidity_date) + " is in the future"};
  }
  return {};
}

/// One certificate in one message is changed once.
bool changes(const std::vector<store::StatusChange>& changes, const store::Integer& serial) {
  for (const auto& change : changes) {
    if (change.serial_number == serial) return true;
  }
  return false;
}

Result<void> add_one(const Parts& parts, const cmc::TaggedAttribute& control,
                     const proof::ProvenIdentity& identity, Enrollment& granted,
                     AuditTrail& trail) {
  const auto now = parts.clock.now();
  const auto wanted = TRY(cmc::read_revoke_request(control.attr_values.front()));
  TRY(check_form(wanted, now));
  const auto target = TRY(find_target(parts, wanted));
  if (!may_revoke(identity, target)) {
    return Error{Fault::identity_mismatch,
                 "the certificate with " + describe(wanted) +
                     " is not the signer's: a user revokes certificates of its own subject only"};
  }
  if (changes(granted.changes.status_changes, target.serial_number)) {
    return Error{Fault::duplicate_control,
                 "two revokeRequests of the message are about " + describe(wanted)};
  }
  auto change = TRY(change_of(target, wanted, identity, now));
  trail.status_change(control.body_part_id, target.serial_number, static_cast<int>(wanted.reason),
                      change.has_value());
  if (change) granted.changes.status_changes.push_back(std::move(*change));
  granted.outcomes.emplace_back(Revoked{control.body_part_id, target.serial_number});
  return {};
}

bool is_what(const cmc::RevokeRequest& wanted, CertificateStatus status) {
  switch (wanted.reason) {
    case cmc::CRLReason::removeFromCRL:
      return status == CertificateStatus::valid;
    case cmc::CRLReason::certificateHold:
      return status != CertificateStatus::valid;
    default:
      return status == CertificateStatus::revoked;
  }
}

/// Whether other messages may stand in the message.
bool may_hold_messages(const cmc::PkiRequest& message) {
  const auto* full = std::get_if<cmc::FullPkiRequest>(&message);
  if (full == nullptr) return false;
  const auto& signers = full->signed_data.signer_infos;
  const auto& by_mac = full->authenticated_data;
  return !full->pki_data.cms_sequence.empty() || !full->pki_data.other_msg_sequence.empty() ||
         (by_mac && !by_mac->unauth_attrs.empty()) ||
         std::any_of(signers.begin(), signers.end(),
                     [](const auto& signer) { return !signer.unsigned_attrs.empty(); });
}

/// Whether revokeRequest is named more often than that, or may be.
bool is_named_more_than(std::size_t times, ByteView octets) {
  const auto named = times_named(cmc::oid::kRevokeRequest, octets);
  return !named || *named > times;
}

/// Then a secret is all that it could be granted by, perhaps put into the wrong field.
bool is_without_signer(const cmc::PkiRequest& message) {
  const auto* full = std::get_if<cmc::FullPkiRequest>(&message);
  return full != nullptr && full->signed_data.signer_infos.empty();
}

bool holds_secret(const cmc::TaggedAttribute& control) {
  return std::any_of(control.attr_values.begin(), control.attr_values.end(), [](const auto& value) {
    const auto wanted = cmc::read_revoke_request(value);
    return !wanted.ok() || wanted->shared_secret;
  });
}

/// A revocation secret that regInfo registers.
struct Registration {
  cmc::BodyPartID control;
  std::string verifier;
};

/// `told_as`: the control that these stand in, whose ids are not the message's; none: its own.
Result<std::optional<Registration>> verifier_in(const std::vector<cmc::TaggedAttribute>& controls,
                                                std::optional<cmc::BodyPartID> told_as = {}) {
  constexpr std::string_view kName = "revocationSecret:";
  const auto* control = cmc::find_control(controls, cmc::oid::kRegInfo);
  if (control == nullptr) return std::optional<Registration>();
  const auto part = told_as.value_or(control->body_part_id);
  const auto information =
      TRY(concerning(part, cmc::read_octets_value(control->attr_values.front())));
  const auto text = as_text(information);
  if (!text.starts_with(kName)) return std::optional<Registration>();
  Registration found{part, std::string(text.substr(kName.size()))};
  TRY(concerning(part, proof::check_salted_hash(found.verifier)));
  return std::optional(std::move(found));
}

/// The same in what authData brought, which stands for its controls.
Result<std::optional<Registration>> verifier_in(const AuthData* auth_data) {
  if (auth_data == nullptr) return std::optional<Registration>();
  return verifier_in(auth_data->controls, auth_data->control);
}

/// The identity proof covers the requests alone: in a message that nobody signed, whoever stood
/// between may have put the registration in, to revoke what is issued now.
Result<void> check_is_covered(const Registration& own, const Attempt& attempt) {
  const auto& signers = attempt.request.signers();
  const bool is_unsigned = std::any_of(signers.begin(), signers.end(), [](const auto& signer) {
    return std::holds_alternative<envelope::NoSignatureSigner>(signer);
  });
  if (!is_unsigned || attempt.identity.secret() == nullptr) return {};
  return Error{Fault::misplaced_control,
               "regInfo registers a revocation secret in a message that nobody signed "
               "(id-alg-noSignature), so anybody may have put it there: sign the message, or "
               "register the secret in authData",
               {own.control.value}};
}

}  // namespace

bool asks_to_revoke(const cmc::PkiRequest& message) {
  return !revocations_in(message).empty();
}

bool may_hold_revocation_secret(ByteView octets, const cmc::PkiRequest* message) {
  if (message == nullptr) {
    return octets.empty() || octets[0] != 0x30 || is_named_more_than(0, octets);
  }
  const auto controls = revocations_in(*message);
  if (times_named_plainly(cmc::oid::kRevokeRequest, octets) > controls.size()) return true;
  if (may_hold_messages(*message) && is_named_more_than(controls.size(), octets)) return true;
  if (!controls.empty() && is_without_signer(*message)) return true;
  return std::any_of(controls.begin(), controls.end(),
                     [](const auto* control) { return holds_secret(*control); });
}

//= C57 RFC 10004 §5.2: revokeRequest is acted on
//= E123 RFC 10002 §6.11: the answer is a Full PKI Response: a Simple one is for PKCS#10 alone
Result<Enrollment> revoke(const Parts& parts, const envelope::OpenedRequest& request,
                          const proof::ProvenIdentity& identity, AuditTrail& trail) {
  if (!request.certification_requests().empty()) {
    return Error{Fault::unsupported_message,
                 "revocations and certification requests in one message: send two messages"};
  }
  //= E121 RFC 10002 §6.11: a revocation is signed, or unsigned with the certificate's secret
  const bool by_certificate = identity.method() == proof::IdentityMethod::signing_certificate;
  const bool by_secret = identity.method() == proof::IdentityMethod::revocation_secret;
  if (!by_certificate && !by_secret) {
    return Error{Fault::unknown_identity,
                 "a revocation is signed by an existing certificate (its own, another of the same "
                 "subject, or an agent's), or it is unsigned and brings the certificate's secret"};
  }
  Enrollment granted;
  for (const auto* control : revocations_in(request.message())) {
    TRY(concerning(control->body_part_id, add_one(parts, *control, identity, granted, trail)));
  }
  return granted;
}

Result<std::optional<std::string>> registered_verifier(const Attempt& attempt) {
  auto own = TRY(verifier_in(cmc::controls_of(attempt.request.message())));
  auto vouched = TRY(verifier_in(attempt.auth_data));
  if (own && vouched) {
    return Error{Fault::duplicate_control,
                 "regInfo registers a revocation secret in the message, and in its authData too",
                 {vouched->control.value}};
  }
  if (own) TRY(check_is_covered(*own, attempt));
  auto& registered = own ? own : vouched;
  if (!registered) return std::optional<std::string>();
  if (attempt.request.certification_requests().size() == 1) {
    return std::optional(std::move(registered->verifier));
  }
  return Error{Fault::unsupported_message,
               "a revocation secret is registered for one certificate: send each request in a "
               "message of its own",
               {registered->control.value}};
}

Result<bool> is_as_asked(const Parts& parts, const cmc::PkiRequest& message) {
  for (const auto* control : revocations_in(message)) {
    const auto wanted = TRY(cmc::read_revoke_request(control->attr_values.front()));
    const auto record = TRY(parts.store.find_certificate(wanted.serial_number));
    if (record && !is_what(wanted, record->status)) return false;
  }
  return true;
}

Enrollment revoked_before(const cmc::PkiRequest& message) {
  Enrollment told;
  for (const auto* control : revocations_in(message)) {
    told.outcomes.emplace_back(Revoked{control->body_part_id, {}});
  }
  return told;
}

}  // namespace signet::authority
