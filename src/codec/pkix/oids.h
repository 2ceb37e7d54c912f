#pragma once

#include "codec/asn1/oid.h"

/// Object identifiers of RFC 5280, 3279, 4055, 5480, 5758, 8410, 8017, 2986.
namespace signet::pkix::oid {

using asn1::Oid;

// name attributes (X.520, RFC 4519)
inline constexpr Oid kCommonName{"2.5.4.3"};
inline constexpr Oid kSurname{"2.5.4.4"};
inline constexpr Oid kSerialNumber{"2.5.4.5"};
inline constexpr Oid kCountryName{"2.5.4.6"};
inline constexpr Oid kLocalityName{"2.5.4.7"};
inline constexpr Oid kStateOrProvinceName{"2.5.4.8"};
inline constexpr Oid kStreetAddress{"2.5.4.9"};
inline constexpr Oid kOrganizationName{"2.5.4.10"};
inline constexpr Oid kOrganizationalUnitName{"2.5.4.11"};
inline constexpr Oid kTitle{"2.5.4.12"};
inline constexpr Oid kGivenName{"2.5.4.42"};
inline constexpr Oid kInitials{"2.5.4.43"};
inline constexpr Oid kGenerationQualifier{"2.5.4.44"};
inline constexpr Oid kDnQualifier{"2.5.4.46"};
inline constexpr Oid kPseudonym{"2.5.4.65"};
inline constexpr Oid kOrganizationIdentifier{"2.5.4.97"};
inline constexpr Oid kUserId{"0.9.2342.19200300.100.1.1"};
inline constexpr Oid kDomainComponent{"0.9.2342.19200300.100.1.25"};
inline constexpr Oid kMail{"0.9.2342.19200300.100.1.3"};
inline constexpr Oid kEmailAddress{"1.2.840.113549.1.9.1"};
inline constexpr Oid kUnstructuredName{"1.2.840.113549.1.9.2"};
inline constexpr Oid kUnstructuredAddress{"1.2.840.113549.1.9.8"};
// extensions
inline constexpr Oid kSubjectDirectoryAttributes{"2.5.29.9"};
inline constexpr Oid kSubjectKeyIdentifier{"2.5.29.14"};
inline constexpr Oid kKeyUsage{"2.5.29.15"};
inline constexpr Oid kSubjectAltName{"2.5.29.17"};
inline constexpr Oid kIssuerAltName{"2.5.29.18"};
inline constexpr Oid kBasicConstraints{"2.5.29.19"};
inline constexpr Oid kCrlNumber{"2.5.29.20"};
inline constexpr Oid kReasonCode{"2.5.29.21"};
inline constexpr Oid kInvalidityDate{"2.5.29.24"};
inline constexpr Oid kDeltaCrlIndicator{"2.5.29.27"};
inline constexpr Oid kIssuingDistributionPoint{"2.5.29.28"};
inline constexpr Oid kNameConstraints{"2.5.29.30"};
inline constexpr Oid kCrlDistributionPoints{"2.5.29.31"};
inline constexpr Oid kCertificatePolicies{"2.5.29.32"};
inline constexpr Oid kPolicyMappings{"2.5.29.33"};
inline constexpr Oid kAuthorityKeyIdentifier{"2.5.29.35"};
inline constexpr Oid kPolicyConstraints{"2.5.29.36"};
inline constexpr Oid kExtendedKeyUsage{"2.5.29.37"};
inline constexpr Oid kFreshestCrl{"2.5.29.46"};
inline constexpr Oid kInhibitAnyPolicy{"2.5.29.54"};
inline constexpr Oid kAuthorityInfoAccess{"1.3.6.1.5.5.7.1.1"};
inline constexpr Oid kSubjectInfoAccess{"1.3.6.1.5.5.7.1.11"};
inline constexpr Oid kOcspNoCheck{"1.3.6.1.5.5.7.48.1.5"};
// access methods, purposes
inline constexpr Oid kOcsp{"1.3.6.1.5.5.7.48.1"};
inline constexpr Oid kCaIssuers{"1.3.6.1.5.5.7.48.2"};
inline constexpr Oid kCmcAccess{"1.3.6.1.5.5.7.48.12"};
inline constexpr Oid kServerAuth{"1.3.6.1.5.5.7.3.1"};
inline constexpr Oid kClientAuth{"1.3.6.1.5.5.7.3.2"};
inline constexpr Oid kCodeSigning{"1.3.6.1.5.5.7.3.3"};
inline constexpr Oid kEmailProtection{"1.3.6.1.5.5.7.3.4"};
inline constexpr Oid kTimeStamping{"1.3.6.1.5.5.7.3.8"};
inline constexpr Oid kOcspSigning{"1.3.6.1.5.5.7.3.9"};
inline constexpr Oid kCmcCA{"1.3.6.1.5.5.7.3.27"};
inline constexpr Oid kCmcRA{"1.3.6.1.5.5.7.3.28"};
inline constexpr Oid kCmcArchive{"1.3.6.1.5.5.7.3.29"};
inline constexpr Oid kAnyExtendedKeyUsage{"2.5.29.37.0"};
// PKCS#9 attributes
inline constexpr Oid kExtensionRequest{"1.2.840.113549.1.9.14"};
inline constexpr Oid kContentType{"1.2.840.113549.1.9.3"};
inline constexpr Oid kMessageDigest{"1.2.840.113549.1.9.4"};
inline constexpr Oid kSigningTime{"1.2.840.113549.1.9.5"};
inline constexpr Oid kChallengePassword{"1.2.840.113549.1.9.7"};
// public keys
inline constexpr Oid kRsaEncryption{"1.2.840.113549.1.1.1"};
inline constexpr Oid kRsaesOaep{"1.2.840.113549.1.1.7"};
inline constexpr Oid kEcPublicKey{"1.2.840.10045.2.1"};
inline constexpr Oid kX25519{"1.3.101.110"};
inline constexpr Oid kX448{"1.3.101.111"};
inline constexpr Oid kEd25519{"1.3.101.112"};
inline constexpr Oid kEd448{"1.3.101.113"};
inline constexpr Oid kSecp256r1{"1.2.840.10045.3.1.7"};
inline constexpr Oid kSecp384r1{"1.3.132.0.34"};
inline constexpr Oid kSecp521r1{"1.3.132.0.35"};
// signatures
inline constexpr Oid kMd5WithRsa{"1.2.840.113549.1.1.4"};
inline constexpr Oid kSha1WithRsa{"1.2.840.113549.1.1.5"};
inline constexpr Oid kSha224WithRsa{"1.2.840.113549.1.1.14"};
inline constexpr Oid kSha256WithRsa{"1.2.840.113549.1.1.11"};
inline constexpr Oid kSha384WithRsa{"1.2.840.113549.1.1.12"};
inline constexpr Oid kSha512WithRsa{"1.2.840.113549.1.1.13"};
inline constexpr Oid kRsassaPss{"1.2.840.113549.1.1.10"};
inline constexpr Oid kMgf1{"1.2.840.113549.1.1.8"};
inline constexpr Oid kEcdsaWithSha1{"1.2.840.10045.4.1"};
inline constexpr Oid kEcdsaWithSha256{"1.2.840.10045.4.3.2"};
inline constexpr Oid kEcdsaWithSha384{"1.2.840.10045.4.3.3"};
inline constexpr Oid kEcdsaWithSha512{"1.2.840.10045.4.3.4"};
inline constexpr Oid kNoSignature{"1.3.6.1.5.5.7.6.2"};
// digests
inline constexpr Oid kMd5{"1.2.840.113549.2.5"};
inline constexpr Oid kSha1{"1.3.14.3.2.26"};
inline constexpr Oid kSha224{"2.16.840.1.101.3.4.2.4"};
inline constexpr Oid kSha256{"2.16.840.1.101.3.4.2.1"};
inline constexpr Oid kSha384{"2.16.840.1.101.3.4.2.2"};
inline constexpr Oid kSha512{"2.16.840.1.101.3.4.2.3"};
inline constexpr Oid kShake128{"2.16.840.1.101.3.4.2.11"};
inline constexpr Oid kShake256{"2.16.840.1.101.3.4.2.12"};
inline constexpr Oid kShake256Len{"2.16.840.1.101.3.4.2.18"};  // RFC 8419 §2.3
// MACs, KDFs, ciphers
inline constexpr Oid kHmacSha1{"1.3.6.1.5.5.8.1.2"};
inline constexpr Oid kHmacWithSha1{"1.2.840.113549.2.7"};
inline constexpr Oid kHmacWithSha224{"1.2.840.113549.2.8"};
inline constexpr Oid kHmacWithSha256{"1.2.840.113549.2.9"};
inline constexpr Oid kHmacWithSha384{"1.2.840.113549.2.10"};
inline constexpr Oid kHmacWithSha512{"1.2.840.113549.2.11"};
inline constexpr Oid kPbkdf2{"1.2.840.113549.1.5.12"};
inline constexpr Oid kPwriKek{"1.2.840.113549.1.9.16.3.9"};
inline constexpr Oid kAes128Cbc{"2.16.840.1.101.3.4.1.2"};
inline constexpr Oid kAes192Cbc{"2.16.840.1.101.3.4.1.22"};
inline constexpr Oid kAes256Cbc{"2.16.840.1.101.3.4.1.42"};
inline constexpr Oid kAes128Gcm{"2.16.840.1.101.3.4.1.6"};
inline constexpr Oid kAes192Gcm{"2.16.840.1.101.3.4.1.26"};
inline constexpr Oid kAes256Gcm{"2.16.840.1.101.3.4.1.46"};
inline constexpr Oid kAes128Wrap{"2.16.840.1.101.3.4.1.5"};
inline constexpr Oid kAes192Wrap{"2.16.840.1.101.3.4.1.25"};
inline constexpr Oid kAes256Wrap{"2.16.840.1.101.3.4.1.45"};
// dhSinglePass-stdDH-…kdf-scheme (RFC 5753 §7.1.4)
inline constexpr Oid kEcdhSha1Kdf{"1.3.133.16.840.63.0.2"};
inline constexpr Oid kEcdhSha224Kdf{"1.3.132.1.11.0"};
inline constexpr Oid kEcdhSha256Kdf{"1.3.132.1.11.1"};
inline constexpr Oid kEcdhSha384Kdf{"1.3.132.1.11.2"};
inline constexpr Oid kEcdhSha512Kdf{"1.3.132.1.11.3"};

}  // namespace signet::pkix::oid
