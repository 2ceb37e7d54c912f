#pragma once

#include "apps/dogtag/request_settings.h"
#include "client/compose_message.h"

namespace signet::dogtag {

/// What the message is about, for the controls that depend on it.
struct ControlScene {
  const RequestSettings& settings;
  Bytes link_random;       ///< empty: no popLinkRandom
  const Bytes* first_key;  ///< subjectPublicKey of the first request; null when there is none
  RandomSource& random;
};

/// The controls before the requests, in Dogtag's order: confirmCertAcceptance, lraPOPWitness,
/// getCert, dataReturn, senderNonce, regInfo, queryPending, popLinkRandom. Faults: internal.
Result<std::vector<client::WantedControl>> leading_controls(const ControlScene& scene);
/// Those after the requests: transactionId, identification. Faults: internal.
Result<std::vector<client::WantedControl>> following_controls(const ControlScene& scene);

/// identification alone, where it is asked for.
void add_identification(const RequestSettings& settings,
                        std::vector<client::WantedControl>& controls);
/// A fresh nonce, or the text that is given. Faults: internal.
Result<Bytes> make_sender_nonce(std::string_view text, RandomSource& random);

}  // namespace signet::dogtag
