#pragma once

#include "authority/asker.h"
#include "authority/assertions.h"
#include "authority/granted.h"
#include "authority/received_message.h"

namespace signet::authority {

/// A message that asks for something, as a retry of it will be known, and what is on record of one
/// that was known so.
struct Recalled {
  store::AnsweredRequest asked;
  store::Seen seen;
};

/// A message of this requester's, as a retry of it will be known.
store::AnsweredRequest request_record(const ReceivedMessage& received, Bytes requester_hash);

/// A message is a retry while what it was granted stands: under the same profile, its challenge
/// open, its certificates not ended, what it revoked still so. After that, the same octets are
/// refused where they hold a senderNonce; where they do not (Dogtag's clients, a bare PKCS#10),
/// nothing can tell another request from a retry but time: they are a new request, and after
/// Settings::retry_window too. Such a request is known by the digest of the earlier one's digest.
/// Faults: replayed; storage_failed.
Result<Recalled> recall(const Asker& asker, const ReceivedMessage& received);

/// What the very message was granted when it came before, from the same requester; none when it did
/// not. `asserted`: by agents, of the message. Faults: not_allowed (all withdrawn since); those of
/// reading it from the store.
Result<std::optional<Granted>> find_earlier(const Asker& asker, const Recalled& recalled,
                                            const Asserted& asserted);

}  // namespace signet::authority
