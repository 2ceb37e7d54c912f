#include "apps/exchange/second_round.h"

namespace signet::tool {

Result<SecondRound> answer_challenges(const client::CheckedResponse& checked,
                                      const client::SentRequest& sent,
                                      const crypto::PrivateKey& key, const Requester& requester,
                                      RandomSource& random) {
  client::Continuation continues{sent, checked.sender_nonce, checked.request_id, {}};
  SecondRound second;
  for (const auto& challenge : checked.challenges) {
    auto answer = client::answer_challenge(challenge, sent, key, random);
    if (answer.ok()) {
      continues.answers.push_back(std::move(answer).value());
      continue;
    }
    const bool can_give_up = requester.signer || requester.secret;
    if (answer.error().fault != Fault::possession_failed || !can_give_up) return answer.error();
    continues.answers.clear();
    second.given_up = std::move(answer).error();
    break;
  }
  second.outgoing = TRY(build_next(continues, key, requester, random));
  return second;
}

}  // namespace signet::tool
