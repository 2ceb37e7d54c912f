#include "authority/in_force.h"

#include <algorithm>

namespace signet::authority {
namespace {

using Parts = CertificateAuthority::Parts;
using store::CertificateStatus;

bool is_in_force(const store::CertificateRecord& record) {
  return record.status == CertificateStatus::valid;
}

std::string what_became_of(const store::CertificateRecord& record) {
  const bool held = record.status == CertificateStatus::on_hold;
  return "the certificate with serial number 0x" + record.serial_number.to_hex() +
         (held ? " is on hold" : " is revoked") +
         (record.revoked_at ? " since " + to_text(*record.revoked_at) : "");
}

/// What is asked for once more brings nothing else than the first time.
Error granted_before(const store::CertificateRecord& record) {
  const bool held = record.status == CertificateStatus::on_hold;
  return {Fault::not_allowed,
          what_became_of(record) + ", and it is what this request was granted before: " +
              (held ? "have an agent release it, or, " : "") +
              "for another one, make a new message, best for another key, else with a fresh "
              "senderNonce"};
}

Result<Outcome> hand_out(const Parts& parts, const asn1::Integer& serial_number,
                         cmc::BodyPartID part) {
  const auto record = TRY(parts.store.find_certificate(serial_number));
  if (!record) return Error{Fault::internal, "a granted certificate is not on record"};
  if (!is_in_force(*record)) return Outcome{Withdrawn{part, granted_before(*record)}};
  const auto awaited = TRY(parts.life.find_awaited(serial_number));
  return Outcome{Issued{part, record->certificate_der, serial_number, awaited.has_value()}};
}

bool is_withdrawn(const Outcome& outcome) {
  return std::holds_alternative<Withdrawn>(outcome);
}

}  // namespace

Result<void> check_in_force(const store::CertificateRecord& record) {
  if (is_in_force(record)) return {};
  const bool held = record.status == CertificateStatus::on_hold;
  return Error{Fault::not_allowed,
               what_became_of(record) +
                   ": it was not confirmed in time, or was withdrawn for another reason; " +
                   (held ? "have an agent release it, or ask for a new one" : "ask for a new one")};
}

Result<std::vector<Outcome>> hand_out_again(const Parts& parts,
                                            const std::vector<asn1::Integer>& granted,
                                            const std::vector<cmc::BodyPartID>& answers_to) {
  std::vector<Outcome> told;
  if (answers_to.empty()) return told;
  for (std::size_t at = 0; at < granted.size(); ++at) {
    const auto part = answers_to[std::min(at, answers_to.size() - 1)];
    told.push_back(TRY(hand_out(parts, granted[at], part)));
  }
  return told;
}

Result<std::vector<Outcome>> unless_all_withdrawn(std::vector<Outcome> told) {
  const bool any = !std::all_of(told.begin(), told.end(), is_withdrawn);
  if (any || told.empty()) return told;
  return *why_withdrawn(told);
}

std::optional<Error> why_withdrawn(const std::vector<Outcome>& outcomes) {
  std::optional<Error> all;
  for (const auto& outcome : outcomes) {
    const auto* withdrawn = std::get_if<Withdrawn>(&outcome);
    if (withdrawn == nullptr) continue;
    const auto part = withdrawn->part.value;
    if (!all) {
      all = withdrawn->why;
      all->body_parts = {part};
      continue;
    }
    all->detail += ". Also: " + withdrawn->why.detail;
    auto& named = all->body_parts;
    if (std::find(named.begin(), named.end(), part) == named.end()) named.push_back(part);
  }
  return all;
}

}  // namespace signet::authority
