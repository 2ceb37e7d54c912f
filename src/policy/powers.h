#pragma once

#include "policy/policy.h"

// What a certificate is trusted for in the authority's own matters.
namespace signet::policy {

/// A purpose by which a certificate speaks for the authority: to clients, to itself, or (RFC 6960
/// §4.2.2.2) of revocation. anyExtendedKeyUsage is all of them.
bool is_reserved_purpose(const asn1::Oid& purpose);

/// The key usages of an authority: keyCertSign and cRLSign, as bits.
std::uint16_t authority_usages();

/// What these extensions make of a certificate, for refusals: "an authority (basicConstraints cA)";
/// empty where it speaks for nobody. Faults: malformed, trailing_data.
Result<std::string> power_given_by(const pkix::Extensions& extensions);

}  // namespace signet::policy
