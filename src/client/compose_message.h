#pragma once

#include "client/build_request.h"
#include "proof/witness/identity_proof.h"

namespace signet::client {

/// A control as it is wanted; its id is given when the message is put together.
struct WantedControl {
  asn1::Oid type;
  Bytes value;  ///< whole TLV
};

/// Proof of identity by a shared secret (RFC 10002 §6.2). References live for the call only.
struct WantedIdentityProof {
  proof::SharedKnowledge known;
  /// Of identityProofV2; none: identityProof, version 1.
  std::optional<proof::IdentityProofAlgorithms> algorithms;
};

/// A message whose parts are chosen one by one. They are numbered from 1 in this order; a
/// CertReqMsg's certReqId stands, and the others pass over it.
struct MessageParts {
  std::vector<WantedControl> controls = {};
  std::vector<RequestItem> requests = {};
  std::vector<Bytes> tagged_requests = {};  ///< TaggedRequests that stand as they are
  std::vector<WantedControl> more_controls = {};
  std::optional<WantedIdentityProof> identity_proof = {};  ///< the last control
};
struct ComposedMessage {
  Bytes pki_data;                      ///< DER
  std::vector<Bytes> tagged_requests;  ///< reqSequence
};
/// Puts a PKIData together (RFC 10002 §3.2.1). What the controls mean is the caller's to know: this
/// is for tools that send just what they are told. Faults: malformed, duplicate_body_part.
Result<ComposedMessage> compose_message(const MessageParts& parts);

}  // namespace signet::client
