#pragma once

#include "apps/inspect/inspect_parts.h"
#include "codec/asn1/oid.h"

namespace signet::tool {

/// The value of a CMC control, or of a CMC attribute in a request, decoded by its type
/// (RFC 10002 §6, §7). RevokeRequest.sharedSecret is never in it. Values of types that RFC 10002
/// does not define are shown by asn1_tree, without strings.
AnnotatedTree control_value_tree(const asn1::Oid& type, ByteView value, const Scope& scope = {});

}  // namespace signet::tool
