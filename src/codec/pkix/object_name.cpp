#include "codec/pkix/object_name.h"

#include <algorithm>
#include <array>

#include "codec/pkix/oids.h"

namespace signet::pkix {
namespace {

struct NamedObject {
  asn1::Oid id;
  std::string_view name;
};
constexpr std::array kExtensions{
    NamedObject{oid::kSubjectDirectoryAttributes, "subjectDirectoryAttributes"},
    NamedObject{oid::kSubjectKeyIdentifier, "subjectKeyIdentifier"},
    NamedObject{oid::kKeyUsage, "keyUsage"},
    NamedObject{oid::kSubjectAltName, "subjectAltName"},
    NamedObject{oid::kIssuerAltName, "issuerAltName"},
    NamedObject{oid::kBasicConstraints, "basicConstraints"},
    NamedObject{oid::kCrlNumber, "cRLNumber"},
    NamedObject{oid::kReasonCode, "reasonCode"},
    NamedObject{oid::kInvalidityDate, "invalidityDate"},
    NamedObject{oid::kDeltaCrlIndicator, "deltaCRLIndicator"},
    NamedObject{oid::kIssuingDistributionPoint, "issuingDistributionPoint"},
    NamedObject{asn1::Oid{"2.5.29.29"}, "certificateIssuer"},
    NamedObject{oid::kNameConstraints, "nameConstraints"},
    NamedObject{oid::kCrlDistributionPoints, "cRLDistributionPoints"},
    NamedObject{oid::kCertificatePolicies, "certificatePolicies"},
    NamedObject{asn1::Oid{"2.5.29.32.0"}, "anyPolicy"},
    NamedObject{oid::kPolicyMappings, "policyMappings"},
    NamedObject{oid::kAuthorityKeyIdentifier, "authorityKeyIdentifier"},
    NamedObject{oid::kPolicyConstraints, "policyConstraints"},
    NamedObject{oid::kExtendedKeyUsage, "extKeyUsage"},
    NamedObject{oid::kFreshestCrl, "freshestCRL"},
    NamedObject{oid::kInhibitAnyPolicy, "inhibitAnyPolicy"},
    NamedObject{oid::kAuthorityInfoAccess, "authorityInfoAccess"},
    NamedObject{oid::kSubjectInfoAccess, "subjectInfoAccess"},
    NamedObject{oid::kOcspNoCheck, "ocsp-nocheck"},
    NamedObject{asn1::Oid{"2.16.840.1.113730.1.1"}, "netscape-cert-type"},
};
constexpr std::array kMethodsAndPurposes{
    NamedObject{oid::kOcsp, "id-ad-ocsp"},
    NamedObject{oid::kCaIssuers, "id-ad-caIssuers"},
    NamedObject{oid::kCmcAccess, "id-ad-cmc"},
    NamedObject{oid::kServerAuth, "id-kp-serverAuth"},
    NamedObject{oid::kClientAuth, "id-kp-clientAuth"},
    NamedObject{oid::kCodeSigning, "id-kp-codeSigning"},
    NamedObject{oid::kEmailProtection, "id-kp-emailProtection"},
    NamedObject{oid::kTimeStamping, "id-kp-timeStamping"},
    NamedObject{oid::kOcspSigning, "id-kp-OCSPSigning"},
    NamedObject{oid::kCmcCA, "id-kp-cmcCA"},
    NamedObject{oid::kCmcRA, "id-kp-cmcRA"},
    NamedObject{oid::kCmcArchive, "id-kp-cmcArchive"},
    NamedObject{oid::kAnyExtendedKeyUsage, "anyExtendedKeyUsage"},
};

template <typename Names>
std::string_view find_in(const Names& names, const asn1::Oid& id) {
  const auto found = std::find_if(names.begin(), names.end(),
                                  [&](const NamedObject& known) { return known.id == id; });
  return found == names.end() ? std::string_view{} : found->name;
}

}  // namespace

std::string_view find_object_name(const asn1::Oid& id) {
  const auto extension = find_in(kExtensions, id);
  return extension.empty() ? find_in(kMethodsAndPurposes, id) : extension;
}

std::string object_name(const asn1::Oid& id) {
  const auto name = find_object_name(id);
  return name.empty() ? id.to_text() : std::string(name);
}

}  // namespace signet::pkix
