#include "authority/waiting_bound.h"

#include "authority/unsigned_message.h"
#include "codec/cmc/controls.h"

namespace signet::authority {
namespace {

bool has_bound(const Attempt& attempt) {
  const bool is_agents = attempt.asker.identity.role() == proof::Role::agent ||
                         attempt.asserted.by_forwarder || attempt.approved != nullptr;
  return !is_agents && attempt.asker.parts.settings.most_waiting != 0;
}

/// Whoever saw a message that a secret proves may take its signature off and send it again and
/// again: that fills one half, and who signs, or MACs, has the other.
std::size_t most_waiting(const Asker& asker) {
  const auto most = asker.parts.settings.most_waiting;
  return is_covered(asker) ? most : (most + 1) / 2;
}

/// Its challenge stays open until the request is decided.
bool answers_challenge(const cmc::PkiRequest& message) {
  return !cmc::find_controls(cmc::controls_of(message), cmc::oid::kDecryptedPOP).empty();
}

Error too_many(std::size_t most, bool is_covered) {
  return {Fault::not_allowed,
          "this requester has " + std::to_string(most) +
              " requests that wait for an agent or for the answer to a challenge, and may have no "
              "more" +
              (is_covered ? ""
                          : " in messages that nobody signed (one that is signed, or in an "
                            "AuthenticatedData, may wait)") +
              ": poll (queryPending) until an agent decided on one, answer a challenge, or let "
              "one expire; then send this message again"};
}

}  // namespace

Result<void> check_may_wait(const Attempt& attempt) {
  if (!has_bound(attempt)) return {};
  const auto& [parts, request, identity, now, trail] = attempt.asker;
  const auto most = most_waiting(attempt.asker);
  const std::size_t room = most + (answers_challenge(request.message()) ? 1 : 0);
  const auto waiting = TRY(parts.life.count_waiting(identity.requester_hash(), now, room));
  if (waiting < room) return {};
  return too_many(most, is_covered(attempt.asker));
}

}  // namespace signet::authority
