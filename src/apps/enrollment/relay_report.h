#pragma once

#include "apps/tool/report.h"
#include "client/read_relayed.h"

namespace signet::tool {

/// How an answer is kept for whoever asked.
enum class AnswerKept {
  as_it_came,
  encrypted,  ///< as the message was
  in_clear    ///< though the message was encrypted: whoever asked has no key for it
};

/// A message's file, and the one for its answer.
struct RelayPaths {
  std::string message;
  std::string answer;
  AnswerKept kept = AnswerKept::as_it_came;
};

/// Whether nobody has an answer, and nobody is granted anything.
bool refuses_all(const client::RelayedResponse& response);

/// What is told then: often it is the registration authority itself that is refused.
Failure refused_relay(const client::RelayedResponse& response);

/// What became of each message, in text or JSON, and what comes next; sets the exit status.
void tell_relayed(const client::RelayedResponse& response, const std::vector<RelayPaths>& paths,
                  Context& context);

}  // namespace signet::tool
