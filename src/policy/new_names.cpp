#include "policy/new_names.h"

#include <algorithm>

#include "codec/pkix/certificate.h"
#include "codec/pkix/oids.h"
#include "policy/name_rules.h"

/// changeSubjectName (RFC 10002 §7.1), granted: what it may make of a certificate. And names that a
/// foreign issuer vouches for.
namespace signet::policy {
namespace {

bool same_subject(const pkix::Name& left, const pkix::Name& right) {
  return left == right || pkix::names_match(left, right);
}

Error not_granted(const std::string& why) {
  return {Fault::name_not_allowed, "the new names (changeSubjectName) are not granted: " + why};
}

Result<void> check_not_on_record(const RequestFacts& facts, const pkix::Name& spelling) {
  const auto holders = TRY(facts.store.find_some_by_subject(spelling.der(), 1));
  if (holders.empty()) return {};
  return not_granted("the certificate with serial number 0x" +
                     holders.front().serial_number.to_hex() + " is for the subject '" +
                     pkix::to_text(facts.subject) +
                     "', and no agent has approved that it is the same holder's");
}

/// The signer's own, octet for octet, is no change; any other subject on record is somebody's, one
/// that differs from the signer's in spelling alone too: names are told apart by their octets where
/// certificates are revoked.
bool is_new(const RequestFacts& facts, const pkix::Name& subject) {
  return !subject.empty() && subject != (*facts.signer)->subject;
}

void add_new(const RequestFacts& facts, pkix::Name subject, std::vector<pkix::Name>& spellings) {
  const bool is_known = std::find(spellings.begin(), spellings.end(), subject) != spellings.end();
  if (!is_known && is_new(facts, subject)) spellings.push_back(std::move(subject));
}

/// The spellings under which the new subject must not be on record.
Result<std::vector<pkix::Name>> new_spellings(const RequestFacts& facts) {
  if (!is_new(facts, facts.subject)) return std::vector<pkix::Name>();
  auto spellings = TRY(spellings_of(facts.subject));
  std::erase_if(spellings, [&](const pkix::Name& each) { return !is_new(facts, each); });
  return spellings;
}

Result<void> check_nobodys_subject(const RequestFacts& facts) {
  const auto spellings = TRY(new_spellings(facts));
  if (spellings.empty()) return {};
  if (same_subject(facts.subject, facts.authority.certificate->subject)) {
    return not_granted("'" + pkix::to_text(facts.subject) + "' is this authority's own name");
  }
  for (const auto& spelling : spellings) TRY(check_not_on_record(facts, spelling));
  return {};
}

Result<void> check_held_alternative_names(const RequestFacts& facts) {
  const auto held = TRY(pkix::subject_alt_names((*facts.signer)->extensions));
  for (const auto& name : TRY(pkix::subject_alt_names(facts.extensions))) {
    if (std::find(held.begin(), held.end(), name) != held.end()) continue;
    return not_granted("the signer's certificate does not hold the alternative name " +
                       pkix::to_text(name) + ", and no agent has approved it");
  }
  return {};
}

}  // namespace

pkix::Extensions with_new_names(pkix::Extensions requested, const cmc::ChangeSubjectName& wanted) {
  //= E151 RFC 10002 §7.1: an alternative name that is not given is taken away
  std::erase_if(requested, [](const pkix::Extension& extension) {
    return extension.extn_id == pkix::oid::kSubjectAltName;
  });
  if (wanted.subject_alt) {
    requested.push_back(
        {pkix::oid::kSubjectAltName, false, pkix::write_alternative_name(*wanted.subject_alt)});
  }
  return requested;
}

Result<void> check_new_names(const RequestFacts& facts, const CertificateDraft& draft) {
  if (!facts.renames) return {};
  if (!same_subject(draft.subject, facts.subject)) {
    return not_granted("the profile makes the subject '" + pkix::to_text(draft.subject) + "' of '" +
                       pkix::to_text(facts.subject) + "'");
  }
  const auto wanted = TRY(pkix::subject_alt_names(facts.extensions));
  const auto given = TRY(pkix::subject_alt_names(draft.extensions));
  if (pkix::same_names(wanted, given)) return {};
  return not_granted("the profile gives other alternative names than those asked for");
}

Result<void> check_nobodys_names(const RequestFacts& facts) {
  TRY(check_nobodys_subject(facts));
  return check_held_alternative_names(facts);
}

Result<void> keep_nobodys_subject(const RequestFacts& facts, CertificateDraft& draft) {
  auto spellings = TRY(new_spellings(facts));
  const auto looked_for = spellings.size();
  add_new(facts, draft.subject, spellings);
  if (spellings.size() > looked_for) TRY(check_not_on_record(facts, spellings.back()));
  for (const auto& spelling : spellings) {
    draft.subject_conditions.push_back({.subject_der = spelling.der(), .known_certificates = 0});
  }
  return {};
}

Result<void> keep_foreign_signers_subject(const RequestFacts& facts, CertificateDraft& draft) {
  if (draft.subject.empty()) return {};
  const auto spellings = TRY(spellings_of(draft.subject));
  for (const auto& spelling : spellings) {
    if (TRY(facts.store.find_some_by_subject(spelling.der(), 1)).empty()) {
      draft.subject_conditions.push_back({.subject_der = spelling.der(), .known_certificates = 0});
      continue;
    }
    return Error{Fault::name_not_allowed,
                 "a certificate of this authority is for the subject '" +
                     pkix::to_text(draft.subject) +
                     "' already, and a foreign issuer's certificate, which signed, does not show "
                     "that it is the same holder's: who has that one renews by signing with that "
                     "one"};
  }
  return {};
}

}  // namespace signet::policy
