#pragma once

#include <vector>

#include "codec/cmc/pki_request.h"

namespace signet::authority {

/// Dogtag's CRMFPopClient up to 11 writes the subjectKeyIdentifier of a template as its bare 20
/// octets, without the OCTET STRING around them (dogtag/clients.md §1.8). Puts the OCTET STRING
/// there, in the values that were read; the octets as received, over which everything is proven,
/// stay. Each request that needed it is noted ([compatibility] raw_key_identifier).
void wrap_raw_key_identifiers(cmc::PkiRequest& message, proof::UsedTolerances& used);

}  // namespace signet::authority
