#include "authority/confirmation.h"

#include <algorithm>

#include "authority/exchange.h"
#include "authority/in_force.h"
#include "authority/refusal.h"
#include "codec/cmc/concerning.h"
#include "codec/cmc/status.h"

namespace signet::authority {
namespace {

using Parts = CertificateAuthority::Parts;
using store::CertificateStatus;

std::vector<const cmc::TaggedAttribute*> confirmations_in(const cmc::PkiRequest& message) {
  std::vector<const cmc::TaggedAttribute*> found;
  for (const auto& control : cmc::controls_of(message)) {
    if (control.attr_type == cmc::oid::kConfirmCertAcceptance) found.push_back(&control);
  }
  return found;
}

bool says_failed(const cmc::TaggedAttribute& control) {
  if (control.attr_values.size() != 1) return false;
  if (control.attr_type == cmc::oid::kStatusInfoV2) {
    const auto status = cmc::read_cmc_status_info_v2(control.attr_values.front());
    return status.ok() && status->cmc_status == cmc::CMCStatus::failed;
  }
  //= C06 RFC 10004 §5.2: CMCStatusInfo is read as well
  if (control.attr_type != cmc::oid::kStatusInfo) return false;
  const auto status = cmc::read_cmc_status_info(control.attr_values.front());
  return status.ok() && status->cmc_status == cmc::CMCStatus::failed;
}

bool says_failed(const cmc::PkiRequest& message) {
  for (const auto& control : cmc::controls_of(message)) {
    if (says_failed(control)) return true;
  }
  return false;
}

/// Not taken, and no certificate is named: the transaction says which.
bool rejects_transaction(const cmc::PkiRequest& message) {
  const auto& controls = cmc::controls_of(message);
  return cmc::requests_of(message).empty() && confirmations_in(message).empty() &&
         says_failed(message) && exchange_of(controls).transaction_id &&
         cmc::find_control(controls, cmc::oid::kRegInfo) == nullptr;
}

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
  const auto reason = hold ? cmc::CRLReason::certificateHold : cmc::CRLReason::cessationOfOperation;
  return store::StatusChange{record.serial_number, record.status, to, now,
                             static_cast<int>(reason)};
}

Result<store::CertificateRecord> find_ours(const Parts& parts,
                                           const cms::IssuerAndSerialNumber& id) {
  const bool ours = pkix::names_match(id.issuer, parts.issuer.certificate()->subject);
  if (ours) {
    if (auto record = TRY(parts.store.find_certificate(id.serial_number)))
      return *std::move(record);
  }
  return Error{Fault::certificate_not_found,
               "no certificate of this authority has serial number 0x" + id.serial_number.to_hex() +
                   " and issuer " + pkix::to_text(id.issuer) + ": check both"};
}

/// One certificate in one message is confirmed, rejected or revoked, and that once.
bool is_spoken_of(const Enrollment& granted, const store::Integer& serial) {
  const auto& settled = granted.changes.settled;
  const auto& changes = granted.changes.status_changes;
  return std::find(settled.begin(), settled.end(), serial) != settled.end() ||
         std::any_of(changes.begin(), changes.end(),
                     [&](const auto& change) { return change.serial_number == serial; });
}

Result<void> confirm_one(const Parts& parts, const cmc::TaggedAttribute& control,
                         const proof::ProvenIdentity& identity, bool is_taken, AuditTrail& trail,
                         Enrollment& granted) {
  const auto id = TRY(cmc::read_cmc_cert_id(control.attr_values.front()));
  const auto record = TRY(find_ours(parts, id));
  granted.outcomes.emplace_back(Confirmed{control.body_part_id});
  const auto awaited = TRY(parts.life.find_awaited(id.serial_number));
  // Said before, never asked for, or too late: it was withdrawn meanwhile.
  if (!awaited) return is_taken ? check_in_force(record) : Result<void>();
  if (!may_confirm(*awaited, record, identity)) {
    return Error{Fault::identity_mismatch,
                 "the certificate with serial number 0x" + id.serial_number.to_hex() +
                     " was granted to somebody else: who asked for it says whether it is taken"};
  }
  if (is_spoken_of(granted, id.serial_number)) {
    return Error{Fault::duplicate_control,
                 "two controls of the message are about the certificate with serial number 0x" +
                     id.serial_number.to_hex() + ": send one message for each"};
  }
  // A hold may end; it keeps nobody from saying that the certificate was taken.
  const bool is_revoked = record.status == CertificateStatus::revoked;
  if (is_taken && is_revoked) return check_in_force(record);
  trail.confirmation(control.body_part_id, id.serial_number, is_taken);
  return settle(parts, *awaited, is_taken, granted);
}

/// What was said of it is told again; that it is taken, while it is in force.
Result<Outcome> confirmed_before(const Parts& parts, const cmc::TaggedAttribute& control,
                                 bool is_taken) {
  const Outcome again = Confirmed{control.body_part_id};
  if (!is_taken) return again;
  const auto id = TRY(cmc::read_cmc_cert_id(control.attr_values.front()));
  auto in_force = check_in_force(TRY(find_ours(parts, id)));
  if (in_force.ok()) return again;
  return Outcome{Withdrawn{control.body_part_id, std::move(in_force).error()}};
}

Result<void> reject_transaction(const Parts& parts, const cmc::PkiRequest& message,
                                const proof::ProvenIdentity& identity, AuditTrail& trail,
                                Enrollment& granted) {
  const auto exchange = exchange_of(cmc::controls_of(message));
  const auto all =
      TRY(parts.life.awaited_in(identity.requester_hash(), exchange.transaction_id.value().octets));
  for (const auto& awaited : all) {
    if (is_spoken_of(granted, awaited.serial_number)) continue;  // by a control of its own
    trail.confirmation(cmc::kThisPKIData, awaited.serial_number, false);
    TRY(settle(parts, awaited, false, granted));
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
Result<void> confirm(const Parts& parts, const envelope::OpenedRequest& request,
                     const proof::ProvenIdentity& identity, AuditTrail& trail,
                     Enrollment& granted) {
  const auto& message = request.message();
  if (!asks_to_confirm(message)) return {};
  if (granted.changes.challenge || granted.pend_info) TRY(check_confirms_nothing(message));
  const bool is_taken = !says_failed(message);
  for (const auto* control : confirmations_in(message)) {
    TRY(concerning(control->body_part_id,
                   confirm_one(parts, *control, identity, is_taken, trail, granted)));
  }
  if (rejects_transaction(message)) {
    TRY(reject_transaction(parts, message, identity, trail, granted));
  }
  return {};
}

Result<void> add_confirmed_before(const Parts& parts, const cmc::PkiRequest& message,
                                  Enrollment& told) {
  const bool is_taken = !says_failed(message);
  for (const auto* control : confirmations_in(message)) {
    told.outcomes.push_back(
        TRY(concerning(control->body_part_id, confirmed_before(parts, *control, is_taken))));
  }
  return {};
}

Result<void> settle(const Parts& parts, const store::AwaitedConfirmation& awaited, bool is_taken,
                    Enrollment& granted) {
  granted.changes.settled.push_back(awaited.serial_number);
  if (is_taken) return {};
  const auto record = TRY(parts.store.find_certificate(awaited.serial_number));
  if (!record) return Error{Fault::internal, "an awaited certificate is not on record"};
  if (auto change = withdrawal_of(*record, parts.settings.unconfirmed, parts.clock.now())) {
    granted.changes.status_changes.push_back(std::move(*change));
  }
  return {};
}

std::vector<store::AwaitedConfirmation> await_confirmations(
    const Parts& parts, const envelope::OpenedRequest& request,
    const proof::ProvenIdentity& identity, const std::vector<store::CertificateRecord>& granted) {
  const auto transaction = exchange_of(cmc::controls_of(request.message())).transaction_id;
  std::vector<store::AwaitedConfirmation> awaited;
  for (const auto& record : granted) {
    awaited.push_back({record.serial_number, identity.requester_hash(),
                       transaction ? transaction->octets : Bytes{},
                       parts.clock.now() + parts.settings.confirmation_time});
  }
  return awaited;
}

}  // namespace signet::authority
