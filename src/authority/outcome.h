#pragma once

#include <variant>

#include "codec/cmc/controls.h"

namespace signet::authority {

/// What became of one certification request that was not refused. (A refusal is an Error: one bad
/// request refuses its whole message, RFC 10002 §6.7.)
struct Issued {
  cmc::BodyPartID request;
  Bytes certificate_der;
  asn1::Integer serial_number;
};
/// Its key must open a challenge first; nothing of the message is issued (RFC 10002 §6.7).
struct Challenged {
  cmc::BodyPartID request;
  cmc::EncryptedPOPParts encrypted_pop;
};
using Outcome = std::variant<Issued, Challenged>;

}  // namespace signet::authority
