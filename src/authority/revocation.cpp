#include "authority/revocation.h"

#include <algorithm>

#include "authority/issued_certificate.h"
#include "authority/named_inside.h"
#include "authority/refusal.h"
#include "authority/unsigned_message.h"
#include "authority/whose_certificate.h"
#include "codec/cmc/concerning.h"
#include "codec/cmc/controls.h"

namespace signet::authority {
namespace {

using Parts = CertificateAuthority::Parts;
using store::CertificateStatus;

std::vector<const cmc::TaggedAttribute*> revocations_in(const cmc::PkiRequest& message) {
  return cmc::find_controls(cmc::controls_of(message), cmc::oid::kRevokeRequest);
}

std::string serial_text(const cmc::RevokeRequest& wanted) {
  return "serial number 0x" + wanted.serial_number.to_hex();
}

/// Of a root: what another issued to the authority is not its to revoke.
Result<void> check_not_authoritys_own(const Parts& parts, const cmc::RevokeRequest& wanted) {
  const auto& authority = parts.issuer.certificate();
  const bool is_own = wanted.serial_number == authority->serial_number &&
                      pkix::names_match(wanted.issuer_name, authority->subject) &&
                      pkix::names_match(wanted.issuer_name, authority->issuer);
  if (!is_own) return {};
  return Error{Fault::not_allowed,
               "the authority's own certificate is not revoked by a message: its operator does "
               "that"};
}

/// RFC 10002 §6.11: a certificate may be revoked by itself, by another of the same subject, by whom
/// local policy lets (agents), or by who knows its revocation secret.
bool may_revoke(const proof::ProvenIdentity& identity, const store::CertificateRecord& target) {
  return identity.knows_revocation_secret_of(target.serial_number) || may_act_on(target, identity);
}

/// What is to become of the certificate; none when it is so already.
Result<std::optional<store::StatusChange>> change_of(const store::CertificateRecord& target,
                                                     const cmc::RevokeRequest& wanted,
                                                     const Asker& asker) {
  using Change = std::optional<store::StatusChange>;
  store::StatusChange change{.serial_number = target.serial_number,
                             .from = target.status,
                             .to = CertificateStatus::revoked,
                             .at = asker.now,
                             .reason = wanted.reason,
                             .invalidity_date = wanted.invalidity_date};
  if (wanted.reason == pkix::CRLReason::removeFromCRL) {
    if (target.status != CertificateStatus::on_hold) {
      return Error{Fault::not_allowed, "the certificate with " + serial_text(wanted) +
                                           " is not on hold: there is nothing to lift "
                                           "(removeFromCRL)"};
    }
    if (asker.identity.role() != proof::Role::agent) {
      return Error{Fault::identity_mismatch, "only an agent lifts a hold (removeFromCRL)"};
    }
    change.to = CertificateStatus::valid;
    return Change{std::move(change)};
  }
  if (target.status == CertificateStatus::revoked) return Change{};
  if (wanted.reason == pkix::CRLReason::certificateHold) {
    if (target.status == CertificateStatus::on_hold) return Change{};
    change.to = CertificateStatus::on_hold;
  }
  return Change{std::move(change)};
}

/// Before this no key of a certificate was compromised, and what reads CRLs may know no such date.
constexpr Time kEarliestInvalidity{};  // 1970

/// A clock that is as far ahead as one may be stops no revocation: the date is now then.
Result<void> settle_invalidity_date(cmc::RevokeRequest& wanted, const Asker& asker) {
  auto& date = wanted.invalidity_date;
  if (date && *date < kEarliestInvalidity) {
    return Error{Fault::malformed, "invalidityDate " + to_text(*date) + " is before 1970"};
  }
  if (!date || *date <= asker.now) return {};
  if (*date - asker.now > asker.parts.settings.signing_time_window) {
    return Error{Fault::malformed, "invalidityDate " + to_text(*date) + " is in the future"};
  }
  date = asker.now;
  return {};
}

Result<void> add_one(const Asker& asker, const cmc::TaggedAttribute& control, Granted& granted) {
  auto wanted = TRY(cmc::read_revoke_request(control.attr_values.front()));
  TRY(settle_invalidity_date(wanted, asker));
  TRY(check_not_authoritys_own(asker.parts, wanted));
  const auto target = TRY(find_issued(asker.parts, {wanted.issuer_name, wanted.serial_number}));
  if (!may_revoke(asker.identity, target)) {
    return Error{Fault::identity_mismatch,
                 "the certificate with " + serial_text(wanted) +
                     " is not the signer's: a user revokes certificates of its own subject only"};
  }
  // One certificate in one message is changed once.
  if (granted.status_change_of(target.serial_number) != nullptr) {
    return Error{Fault::duplicate_control,
                 "two revokeRequests of the message are about " + serial_text(wanted)};
  }
  auto change = TRY(change_of(target, wanted, asker));
  asker.trail.status_change(control.body_part_id, target.serial_number, wanted.reason,
                            change.has_value());
  if (change) granted.changes.status_changes.push_back(std::move(*change));
  granted.outcomes.emplace_back(Revoked{control.body_part_id, target.serial_number});
  return {};
}

bool stands_as_asked(const cmc::RevokeRequest& wanted, CertificateStatus status) {
  switch (wanted.reason) {
    case pkix::CRLReason::removeFromCRL:
      return status == CertificateStatus::valid;
    case pkix::CRLReason::certificateHold:
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
bool may_name_more_than(std::size_t times, ByteView octets) {
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

/// Whoever stood between may have put the registration in, to revoke what is issued now.
Result<void> check_registration_is_covered(const Registration& own, const Attempt& attempt) {
  if (is_covered(attempt.asker)) return {};
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
    return octets.empty() || octets[0] != 0x30 || may_name_more_than(0, octets);
  }
  const auto controls = revocations_in(*message);
  if (times_named_plainly(cmc::oid::kRevokeRequest, octets) > controls.size()) return true;
  if (may_hold_messages(*message) && may_name_more_than(controls.size(), octets)) return true;
  if (!controls.empty() && is_without_signer(*message)) return true;
  return std::any_of(controls.begin(), controls.end(),
                     [](const auto* control) { return holds_secret(*control); });
}

//= C57 RFC 10004 §5.2: revokeRequest is acted on
//= E123 RFC 10002 §6.11: the answer is a Full PKI Response: a Simple one is for PKCS#10 alone
Result<Granted> revoke(const Asker& asker) {
  if (!asker.request.certification_requests().empty()) {
    return Error{Fault::unsupported_message,
                 "revocations and certification requests in one message: send two messages"};
  }
  //= E121 RFC 10002 §6.11: a revocation is signed, or unsigned with the certificate's secret
  const auto method = asker.identity.method();
  const bool by_certificate = method == proof::IdentityMethod::signing_certificate;
  const bool by_secret = method == proof::IdentityMethod::revocation_secret;
  if (!by_certificate && !by_secret) {
    return Error{Fault::unknown_identity,
                 "a revocation is signed by an existing certificate (its own, another of the same "
                 "subject, or an agent's), or it is unsigned and brings the certificate's secret"};
  }
  Granted granted;
  for (const auto* control : revocations_in(asker.request.message())) {
    TRY(concerning(control->body_part_id, add_one(asker, *control, granted)));
  }
  return granted;
}

Result<std::optional<std::string>> registered_verifier(const Attempt& attempt) {
  auto own = TRY(verifier_in(cmc::controls_of(attempt.asker.request.message())));
  auto vouched = TRY(verifier_in(attempt.auth_data));
  if (own && vouched) {
    return Error{Fault::duplicate_control,
                 "regInfo registers a revocation secret in the message, and in its authData too",
                 {vouched->control.value}};
  }
  if (own) TRY(check_registration_is_covered(*own, attempt));
  auto& registered = own ? own : vouched;
  if (!registered) return std::optional<std::string>();
  if (attempt.asker.request.certification_requests().size() == 1) {
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
    if (record && !stands_as_asked(wanted, record->status)) return false;
  }
  return true;
}

Granted revoked_before(const cmc::PkiRequest& message) {
  Granted told;
  for (const auto* control : revocations_in(message)) {
    told.outcomes.emplace_back(Revoked{control->body_part_id, {}});
  }
  return told;
}

}  // namespace signet::authority
