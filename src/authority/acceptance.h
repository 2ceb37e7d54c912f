#pragma once

#include <map>
#include <vector>

#include "codec/cmc/pki_request.h"
#include "codec/cmc/told_status.h"

namespace signet::authority {

/// confirmCertAcceptance, as many as the message has, in their order.
std::vector<const cmc::TaggedAttribute*> confirmations_in(const cmc::PkiRequest& message);

/// Not taken, and no certificate is named: the transaction says which. By a failed status that is
/// not about a challenge, without requests, and a transactionId.
bool rejects_transaction(const cmc::PkiRequest& message);

/// What is said of a certificate that its owner must confirm (RFC 10002 §6.14).
enum class Acceptance { taken, rejected };

/// What the statuses of a message say of the certificates that its confirmCertAcceptance controls
/// name. Each is success or failed, and it is clear of what: it names such controls, or the message
/// as a whole (0); success may name other parts of the message too. popFailed is about a challenge,
/// and stands beside no certificate that is named.
class Acceptances {
 public:
  /// Faults: malformed, naming the status that is not clear.
  static Result<Acceptances> read(const cmc::PkiRequest& message);

  /// By the statuses that name this control, or the message as a whole: taken where there is none.
  /// Faults: malformed, naming the control and the statuses that contradict each other.
  [[nodiscard]] Result<Acceptance> of(cmc::BodyPartID control) const;

 private:
  struct Said {
    cmc::BodyPartList taking;  ///< the statuses that say so
    cmc::BodyPartList rejecting;
  };
  void note(const cmc::ToldStatus& told, cmc::BodyPartID part);
  [[nodiscard]] Said said_of(cmc::BodyPartID part) const;

  std::map<cmc::BodyPartID, Said> said_;
};

}  // namespace signet::authority
