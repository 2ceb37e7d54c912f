#pragma once

#include "client/promote_unsigned_data.h"
#include "client/seal_message.h"

namespace signet::client {

/// What a registration authority (RA) says of one client's message, and wants changed in what its
/// certification requests ask for. Nothing, as it stands.
struct RaAssertions {
  /// raIdentityWitness (RFC 10002 §6.20): the RA saw who asks, and that identity and keys belong
  /// together; also in the place of identity proofs in the message.
  bool saw_identity = false;
  /// lraPOPWitness (§6.8): the RA saw that the keys of all requests are held.
  bool saw_possession = false;
  /// modCertTemplate (§6.5.1): these in the place of the requests' own, where there are any.
  std::optional<pkix::Name> subject = {};
  pkix::GeneralNames subject_alt_names = {};
  std::vector<asn1::Oid> left_out = {};  ///< extensions that the requests ask for in vain
  /// addExtensions (§6.5.2): these in the place of the requests' own.
  pkix::Extensions added = {};

  [[nodiscard]] bool concern_requests() const;
  [[nodiscard]] bool any() const { return saw_identity || concern_requests(); }
};

/// A client's message on its way through the RA, taken apart once.
struct RelayableMessage {
  cms::ContentInfo content_info = {};  ///< without its CMCUnsignedData
  std::vector<cmc::CMCUnsignedData> unsigned_data = {};
  // What the RA's controls speak of; nothing of what is encrypted.
  std::vector<cmc::BodyPartID> requests = {};           ///< PKCS#10 and CRMF
  std::vector<cmc::BodyPartID> identity_controls = {};  ///< identityProof and identityProofV2
  std::optional<Bytes> sender_nonce = {};
  RaAssertions assertions = {};
};
/// `message`: a ContentInfo with a Full PKI Request, or an encrypted one.
/// Faults: unsupported_message for what is no Full PKI Request, and where something is said of an
/// encrypted message, or of the requests of one that has none; malformed.
Result<RelayableMessage> read_relayable(ByteView message, RaAssertions said);

/// One message in what was sent.
struct RelayedItem {
  cmc::BodyPartID id;                 ///< in cmsSequence
  std::optional<Bytes> sender_nonce;  ///< of the client; none where it has none or is encrypted
};
struct SentRelay {
  SentRequest sent;                ///< no certification request is of its own
  std::vector<RelayedItem> items;  ///< in the order given
  bool asks_for_rest = false;      ///< items are those of an earlier one that have no answer yet
};

/// Wraps the messages of clients into one of the RA's (RFC 10002 §8): each stands in cmsSequence as
/// it came, listed in batchRequests (§6.17), with what the RA says of it. CMCUnsignedData alone is
/// moved, from a client's unsigned attributes to the RA's (§3.2.3).
/// Faults: those of make_full_request.
Result<SentRelay> make_relay(std::vector<RelayableMessage> messages, const MessageSigner& signer,
                             RandomSource& random);

}  // namespace signet::client
