#pragma once

#include <variant>
#include <vector>

#include "base/result.h"
#include "codec/cmc/controls.h"

namespace signet::authority {

// What one part of a message came to that was not refused: a certification request (Issued,
// Withdrawn, Pending, Challenged) or a control. A refusal is an Error: one bad request refuses its
// whole message (RFC 10002 §6.7).

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
struct FoundCertificate {
  cmc::BodyPartID control;
  Bytes certificate_der;
};
/// Where none is named, a CRL of each key of the authority.
struct FoundCrls {
  cmc::BodyPartID control;
  std::vector<Bytes> crls_der;
};
/// Another control of the message brings it already.
struct SentAlready {
  cmc::BodyPartID control;
};
/// It was said whether a certificate is taken.
struct Confirmed {
  cmc::BodyPartID control;
};
/// Certificates are published from here on, or no more.
struct Published {
  cmc::BodyPartID control;
};
using Outcome = std::variant<Issued, Withdrawn, Pending, Challenged, Revoked, FoundCertificate,
                             FoundCrls, SentAlready, Confirmed, Published>;

}  // namespace signet::authority
