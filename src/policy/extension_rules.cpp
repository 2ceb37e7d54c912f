#include "policy/extension_rules.h"

#include <algorithm>
#include <array>

#include "codec/pkix/oids.h"
#include "policy/name_rules.h"

namespace signet::policy {
namespace {

namespace oid = pkix::oid;
using pkix::Extension;
using pkix::Extensions;

enum class Criticality { either, never, always };
enum class Holder { anybody, authority };

struct KnownExtension {
  asn1::Oid id;
  std::string_view name;
  std::string_view section;  ///< of RFC 5280, unless it says otherwise
  Criticality critical;
  Holder holder;
};

/// The extensions of RFC 5280 §4.2 that a certificate may have. Most frequent first.
constexpr std::array kKnownExtensions{
    KnownExtension{oid::kAuthorityKeyIdentifier, "authorityKeyIdentifier", "§4.2.1.1",
                   Criticality::never, Holder::anybody},
    KnownExtension{oid::kAuthorityInfoAccess, "authorityInfoAccess", "§4.2.2.1", Criticality::never,
                   Holder::anybody},
    KnownExtension{oid::kKeyUsage, "keyUsage", "§4.2.1.3", Criticality::either, Holder::anybody},
    KnownExtension{oid::kExtendedKeyUsage, "extKeyUsage", "§4.2.1.12", Criticality::either,
                   Holder::anybody},
    KnownExtension{oid::kSubjectKeyIdentifier, "subjectKeyIdentifier", "§4.2.1.2",
                   Criticality::never, Holder::anybody},
    KnownExtension{oid::kSubjectAltName, "subjectAltName", "§4.2.1.6", Criticality::either,
                   Holder::anybody},
    KnownExtension{oid::kBasicConstraints, "basicConstraints", "§4.2.1.9", Criticality::either,
                   Holder::anybody},
    KnownExtension{oid::kCrlDistributionPoints, "cRLDistributionPoints", "§4.2.1.13",
                   Criticality::either, Holder::anybody},
    KnownExtension{oid::kCertificatePolicies, "certificatePolicies", "§4.2.1.4",
                   Criticality::either, Holder::anybody},
    KnownExtension{oid::kPolicyMappings, "policyMappings", "§4.2.1.5", Criticality::either,
                   Holder::authority},
    KnownExtension{oid::kIssuerAltName, "issuerAltName", "§4.2.1.7", Criticality::either,
                   Holder::anybody},
    KnownExtension{oid::kSubjectDirectoryAttributes, "subjectDirectoryAttributes", "§4.2.1.8",
                   Criticality::never, Holder::anybody},
    KnownExtension{oid::kNameConstraints, "nameConstraints", "§4.2.1.10", Criticality::always,
                   Holder::authority},
    KnownExtension{oid::kPolicyConstraints, "policyConstraints", "§4.2.1.11", Criticality::always,
                   Holder::authority},
    KnownExtension{oid::kInhibitAnyPolicy, "inhibitAnyPolicy", "§4.2.1.14", Criticality::always,
                   Holder::authority},
    KnownExtension{oid::kFreshestCrl, "freshestCRL", "§4.2.1.15", Criticality::never,
                   Holder::anybody},
    KnownExtension{oid::kSubjectInfoAccess, "subjectInfoAccess", "§4.2.2.2", Criticality::never,
                   Holder::anybody},
    KnownExtension{oid::kOcspNoCheck, "ocspNoCheck", "RFC 6960 §4.2.2.2.1", Criticality::either,
                   Holder::anybody},
};

const KnownExtension* find_known(const asn1::Oid& id) {
  const auto found = std::find_if(kKnownExtensions.begin(), kKnownExtensions.end(),
                                  [&](const KnownExtension& known) { return known.id == id; });
  return found == kKnownExtensions.end() ? nullptr : &*found;
}

Error refusal(std::string_view rule, std::string_view section) {
  return {Fault::extension_not_allowed, std::string{rule} + " (" +
                                            (section.starts_with("RFC") ? "" : "RFC 5280 ") +
                                            std::string{section} + ")"};
}

/// What the extensions say of keys and of authority; the rest of the rules hang on it.
struct Authority {
  pkix::BasicConstraints constraints;
  std::optional<pkix::KeyUsage> usage;

