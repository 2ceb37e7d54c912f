#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace signet::dogtag {

/// A key id (CKA_ID) as Dogtag's tools write it: a signed number in hexadecimal, so that an id
/// whose first bit is set has a minus sign ("-3a5f…").
std::string key_id_text(ByteView key_id);
/// Reads that form, or plain octets after "0x"; 20 octets come out of the first.
/// Faults: bad_configuration.
Result<Bytes> read_key_id(std::string_view text);

}  // namespace signet::dogtag
