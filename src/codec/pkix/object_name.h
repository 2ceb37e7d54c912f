#pragma once

#include <string>
#include <string_view>

#include "codec/asn1/oid.h"

namespace signet::pkix {

/// The standard's name of an extension, a key purpose or an access method ("keyUsage",
/// "id-kp-clientAuth", "id-ad-ocsp"); empty for others.
std::string_view find_object_name(const asn1::Oid& id);
/// The same; for others its dotted numbers.
std::string object_name(const asn1::Oid& id);

}  // namespace signet::pkix
