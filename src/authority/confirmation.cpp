#include "authority/confirmation.h"

#include "authority/acceptance.h"
#include "authority/exchange.h"
#include "authority/in_force.h"
#include "authority/issued_certificate.h"
#include "authority/refusal.h"
#include "authority/unsigned_message.h"
#include "authority/whose_certificate.h"
#include "codec/cmc/concerning.h"

namespace signet::authority {
namespace {

using Parts = CertificateAuthority::Parts;
using store::CertificateStatus;

/// An agent, who asked for it, or the certificate itself: its octets, since a foreign issuer may
/// give the same serial number.
bool may_confirm(const store::AwaitedConfirmation& awaited, const store::CertificateRecord& record,
                 const proof::ProvenIdentity& identity) {
  if (identity.role() == proof::Role::agent) return true;
  if (awaited.requester_hash == identity.requester_hash()) return true;
  const auto* certificate = identity.certificate();
  return certificate != nullptr && certificate->der == record.certificate_der;
}

/// None when it is revoked already, or held and to be held.
std::optional<store::StatusChange> withdrawal_of(const store::CertificateRecord& record,
                                                 Unconfirmed unconfirmed, Time now) {
  const bool hold = unconfirmed == Unconfirmed::held;
  const auto to = hold ? CertificateStatus::on_hold : CertificateStatus::revoked;
  if (record.status == CertificateStatus::revoked || record.status == to) return std::nullopt;
  const auto reason =
      hold ? pkix::CRLReason::certificateHold : pkix::CRLReason::cessationOfOperation;
  return store::StatusChange{.serial_number = record.serial_number,
                             .from = record.status,
                             .to = to,
                             .at = now,
                             .reason = reason};
}

/// One certificate in one message is confirmed, rejected or revoked, and that once.
bool is_spoken_of(const Granted& granted, const store::Integer& serial) {
  return granted.settles(serial) || granted.status_change_of(serial) != nullptr;
}

Error granted_to_another(const store::Integer& serial) {
  return {Fault::identity_mismatch,
          "the certificate with serial number 0x" + serial.to_hex() +
              " was granted to somebody else: who asked for it says whether it is taken"};
}

/// Of a certificate that waits for nobody's word: it was given before, or never asked for, or comes
/// too late. Nothing changes, so that what is told must be so already.
Result<void> check_is_so(const Asker& asker, const store::CertificateRecord& record,
                         Acceptance said) {
  if (!may_act_on(record, asker.identity)) return granted_to_another(record.serial_number);
  if (said == Acceptance::taken) return check_in_force(record);
  if (!withdrawal_of(record, asker.parts.settings.unconfirmed, asker.now)) return {};
  return Error{Fault::not_allowed,
               "the certificate with serial number 0x" + record.serial_number.to_hex() +
                   " does not wait to be confirmed (any more), and is in force: have it revoked "
                   "by revokeRequest"};
}

Result<void> confirm_one(const Asker& asker, const cmc::TaggedAttribute& control, Acceptance said,
                         Granted& granted) {
  const auto id = TRY(cmc::read_cmc_cert_id(control.attr_values.front()));
  const auto record = TRY(find_issued(asker.parts, id));
  granted.outcomes.emplace_back(Confirmed{control.body_part_id});
  const auto awaited = TRY(asker.parts.life.find_awaited(id.serial_number));
  if (!awaited) return check_is_so(asker, record, said);
  if (!may_confirm(*awaited, record, asker.identity)) return granted_to_another(id.serial_number);
  if (is_spoken_of(granted, id.serial_number)) {
    return Error{Fault::duplicate_control,
                 "two controls of the message are about the certificate with serial number 0x" +
                     id.serial_number.to_hex() + ": send one message for each"};
  }
  const bool is_taken = said == Acceptance::taken;
  // A hold may end; it keeps nobody from saying that the certificate was taken.
  const bool is_revoked = record.status == CertificateStatus::revoked;
  if (is_taken && is_revoked) return check_in_force(record);
  asker.trail.confirmation(control.body_part_id, id.serial_number, is_taken);
  if (!is_taken) return withdraw(asker.parts, *awaited, asker.now, granted);
  granted.changes.settled.push_back(awaited->serial_number);
  return {};
}

/// What was said of it is told again; that it is taken, while it is in force.
Result<Outcome> confirmed_before(const Asker& asker, const cmc::TaggedAttribute& control,
                                 Acceptance said) {
  const Outcome again = Confirmed{control.body_part_id};
  if (said == Acceptance::rejected) return again;
  const auto id = TRY(cmc::read_cmc_cert_id(control.attr_values.front()));
  auto in_force = check_in_force(TRY(find_issued(asker.parts, id)));
  if (in_force.ok()) return again;
  return Outcome{Withdrawn{control.body_part_id, std::move(in_force).error()}};
}

Result<void> reject_transaction(const Asker& asker, Granted& granted) {
  const auto all = TRY(asker.parts.life.awaited_in(asker.identity.requester_hash(),
                                                   transaction_of(asker.request.message())));
  if (all.empty()) {
    return Error{Fault::not_allowed,
                 "no certificate of yours in this transaction waits to be confirmed: have it "
                 "revoked by revokeRequest"};
  }
  for (const auto& awaited : all) {
    if (is_spoken_of(granted, awaited.serial_number)) continue;  // by a control of its own
    asker.trail.confirmation(cmc::kThisPKIData, awaited.serial_number, false);
    TRY(withdraw(asker.parts, awaited, asker.now, granted));
  }
  return {};
}

}  // namespace

bool asks_to_confirm(const cmc::PkiRequest& message) {
  return !confirmations_in(message).empty() || rejects_transaction(message);
}

Result<void> check_confirms_nothing(const cmc::PkiRequest& message) {
  if (!asks_to_confirm(message)) return {};
  return Error{
      Fault::unsupported_message,
      "confirmCertAcceptance beside a request that is not answered yet: send two messages"};
}

//= C69 RFC 10004 §5.2: confirmCertAcceptance is acted on
//= E127 RFC 10002 §6.14: and answered by a Full PKI Response
Result<void> confirm(const Asker& asker, Granted& granted) {
  const auto& message = asker.request.message();
  if (!asks_to_confirm(message)) return {};
  if (granted.changes.challenge || granted.pend_info) TRY(check_confirms_nothing(message));
  const auto confirmations = confirmations_in(message);
  TRY(check_end_is_covered(
      asker, confirmations.empty() ? cmc::kThisPKIData : confirmations.front()->body_part_id));
  const auto acceptances = TRY(Acceptances::read(message));
  for (const auto* control : confirmations) {
    const auto said = TRY(acceptances.of(control->body_part_id));
    TRY(concerning(control->body_part_id, confirm_one(asker, *control, said, granted)));
  }
  if (!rejects_transaction(message)) return {};
  TRY(acceptances.of(cmc::kThisPKIData));  // no status says the contrary
  return reject_transaction(asker, granted);
}

Result<void> add_confirmed_before(const Asker& asker, Granted& told) {
  const auto& message = asker.request.message();
  if (confirmations_in(message).empty()) return {};
  const auto acceptances = TRY(Acceptances::read(message));
  for (const auto* control : confirmations_in(message)) {
    const auto said = TRY(acceptances.of(control->body_part_id));
    told.outcomes.push_back(
        TRY(concerning(control->body_part_id, confirmed_before(asker, *control, said))));
  }
  return {};
}

Result<void> withdraw(const Parts& parts, const store::AwaitedConfirmation& awaited, Time now,
                      Granted& granted) {
  granted.changes.settled.push_back(awaited.serial_number);
  const auto record = TRY(parts.store.find_certificate(awaited.serial_number));
  if (!record) return Error{Fault::internal, "an awaited certificate is not on record"};
  if (auto change = withdrawal_of(*record, parts.settings.unconfirmed, now)) {
    granted.changes.status_changes.push_back(std::move(*change));
  }
  return {};
}

std::vector<store::AwaitedConfirmation> await_confirmations(
    const Asker& asker, const std::vector<store::CertificateRecord>& granted) {
  const auto transaction = transaction_of(asker.request.message());
  std::vector<store::AwaitedConfirmation> awaited;
  for (const auto& record : granted) {
    awaited.push_back({record.serial_number, asker.identity.requester_hash(), transaction,
                       asker.now + asker.parts.settings.confirmation_time});
  }
  return awaited;
}

}  // namespace signet::authority
