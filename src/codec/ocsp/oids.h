#pragma once

#include "codec/asn1/oid.h"

/// Object identifiers of RFC 6960 §4.2.1 and §4.4. id-pkix-ocsp-nocheck: see codec/pkix/oids.h.
namespace signet::ocsp::oid {

using asn1::Oid;

inline constexpr Oid kBasic{"1.3.6.1.5.5.7.48.1.1"};
inline constexpr Oid kNonce{"1.3.6.1.5.5.7.48.1.2"};
inline constexpr Oid kAcceptableResponses{"1.3.6.1.5.5.7.48.1.4"};

}  // namespace signet::ocsp::oid
