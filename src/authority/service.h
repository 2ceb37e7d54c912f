#pragma once

#include <functional>
#include <memory>

#include "authority/certificate_authority.h"

namespace signet::authority {

/// Of long answers, from when they are decided until they were sent (Answer::room): of all, and of
/// one client that has another one (Inquiry::client). One more is not given: its message is
/// refused, to come again, and nothing of it is kept, but for what the messages in it were granted.
struct LongAnswerLimits {
  std::size_t most_octets = std::size_t{128} << 20;
  std::size_t most_octets_of_one = most_octets / 2;
};

/// Joins authority and committer: decides, makes durable, resolves conflicts, then delivers. Safe
/// for many threads. What must be decided a second time is decided on a thread of the service's
/// own, since that may ask a directory, sign, or wait for an intent to become durable, and
/// meanwhile the committer has others to serve (docs/adr/001). What takes time for somebody who is
/// not known yet is decided on another one, one after the other, and on a third one messages that
/// came in another's, before that one is answered.
class Service {
 public:
  using Deliver = std::function<void(Answer)>;
  /// `status_changed`: called on the committer's thread whenever certificates were revoked, held or
  /// released, once that is durable; it must not block. `publication_due`: likewise, whenever a
  /// directory is to be told of something. The authority, the committer and the log outlive it.
  Service(CertificateAuthority& authority, store::Committer& committer, Log& log,
          std::function<void()> status_changed = {}, std::function<void()> publication_due = {},
          LongAnswerLimits long_answers = {});
  /// Waits until what is under way was delivered.
  ~Service();

  /// Decides on the calling thread, but for what takes time (Inquiry::may_take_time). `deliver` is
  /// called exactly once, on the committer's thread, when the answer may leave (its `commit` is
  /// empty by then); it must not block. On a conflict the message is decided again, at most twice
  /// (kTries).
  void respond(Inquiry inquiry, Deliver deliver);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace signet::authority
