#pragma once

#include <atomic>
#include <mutex>
#include <vector>

#include "authority/anchor_announcement.h"
#include "authority/exchange.h"
#include "authority/outcome.h"
#include "authority/refusal.h"
#include "authority/response_signer.h"
#include "base/clock.h"
#include "codec/cmc/pki_request.h"
#include "codec/cmc/status.h"
#include "issuance/issuer.h"
#include "store/records.h"

namespace signet::authority {

/// Who is answered. References live for the call only.
struct Addressee {
  const cmc::PkiRequest& request;
  /// The request came in an AuthenticatedData made with this password (RFC 10002 §3.2), and so does
  /// the answer; null: the answer is signed.
  const SecretBytes* password = nullptr;
  /// It asks, by authData under this password, what it may trust (§6.16); null: it does not.
  const SecretBytes* anchors_under = nullptr;
  /// The request came encrypted: only a SignedData with content goes back that way.
  bool is_encrypted = false;
};

/// Whether certificates and CRLs alone say all that a success has to say, in a Simple PKI Response:
/// to a Simple request; to a getCert or getCRL that is the only control of its message, signed and
/// in clear (RFC 10002 §6.9, §6.10).
bool is_answered_simply(const Addressee& to);

/// The answer to a message that was forwarded.
struct ForwardedAnswer {
  cmc::BodyPartID item;               ///< that of the message among those forwarded
  Bytes octets;                       ///< a ContentInfo; empty: none could be made
  std::optional<Error> refusal = {};  ///< why none could be made
};

/// What stands around a PKIResponse, DER.
struct Enclosed {
  std::vector<Bytes> certificates;
  std::vector<Bytes> crls;
};

/// What a SignedData holds. References live for the call only.
struct ContentToSign {
  const asn1::Oid& type;
  ByteView content;
  Enclosed enclosed;
  std::optional<Time> signing_time = {};
};

/// Writes responses, signed by the authority's own key or by one to which it delegated that
/// (RFC 10002 §4, §9.1).
class ResponseWriter {
 public:
  /// References outlive the writer.
  struct Parts {
    const issuance::Issuer& issuer;
    pkix::AlgorithmIdentifier algorithm;  ///< what the authority's own key signs responses with
    std::vector<Bytes> chain;             ///< certificates that go along with each response, DER
    Bytes announcement;           ///< PublishTrustAnchors of each signed Full response; empty: none
    AnchorSet anchors_by_secret;  ///< what is told to who asks for it under a secret
    const Clock& clock;
    RandomSource& random;
  };
  explicit ResponseWriter(Parts parts) : parts_(std::move(parts)) {}

  /// Signs what is written from here on; null: the authority's own key does. Safe for many threads.
  void delegate_to(std::shared_ptr<const ResponseSigner> signer);

  /// Before anything is signed that an answer is to bring: whether the answer can be. Asked of the
  /// key only where it was away the last time, by a signature that nobody sees. Faults: those of
  /// signing.
  [[nodiscard]] Result<void> check_can_sign() const;

  /// The answer to a message whose requests were all granted: certs-only where it is answered
  /// simply, else a PKIResponse with status success; confirmRequired when a certificate awaits it.
  /// What is Withdrawn is told in a second status, failed.
  /// Faults: signing_failed, internal.
  [[nodiscard]] Result<Bytes> write_success(const Addressee& to,
                                            const std::vector<Outcome>& outcomes) const;

  /// The answer to a message of whose keys some must open a challenge first: encryptedPOP for each,
  /// status failed with popRequired (AMB-6), the request id in responseInfo. In Dogtag's form the
  /// status is popRequired. Faults: signing_failed, internal.
  [[nodiscard]] Result<Bytes> write_challenge(const Addressee& to,
                                              const std::vector<Outcome>& outcomes,
                                              const store::PendingChallenge& challenge) const;

  /// The answer to a message that waits for an agent: status pending with pendInfo.
  /// Faults: signing_failed, internal.
  [[nodiscard]] Result<Bytes> write_pending(const Addressee& to,
                                            const std::vector<Outcome>& outcomes,
                                            const cmc::PendInfo& pend_info) const;

  /// The answer to a message that forwarded others: theirs in cmsSequence, each under the id of its
  /// message and listed in batchResponses (RFC 10002 §6.17); status success for those, failed for
  /// those without. Faults: malformed, signing_failed, internal.
  [[nodiscard]] Result<Bytes> write_batch(const Addressee& to,
                                          const std::vector<ForwardedAnswer>& answers) const;

  /// A PKIResponse that refuses: the error's body parts and every request of the message, as none
  /// was granted, in one status, or in two (refusal_statuses). `request` is null when it could not
  /// be read; what of it could is in `exchange`.
  [[nodiscard]] Result<Bytes> write_refusal(const cmc::PkiRequest* request,
                                            const Exchange& exchange, const Error& error) const;

  /// A signature around an encrypted response. Faults: malformed, signing_failed.
  [[nodiscard]] Result<Bytes> sign_around(ByteView encrypted) const;

  /// RFC 10002 §3.2.1.3.4: the answer of an authority that cannot sign (AMB-15).
  [[nodiscard]] static Bytes write_unable();

 private:
  [[nodiscard]] Result<Bytes> seal_for(const Addressee& to, cmc::PKIResponse response,
                                       Enclosed enclosed) const;
  [[nodiscard]] Result<Bytes> seal(cmc::PKIResponse response, Enclosed enclosed,
                                   const SecretBytes* password) const;
  [[nodiscard]] Result<void> add_anchors_by_secret(const Addressee& to, cmc::PKIResponse& response,
                                                   Enclosed& enclosed) const;
  [[nodiscard]] Result<Bytes> sign(ContentToSign content) const;
  /// `challenge`: the one that the response brings, to which its nonce leads back.
  [[nodiscard]] Result<void> add_exchange(cmc::PKIResponse& response, const Exchange& exchange,
                                          const store::PendingChallenge* challenge = nullptr) const;

  [[nodiscard]] std::shared_ptr<const ResponseSigner> delegate() const;

  Parts parts_;
  mutable std::mutex mutex_;  ///< of delegate_, the pointer alone
  std::shared_ptr<const ResponseSigner> delegate_;
  mutable std::atomic<bool> was_away_ = false;  ///< the key, when it was to sign last
};

}  // namespace signet::authority
