#pragma once

#include <optional>
#include <vector>

#include "codec/cmc/pki_request.h"
#include "proof/identity/identity.h"

namespace signet::authority {

/// What the authData of a message brings (RFC 10002 §6.16).
struct AuthData {
  cmc::BodyPartID control;                     ///< the authData itself
  std::vector<cmc::TaggedAttribute> controls;  ///< under its MAC, numbered in a layer of their own
  SecretBytes password;                        ///< of that MAC: identification || secret
};

/// Takes an AuthenticatedData of cmsSequence off, which the message names by authData, and gives
/// its controls once its MAC has verified. None where the message has no such control.
///
/// The secret is the one that proved who sends the message: what is authenticated beside a message
/// says nothing of the message, so it makes nobody an identity, and gives none to a message that
/// another one sent. Of its controls
///   - identification, transactionId, senderNonce must be those of the message
///   - regInfo is taken as the message's own
///   - whatever else stands there is refused, and so are requests and messages
/// `may_take_time`: whether a key may be derived now (at most twice what ours costs).
/// Faults, naming the control: dangling_reference (no such item); malformed (no AuthenticatedData
/// over a PKIData); auth_data_failed (no secret proved who sends the message, the MAC does not
/// verify, or what it covers is of another message); unsupported_message, unsupported_control,
/// unknown_control, misplaced_control, duplicate_control, duplicate_body_part (what it holds);
/// those of envelope::verify_mac; takes_time.
Result<std::optional<AuthData>> open_auth_data(const cmc::PkiRequest& message,
                                               const proof::ProvenIdentity& identity,
                                               bool may_take_time);

}  // namespace signet::authority
