#include "policy/powers.h"

#include <algorithm>
#include <array>

#include "codec/pkix/object_name.h"
#include "codec/pkix/oids.h"

namespace signet::policy {
namespace {

namespace oid = pkix::oid;
using pkix::KeyUsageBit;

/// szOID_ANY_APPLICATION_POLICY: for Windows what anyExtendedKeyUsage is for others.
constexpr asn1::Oid kMicrosoftAnyPurpose{"1.3.6.1.4.1.311.10.12.1"};
/// szOID_ENROLLMENT_AGENT: asks for others at Active Directory, as cmcRA does here.
constexpr asn1::Oid kMicrosoftRequestAgent{"1.3.6.1.4.1.311.20.2.1"};

Result<std::string> power_of_purposes(const pkix::Extensions& extensions) {
  const auto* extension = pkix::find_extension(extensions, oid::kExtendedKeyUsage);
  if (extension == nullptr) return std::string{};
  const auto purposes = TRY(pkix::read_extended_key_usage(extension->extn_value));
  const auto reserved = std::find_if(purposes.begin(), purposes.end(), is_reserved_purpose);
  if (reserved == purposes.end()) return std::string{};
  return "a certificate with the purpose " + pkix::object_name(*reserved);
}

}  // namespace

bool is_reserved_purpose(const asn1::Oid& purpose) {
  constexpr std::array kReserved{oid::kCmcCA,
                                 oid::kCmcRA,
                                 oid::kCmcArchive,
                                 oid::kOcspSigning,
                                 oid::kAnyExtendedKeyUsage,
                                 kMicrosoftAnyPurpose,
                                 kMicrosoftRequestAgent};
  return std::find(kReserved.begin(), kReserved.end(), purpose) != kReserved.end();
}

std::uint16_t authority_usages() {
  return static_cast<std::uint16_t>(static_cast<std::uint16_t>(KeyUsageBit::keyCertSign) |
                                    static_cast<std::uint16_t>(KeyUsageBit::cRLSign));
}

Result<std::string> power_given_by(const pkix::Extensions& extensions) {
  if (const auto* extension = pkix::find_extension(extensions, oid::kBasicConstraints)) {
    if (TRY(pkix::read_basic_constraints(extension->extn_value)).ca) {
      return std::string{"an authority (basicConstraints cA)"};
    }
  }
  if (const auto* extension = pkix::find_extension(extensions, oid::kKeyUsage)) {
    const auto usage = TRY(pkix::read_key_usage(extension->extn_value));
    if ((usage.bits & authority_usages()) != 0) {
      return std::string{"a certificate with the key usage keyCertSign or cRLSign"};
    }
  }
  if (pkix::find_extension(extensions, oid::kOcspNoCheck) != nullptr) {
    return std::string{"a certificate whose revocation nobody asks about (id-pkix-ocsp-nocheck)"};
  }
  return power_of_purposes(extensions);
}

}  // namespace signet::policy
