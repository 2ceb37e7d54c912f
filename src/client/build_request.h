#pragma once

#include <optional>
#include <string>
#include <vector>

#include "codec/cmc/controls.h"
#include "crypto/private_key.h"

namespace signet::client {

/// How the request is to show that its key is at hand.
enum class ShowPossession {
  by_signature,
  by_challenge,  ///< the key only decrypts: nothing is signed, a challenge will come (§6.7)
};

/// What is wanted in the certificate.
struct WantedCertificate {
  pkix::Name subject;
  pkix::GeneralNames subject_alt_names;
  pkix::Extensions extensions;  ///< besides SAN and SKI
  const crypto::PrivateKey& key;
  /// Value of popLinkWitnessV2, which ties the request to a shared secret (make_link_witness).
  std::optional<Bytes> link_witness = {};
  ShowPossession possession = ShowPossession::by_signature;
  /// Names in the place of subject and subject_alt_names, which are then those of the certificate
  /// that signs the message (changeSubjectName, RFC 10002 §7.1).
  std::optional<cmc::ChangeSubjectName> new_names = {};
};

enum class RequestForm { pkcs10, crmf };

/// A PKCS#10 (DER), with the SKI extension and what else is wanted. Signed by the key, or by
/// id-alg-noSignature (RFC 10002 §C.1). Faults: unsupported_algorithm, signing_failed.
Result<Bytes> make_certification_request(const WantedCertificate& wanted);
/// A CertReqMsg (DER, SEQUENCE tag) with popo.signature, or with challengeResp.
Result<Bytes> make_cert_req_msg(const WantedCertificate& wanted, cmc::BodyPartID id);

constexpr std::size_t kSenderNonceOctets = 32;  // RFC 10002 §6.6 gives no size
/// A random positive number of 127 bits.
Result<asn1::Integer> random_transaction_id(RandomSource& random);

/// What the client must remember to check the answer.
struct SentRequest {
  Bytes octets;  ///< the ContentInfo
  asn1::Integer transaction_id;
  Bytes sender_nonce;
  std::optional<Bytes> data_return;
  std::vector<cmc::BodyPartID> request_ids;
  std::vector<pkix::SubjectPublicKeyInfo> keys;  ///< of the requests, in order
  std::vector<Bytes> tagged_requests;            ///< TaggedRequest DER, in order
  std::optional<Bytes> link_random;              ///< what ties the requests to a shared secret
  /// Nothing but getCert and getCRL is asked: what comes is verified by itself, so that an answer
  /// without nonce will do too (RFC 10002 §6.9, §6.10).
  bool only_retrieves = false;
  /// What earlier answers of the transaction brought, where a later one brings the rest (partial):
  /// our certificates among these count as brought again.
  std::vector<pkix::Certificate> brought_before = {};
};

/// The next message of a transaction whose keys were challenged (RFC 10002 §6.7): the same requests
/// again, with the answers.
struct Continuation {
  const SentRequest& first;
  Bytes recipient_nonce;                   ///< the server's senderNonce
  Bytes request_id;                        ///< its responseInfo
  std::vector<cmc::DecryptedPOP> answers;  ///< empty: the challenge is not ours, and given up
};

/// A transaction that is under way (RFC 10002 §6.6): what its later messages repeat.
struct Ongoing {
  asn1::Integer transaction_id;
  Bytes recipient_nonce;  ///< the server's last senderNonce; empty when it is not known
};

/// A PKCS#10 or a CertReqMsg, DER.
struct RequestItem {
  RequestForm form = RequestForm::pkcs10;
  Bytes der;
};

struct FullRequestInput {
  std::vector<RequestItem> requests;  ///< not looked at in a continuation
  std::optional<Bytes> data_return;
  std::vector<cmc::TaggedAttribute> more_controls;  ///< ids are given anew
  const pkix::Certificate& signer;
  const crypto::PrivateKey& signer_key;
  std::vector<pkix::Certificate> chain;  ///< carried along besides the signer
  const Continuation* continues = nullptr;
  const Ongoing* within = nullptr;  ///< null: a transaction of its own
};
/// A Full PKI Request signed by an existing certificate: transactionId, senderNonce (32 random
/// octets), then the requests. Faults: malformed (an item), unsupported_algorithm, signing_failed.
Result<SentRequest> make_full_request(const FullRequestInput& input, RandomSource& random);

/// Somebody who has no certificate yet, and a shared secret in its place (RFC 10002 §6.2).
struct SecretHolder {
  std::string identification;  ///< UTF-8
  const SecretBytes& secret;   ///< UTF-8
};

/// What the key of popLinkWitnessV2 is made of.
enum class LinkKey {
  of_secret,                     ///< RFC 10002 §6.3.1.1
  of_secret_and_identification,  ///< Dogtag's rule (AMB-2)
};
/// popLinkRandom: 64 octets (RFC 10002 §6.3.1.1).
Result<Bytes> make_link_random(RandomSource& random);
/// The witness of this random for WantedCertificate::link_witness.
Result<Bytes> make_link_witness(const SecretHolder& holder, ByteView link_random, LinkKey key);

struct SecretRequestInput {
  std::vector<RequestItem> requests;
  std::optional<Bytes> data_return;
  std::vector<cmc::TaggedAttribute> more_controls;
  const crypto::PrivateKey& key;  ///< of one of the requests, which asks for an SKI
  SecretHolder holder;
  std::optional<Bytes> link_random;  ///< what the witnesses in the requests were made from
  /// An AuthenticatedData around the message (§3.2) instead of a signature and identityProofV2.
  bool in_authenticated_data = false;
  /// by_challenge: the key does not sign the message either (id-alg-noSignature).
  ShowPossession possession = ShowPossession::by_signature;
  const Continuation* continues = nullptr;
  const Ongoing* within = nullptr;
  /// Asks by authData (§6.16), under the same secret, what is to be trusted:
  /// read_response_by_secret.
  bool wants_anchors = false;
};
/// A Full PKI Request signed by the key that it wants certified, with identification and
/// identityProofV2 (SHA-256, HMAC-SHA256); or the same in an AuthenticatedData. A challenge that is
/// given up goes in an AuthenticatedData always.
/// Faults: as make_full_request.
Result<SentRequest> make_secret_request(const SecretRequestInput& input, RandomSource& random);

struct UnprovenRequestInput {
  std::vector<RequestItem> requests;
  std::vector<cmc::TaggedAttribute> more_controls;
  const crypto::PrivateKey& key;  ///< of one of the requests, which asks for an SKI
  /// by_challenge: the key does not sign the message either (id-alg-noSignature).
  ShowPossession possession = ShowPossession::by_signature;
  const Continuation* continues = nullptr;  ///< with answers: nobody proves a mere giving up
};
/// A Full PKI Request signed by the key that it wants certified, for a registration authority that
/// has seen who asks (raIdentityWitness, RFC 10002 §6.20): nothing in it says so.
/// Faults: as make_full_request.
Result<SentRequest> make_unproven_request(const UnprovenRequestInput& input, RandomSource& random);

}  // namespace signet::client
