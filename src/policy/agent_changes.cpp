#include "policy/agent_changes.h"

#include <algorithm>
#include <array>

#include "codec/pkix/certificate.h"
#include "codec/pkix/object_name.h"
#include "codec/pkix/oids.h"
#include "policy/powers.h"

namespace signet::policy {
namespace {

namespace oid = pkix::oid;
using pkix::Extension;

/// Before the draft's own beginning: "from today" is midnight, in whatever zone.
constexpr std::chrono::hours kMostEarlier{24};

/// The last day that a certificate can name (RFC 5280 §4.1.2.5).
constexpr Time kEndOfTime{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}};

/// Where to learn of the certificate's issuer and status, under which policy it is issued, and what
/// an authority below may not do.
constexpr std::array kProfilesAlone{
    oid::kAuthorityKeyIdentifier, oid::kSubjectKeyIdentifier,  oid::kIssuerAltName,
    oid::kAuthorityInfoAccess,    oid::kCrlDistributionPoints, oid::kFreshestCrl,
    oid::kCertificatePolicies,    oid::kPolicyMappings,        oid::kPolicyConstraints,
    oid::kNameConstraints,        oid::kInhibitAnyPolicy};

/// RFC 7633 §4: what the server must offer, so status_request ("must staple").
constexpr asn1::Oid kTlsFeature{"1.3.6.1.5.5.7.1.24"};

bool is_profiles_alone(const asn1::Oid& id) {
  return std::find(kProfilesAlone.begin(), kProfilesAlone.end(), id) != kProfilesAlone.end();
}

Error not_by_approval(const asn1::Oid& id, const std::string& why) {
  return {Fault::extension_not_allowed,
          "the approval changes the extension " + pkix::object_name(id) + ": " + why};
}

bool is_given_by(const PolicySet& set, const asn1::Oid& id) {
  return std::any_of(set.policies.begin(), set.policies.end(), [&](const auto& policy) {
    const auto statements = policy->fills().describe();
    return std::any_of(statements.begin(), statements.end(),
                       [&](const Statement& statement) { return statement.extension == id; });
  });
}

bool is_written_out_by(const PolicySet& set, const asn1::Oid& id) {
  return std::any_of(set.policies.begin(), set.policies.end(), [&](const auto& policy) {
    const auto& fills = policy->fills();
    const auto statements = fills.is_written_out() ? fills.describe() : Statements{};
    return std::any_of(statements.begin(), statements.end(),
                       [&](const Statement& statement) { return statement.extension == id; });
  });
}

bool is_closed(const asn1::Oid& id, const PolicySet& set) {
  return is_profiles_alone(id) || is_written_out_by(set, id);
}

/// What an approval may touch at all.
Result<void> check_is_open(const asn1::Oid& id, const PolicySet& set) {
  if (is_closed(id, set)) {
    return not_by_approval(id, "it is as the profile gives it, and no agent's to change");
  }
  if (is_given_by(set, id)) return {};
  return not_by_approval(id, "the profile neither gives it nor copies it from requests");
}

// ------------------------------------------------------------ powers

Result<pkix::BasicConstraints> constraints_in(const pkix::Extensions& extensions) {
  const auto* extension = pkix::find_extension(extensions, oid::kBasicConstraints);
  if (extension == nullptr) return pkix::BasicConstraints{};
  return pkix::read_basic_constraints(extension->extn_value);
}

Result<void> check_authority_given(const Extension& wanted, const CertificateDraft& given) {
  const auto asked = TRY(pkix::read_basic_constraints(wanted.extn_value));
  const auto own = TRY(constraints_in(given.extensions));
  if (!asked.ca) return {};
  if (!own.ca) return not_by_approval(wanted.extn_id, "the profile makes no authority");
  const auto& most = own.path_len_constraint;
  const auto& length = asked.path_len_constraint;
  if (!most || (length && *length <= *most)) return {};
  return not_by_approval(wanted.extn_id, "pathLenConstraint may be " + std::to_string(*most) +
                                             " at most, as the profile has it");
}

Result<void> check_usage(const Extension& wanted, const CertificateDraft& given) {
  const auto asked = TRY(pkix::read_key_usage(wanted.extn_value));
  const auto* extension = given.find(oid::kKeyUsage);
  const auto own =
      extension == nullptr ? pkix::KeyUsage{} : TRY(pkix::read_key_usage(extension->extn_value));
  if ((asked.bits & authority_usages() & ~own.bits) == 0) return {};
  return not_by_approval(wanted.extn_id,
                         "keyCertSign and cRLSign are for those to whom the profile gives them");
}

Result<void> check_purposes_given(const Extension& wanted, const CertificateDraft& given) {
  const auto asked = TRY(pkix::read_extended_key_usage(wanted.extn_value));
  const bool is_authority = TRY(constraints_in(given.extensions)).ca;
  const auto* extension = given.find(oid::kExtendedKeyUsage);
  const auto own = extension == nullptr ? std::vector<asn1::Oid>{}
                                        : TRY(pkix::read_extended_key_usage(extension->extn_value));
  for (const auto& purpose : asked) {
    const bool is_bound = is_authority || is_reserved_purpose(purpose);
    if (!is_bound || std::find(own.begin(), own.end(), purpose) != own.end()) continue;
    return not_by_approval(wanted.extn_id, "the purpose " + pkix::object_name(purpose) +
                                               " is for those to whom the profile gives it");
  }
  return {};
}

// ------------------------------------------------------------ names

Result<pkix::GeneralNames> holders_names(const RequestFacts& facts, const CertificateDraft& given) {
  auto names = TRY(pkix::subject_alt_names(given.extensions));
  if (facts.signer == nullptr) return names;
  const auto held = TRY(pkix::subject_alt_names((*facts.signer)->extensions));
  names.insert(names.end(), held.begin(), held.end());
  return names;
}

Result<void> check_alternative_names(const Extension& wanted, const RequestFacts& facts,
                                     const CertificateDraft& given) {
  if (facts.renames) return {};
  const auto held = TRY(holders_names(facts, given));
  for (const auto& name : TRY(pkix::read_alternative_name(wanted.extn_value))) {
    if (std::find(held.begin(), held.end(), name) != held.end()) continue;
    return Error{Fault::name_not_allowed,
                 "the approval gives the alternative name " + pkix::to_text(name) +
                     ", which neither the profile gives nor the certificate that signed holds: "
                     "who proved its identity keeps its own names"};
  }
  return {};
}

// ------------------------------------------------------------ each by itself

Error must_staple_stays() {
  return not_by_approval(kTlsFeature,
                         "without it a server need not show that its certificate is in force");
}

Result<void> check_given(const Extension& wanted, const RequestFacts& facts,
                         const CertificateDraft& given) {
  const auto& id = wanted.extn_id;
  if (id == oid::kBasicConstraints) return check_authority_given(wanted, given);
  if (id == oid::kKeyUsage) return check_usage(wanted, given);
  if (id == oid::kExtendedKeyUsage) return check_purposes_given(wanted, given);
  if (id == oid::kSubjectAltName) return check_alternative_names(wanted, facts, given);
  if (id == kTlsFeature && given.find(id) != nullptr) return must_staple_stays();
  if (id == oid::kOcspNoCheck && given.find(id) == nullptr) {
    return not_by_approval(id, "it is for those to whom the profile gives it");
  }
  return {};
}

Result<void> check_left_out(const asn1::Oid& id, const PolicySet& set,
                            const CertificateDraft& given) {
  if (given.find(id) == nullptr) return {};
  if (is_closed(id, set)) {
    return not_by_approval(id, "it is as the profile gives it, and no agent's to leave out");
  }
  if (id == kTlsFeature) return must_staple_stays();
  const bool narrows = id == oid::kKeyUsage || id == oid::kExtendedKeyUsage;
  if (!narrows) return {};
  return not_by_approval(
      id, "without it the certificate would be good for everything: give another value in place");
}

Result<void> change_extensions(const AgentChanges& changes, const PolicySet& set,
                               const RequestFacts& facts, CertificateDraft& draft) {
  const auto given = draft;
  for (const auto& id : changes.left_out) {
    TRY(check_left_out(id, set, given));
    std::erase_if(draft.extensions, [&](const auto& each) { return each.extn_id == id; });
  }
  for (const auto& extension : changes.extensions) {
    auto wanted = TRY(pkix::without_defaults(extension));
    const auto* own = given.find(wanted.extn_id);
    if (own == nullptr || *own != wanted) {
      TRY(check_is_open(wanted.extn_id, set));
      TRY(check_given(wanted, facts, given));
    }
    draft.set(std::move(wanted));
  }
  return {};
}

// ------------------------------------------------------------ validity

bool is_about_validity(const Constraint& constraint) {
  const auto statements = constraint.describe();
  return std::any_of(statements.begin(), statements.end(),
                     [](const Statement& statement) { return statement.topic == Topic::validity; });
}

/// Whether a constraint says how late the certificate may end: it would refuse the end of all time.
bool is_end_bound(const PolicySet& set, const RequestFacts& facts, const CertificateDraft& draft) {
  auto endless = draft;
  endless.validity->not_after = kEndOfTime;
  return std::any_of(set.policies.begin(), set.policies.end(), [&](const auto& policy) {
    return is_about_validity(policy->demands()) && !policy->demands().check(facts, endless).ok();
  });
}

/// The end as late as the constraints allow it to a certificate that begins when the profile's own
/// does: who lets one begin later does not let it end later.
Result<void> check_end_from_own_beginning(const PolicySet& set, const RequestFacts& facts,
                                          const CertificateDraft& draft, Time own_beginning) {
  auto sooner = draft;
  sooner.validity->not_before = own_beginning;
  for (const auto& policy : set.policies) {
    if (!is_about_validity(policy->demands())) continue;
    const auto allowed = policy->demands().check(facts, sooner);
    if (allowed.ok()) continue;
    return Error{Fault::validity_not_allowed,
                 "the approval lets the validity end " +
                     signet::to_text(draft.validity->not_after) +
                     ", too late for one that begins when the profile lets it, " +
                     signet::to_text(own_beginning) + ": " + allowed.error().detail};
  }
  return {};
}

std::string begin_and_end(const pkix::Validity& validity) {
  return signet::to_text(validity.not_before) + " to " + signet::to_text(validity.not_after);
}

Result<void> change_validity(const AgentChanges& changes, const PolicySet& set,
                             const RequestFacts& facts, CertificateDraft& draft) {
  auto& validity = draft.validity.value();
  const auto given = validity;
  validity = {changes.not_before.value_or(given.not_before),
              changes.not_after.value_or(given.not_after)};
  const bool begins_outside = validity.not_before + kMostEarlier < given.not_before ||
                              validity.not_before > given.not_after;
  if (changes.not_before && begins_outside) {
    return Error{Fault::validity_not_allowed,
                 "the approval lets the validity begin " + signet::to_text(validity.not_before) +
                     "; it may begin a day before that of the profile, " + begin_and_end(given) +
                     ", and no later than that ends"};
  }
  if (validity.not_after <= given.not_after) return {};
  if (is_end_bound(set, facts, draft)) {
    return check_end_from_own_beginning(set, facts, draft, given.not_before);
  }
  return Error{Fault::validity_not_allowed,
               "the approval lets the validity end " + signet::to_text(validity.not_after) +
                   ", later than that of the profile, " + begin_and_end(given) +
                   ", which has no constraint that says how late it may end"};
}

}  // namespace

Result<void> apply_agent_changes(const AgentChanges& changes, const PolicySet& set,
                                 const RequestFacts& facts, CertificateDraft& draft) {
  TRY(change_validity(changes, set, facts, draft));
  return change_extensions(changes, set, facts, draft);
}

}  // namespace signet::policy