  [[nodiscard]] bool may_sign_certificates() const {
    return usage && usage->has(pkix::KeyUsageBit::keyCertSign);
  }
};

Result<Authority> read_authority(const Extensions& extensions) {
  Authority authority;
  if (const auto* extension = pkix::find_extension(extensions, oid::kBasicConstraints)) {
    authority.constraints = TRY(pkix::read_basic_constraints(extension->extn_value));
    if (authority.constraints.ca && !extension->critical) {
      return refusal("basicConstraints of an authority must be critical", "§4.2.1.9");
    }
  }
  if (const auto* extension = pkix::find_extension(extensions, oid::kKeyUsage)) {
    authority.usage = TRY(pkix::read_key_usage(extension->extn_value));
  }
  return authority;
}

Result<void> check_authority(const Authority& authority, const Extensions& extensions) {
  const bool ca = authority.constraints.ca;
  if (authority.may_sign_certificates() && !ca) {
    return refusal("keyCertSign without basicConstraints cA", "§4.2.1.9");
  }
  if (ca && !authority.may_sign_certificates()) {
    return refusal("basicConstraints cA without keyUsage keyCertSign", "§4.2.1.3");
  }
  if (!ca && authority.constraints.path_len_constraint) {
    return refusal("pathLenConstraint without cA", "§4.2.1.9");
  }
  if (ca && pkix::find_extension(extensions, oid::kSubjectKeyIdentifier) == nullptr) {
    return refusal("an authority's certificate without subjectKeyIdentifier", "§4.2.1.2");
  }
  return {};
}

Result<void> check_one(const Extension& extension, const Authority& authority) {
  TRY(pkix::check_extension_value(extension));
  const auto* known = find_known(extension.extn_id);
  if (known == nullptr) return {};
  if (known->critical == Criticality::never && extension.critical) {
    return refusal(std::string{known->name} + " must not be critical", known->section);
  }
  if (known->critical == Criticality::always && !extension.critical) {
    return refusal(std::string{known->name} + " must be critical", known->section);
  }
  if (known->holder == Holder::authority && !authority.constraints.ca) {
    return refusal(std::string{known->name} + " in a certificate of no authority", known->section);
  }
  return {};
}

Result<void> check_alternative_name(const Extensions& extensions, const pkix::Name& subject) {
  const auto* extension = pkix::find_extension(extensions, oid::kSubjectAltName);
  if (subject.empty() && (extension == nullptr || !extension->critical)) {
    return refusal("an empty subject without a critical subjectAltName", "§4.2.1.6");
  }
  if (extension == nullptr) return {};
  for (const auto& name : TRY(pkix::read_alternative_name(extension->extn_value))) {
    TRY(check_name_form(name));
  }
  return {};
}

Result<bool> has_cmc_purpose(const Extensions& extensions) {
  const auto* extension = pkix::find_extension(extensions, oid::kExtendedKeyUsage);
  if (extension == nullptr) return false;
  const auto purposes = TRY(pkix::read_extended_key_usage(extension->extn_value));
  return std::any_of(purposes.begin(), purposes.end(), [](const asn1::Oid& purpose) {
    return purpose == oid::kCmcCA || purpose == oid::kCmcRA || purpose == oid::kCmcArchive;
  });
}

bool is_cmc_location(const pkix::GeneralName& location) {
  return std::holds_alternative<pkix::UniformResourceIdentifier>(location) ||
         std::holds_alternative<pkix::Rfc822Name>(location) ||
         std::holds_alternative<pkix::DnsName>(location) ||
         std::holds_alternative<pkix::IpAddress>(location);
}

Result<void> check_access(const Extensions& extensions, const asn1::Oid& id) {
  const auto* extension = pkix::find_extension(extensions, id);
  if (extension == nullptr) return {};
  for (const auto& description : TRY(pkix::read_information_access(extension->extn_value))) {
    TRY(check_name_form(description.access_location));
    if (description.access_method != oid::kCmcAccess) continue;
    //= E159 RFC 10002 §9.2: whoever says where its CMC service is has the purpose of one
    if (!TRY(has_cmc_purpose(extensions))) {
      return refusal("id-ad-cmc without id-kp-cmcCA or id-kp-cmcRA", "RFC 10002 §9.2");
    }
    //= E160 RFC 10002 §9.2: that place is a URI, a mail address, a DNS name or an IP address
    if (!is_cmc_location(description.access_location)) {
      return refusal(
          "id-ad-cmc with a location that is no URI, mail address, DNS name or IP address",
          "RFC 10002 §9.2");
    }
  }
  return {};
}

}  // namespace

bool is_known_extension(const asn1::Oid& id) {
  return find_known(id) != nullptr;
}

Result<void> check_extension_rules(const Extensions& extensions, const pkix::Name& subject) {
  const auto authority = TRY(read_authority(extensions));
  TRY(check_authority(authority, extensions));
  for (const auto& extension : extensions) TRY(check_one(extension, authority));
  TRY(check_alternative_name(extensions, subject));
  TRY(check_access(extensions, oid::kAuthorityInfoAccess));
  return check_access(extensions, oid::kSubjectInfoAccess);
}

}  // namespace signet::policy
