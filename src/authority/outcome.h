#pragma once

#include <variant>

#include "codec/cmc/body_part.h"
#include "codec/pkix/certificate.h"

namespace signet::authority {

/// What became of one certification request that was not refused. (A refusal is an Error: one bad
/// request refuses its whole message, RFC 10002 §6.7.)
struct Issued {
  cmc::BodyPartID request;
  Bytes certificate_der;
  asn1::Integer serial_number;
};
using Outcome = std::variant<Issued>;

}  // namespace signet::authority
