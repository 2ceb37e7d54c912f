#pragma once

#include "client/anchors_by_secret.h"
#include "codec/cmc/status.h"
#include "proof/trust/trust.h"

namespace signet::client {

/// One status of the answer, as a person would want it.
struct Verdict {
  cmc::CMCStatus status = cmc::CMCStatus::success;
  std::vector<cmc::BodyPartReference> body_list;
  std::optional<cmc::CMCFailInfo> fail_info;
  std::string text;
  std::optional<cmc::PendInfo> pend_info = {};  ///< of status pending: what to ask with, and when
};

/// An answer that was checked. Made by who checks it alone: read_response, read_response_by_secret.
struct CheckedResponse {
  bool simple = false;
  std::vector<Verdict> verdicts;  ///< empty in a Simple response: success
  /// For each request sent, in order: its certificate, found by its public key; none when refused.
  std::vector<std::optional<pkix::Certificate>> certificates;
  std::vector<pkix::Certificate> chain;  ///< the other certificates of the answer, untrusted hints
  /// Keys that must prove themselves first (RFC 10002 §6.7), the request id for the answers
  /// (responseInfo), and the server's senderNonce. All of an authenticated answer.
  std::vector<cmc::EncryptedPOP> challenges = {};
  Bytes request_id = {};
  Bytes sender_nonce = {};
  std::vector<pkix::CertificateList> crls = {};  ///< CRLs around the answer, not verified
  /// Messages in the authority's answer to our message, none of them looked at, and which of them
  /// answer those of a batch (batchResponses, §6.17). A registration authority's own are not here.
  std::vector<cmc::TaggedContentInfo> cms_sequence = {};
  std::optional<cmc::BodyPartList> batch_responses = {};
  /// What a signed answer says of trust anchors (§6.15), or why that is not to be believed; none
  /// where it says nothing.
  std::optional<Result<PublishedAnchors>> published_anchors = {};
  /// The same of authData (§6.16), where it is known whose shared secret the request went under.
  std::optional<Result<PublishedAnchors>> anchors_by_secret = {};
  /// All that was asked for is granted, and nothing more is to be said.
  [[nodiscard]] bool success() const;
  /// All that was asked for is granted, once we say that we take it (confirmRequired, §6.14).
  [[nodiscard]] bool must_confirm() const;
  /// What is to be asked for later; none when nothing is. A certificate may be there all the same,
  /// where only the rest is.
  [[nodiscard]] std::optional<cmc::PendInfo> pending() const;

 private:
  friend class ResponseReader;  // read_response.cpp
  CheckedResponse() = default;
};

/// Reads and checks an answer (RFC 10002 §4, §6.6): signature of a Full response by the issuing CA
/// or a certificate with id-kp-cmcCA, on a path to `trust` (S19); transactionId, recipientNonce
/// equal to what was sent; each certificate has the key that was asked for and is on a path to
/// `trust`. A self-signed certificate in the answer is never trusted for being there (E52, E58).
/// A Simple response answers a Simple request, or a message of getCert and getCRL alone: nothing
/// ties it to the message, so whoever looks at what it brought verifies that by itself.
/// `holder`: whose shared secret the request went under, where it did. An answer in an
/// AuthenticatedData must be MACed under that very secret (§3.2), which then says who answers; its
/// certificates are checked as ever.
/// A responseBody (§6.21) names answers that stand in this one, four deep at most: each is verified
/// as this one is, and what it says and brings counts as what this one says. Around them a
/// certificate with id-kp-cmcRA may sign too: a registration authority, which grants nothing
/// itself. A certificate that is granted is tied to us by its key; where none was asked for, nor
/// only something to be verified by itself, one of the authority's own answers must bear our
/// transactionId and nonce too.
/// Faults: malformed, bad_signature, mac_mismatch, untrusted_signer, replayed (nonce or transaction
/// of another exchange), possession_failed (no certificate for our key though the
/// answer says success), misplaced_control (raIdentityWitness); of responseBody too_large,
/// too_deep.
Result<CheckedResponse> read_response(ByteView octets, const SentRequest& sent,
                                      const proof::Trust& trust, Time now,
                                      const std::optional<SecretHolder>& holder = {});

/// An answer to who trusted nobody before, and what it says is to be trusted.
struct ResponseBySecret {
  PublishedAnchors anchors;
  proof::Trust trust;  ///< of these
  CheckedResponse checked;
};
/// Reads and checks an answer where nothing is known but a shared secret: what it says of trust
/// anchors under the MAC (authData, find_anchors_by_secret), then the whole of it by these. Faults:
/// those of demand_anchors_by_secret and read_response.
Result<ResponseBySecret> read_response_by_secret(ByteView octets, const SecretChecks& checks);

}  // namespace signet::client
