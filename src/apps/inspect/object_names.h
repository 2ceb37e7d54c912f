#pragma once

#include <string>

#include "codec/asn1/oid.h"

namespace signet::tool {

/// The standard's name for an object identifier ("id-cct-PKIData", "keyUsage", "ecdsa-with-SHA256",
/// "popLinkRandom"); dotted when we know none.
std::string name_of(const asn1::Oid& identifier);

}  // namespace signet::tool
