#pragma once

#include "codec/asn1/oid.h"

/// Object identifiers of RFC 10002 (was RFC 5272): content types, controls, attributes.
namespace signet::cmc::oid {

using asn1::Oid;

inline constexpr Oid kPKIData{"1.3.6.1.5.5.7.12.2"};
inline constexpr Oid kPKIResponse{"1.3.6.1.5.5.7.12.3"};
inline constexpr Oid kCMCUnsignedData{"1.2.840.113549.1.9.16.2.34"};

inline constexpr Oid kStatusInfo{"1.3.6.1.5.5.7.7.1"};
inline constexpr Oid kIdentification{"1.3.6.1.5.5.7.7.2"};
inline constexpr Oid kIdentityProof{"1.3.6.1.5.5.7.7.3"};
inline constexpr Oid kDataReturn{"1.3.6.1.5.5.7.7.4"};
inline constexpr Oid kTransactionId{"1.3.6.1.5.5.7.7.5"};
inline constexpr Oid kSenderNonce{"1.3.6.1.5.5.7.7.6"};
inline constexpr Oid kRecipientNonce{"1.3.6.1.5.5.7.7.7"};
inline constexpr Oid kAddExtensions{"1.3.6.1.5.5.7.7.8"};
inline constexpr Oid kEncryptedPOP{"1.3.6.1.5.5.7.7.9"};
inline constexpr Oid kDecryptedPOP{"1.3.6.1.5.5.7.7.10"};
inline constexpr Oid kLraPOPWitness{"1.3.6.1.5.5.7.7.11"};
inline constexpr Oid kGetCert{"1.3.6.1.5.5.7.7.15"};
inline constexpr Oid kGetCRL{"1.3.6.1.5.5.7.7.16"};
inline constexpr Oid kRevokeRequest{"1.3.6.1.5.5.7.7.17"};
inline constexpr Oid kRegInfo{"1.3.6.1.5.5.7.7.18"};
inline constexpr Oid kResponseInfo{"1.3.6.1.5.5.7.7.19"};
inline constexpr Oid kQueryPending{"1.3.6.1.5.5.7.7.21"};
inline constexpr Oid kPopLinkRandom{"1.3.6.1.5.5.7.7.22"};
inline constexpr Oid kPopLinkWitness{"1.3.6.1.5.5.7.7.23"};
inline constexpr Oid kConfirmCertAcceptance{"1.3.6.1.5.5.7.7.24"};
inline constexpr Oid kStatusInfoV2{"1.3.6.1.5.5.7.7.25"};
inline constexpr Oid kTrustedAnchors{"1.3.6.1.5.5.7.7.26"};
inline constexpr Oid kAuthData{"1.3.6.1.5.5.7.7.27"};
inline constexpr Oid kBatchRequests{"1.3.6.1.5.5.7.7.28"};
inline constexpr Oid kBatchResponses{"1.3.6.1.5.5.7.7.29"};
inline constexpr Oid kPublishCert{"1.3.6.1.5.5.7.7.30"};
inline constexpr Oid kModCertTemplate{"1.3.6.1.5.5.7.7.31"};
inline constexpr Oid kControlProcessed{"1.3.6.1.5.5.7.7.32"};
inline constexpr Oid kPopLinkWitnessV2{"1.3.6.1.5.5.7.7.33"};
inline constexpr Oid kIdentityProofV2{"1.3.6.1.5.5.7.7.34"};
inline constexpr Oid kRaIdentityWitness{"1.3.6.1.5.5.7.7.35"};
inline constexpr Oid kChangeSubjectName{"1.3.6.1.5.5.7.7.36"};
inline constexpr Oid kResponseBody{"1.3.6.1.5.5.7.7.37"};

}  // namespace signet::cmc::oid
