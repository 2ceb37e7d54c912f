#pragma once

#include <variant>
#include <vector>

#include "base/result.h"
#include "codec/cmc/controls.h"

namespace signet::authority {

/// What became of one certification request that was not refused. (A refusal is an Error: one bad
/// request refuses its whole message, RFC 10002 §6.7.)
struct Issued {
  cmc::BodyPartID request;
  Bytes certificate_der;
  asn1::Integer serial_number;
  bool awaits_confirmation = false;  ///< its owner must say that it takes it (§6.14)
};
/// Its certificate, asked for or said to be taken, is out of force since: it is not handed out
/// again, nor told as taken. Other things of its message are.
struct Withdrawn {
  cmc::BodyPartID part;
  Error why;
};
/// It waits for an agent (§6.13).
struct Pending {
  cmc::BodyPartID request;
};
/// Its key must open a challenge first; nothing of the message is issued (RFC 10002 §6.7).
struct Challenged {
  cmc::BodyPartID request;
  cmc::EncryptedPOPParts encrypted_pop;
};
/// A certificate has the status that was asked for.
struct Revoked {
  cmc::BodyPartID control;
  asn1::Integer serial_number;
};
/// What was asked for: a certificate, or a CRL of each key of the authority; the other is empty.
/// Both are where another control of the message brings it already.
struct Found {
  cmc::BodyPartID control;
  Bytes certificate_der;
  std::vector<Bytes> crls_der;
};
/// It was said whether a certificate is taken.
struct Confirmed {
  cmc::BodyPartID control;
};
/// Certificates are published from here on, or no more.
struct Published {
  cmc::BodyPartID control;
};
using Outcome =
    std::variant<Issued, Withdrawn, Pending, Challenged, Revoked, Found, Confirmed, Published>;

}  // namespace signet::authority
