#pragma once

#include <functional>

#include "proof/trust/trust.h"
#include "support/test_authority.h"

namespace signet::test {

/// What a client does with a server, and what came of it.
struct Outcome {
  authority::Answer answer = {};                    ///< of a message: kind and octets
  std::optional<store::PendingState> decided = {};  ///< of an agent's decision
  Told told = {};                                   ///< the answer, read: by whoever performs
};
using Operation = std::function<Outcome(TestAuthority&)>;
/// Whether the outcome grants what was asked for, as far as this operation goes.
using Granted = std::function<bool(const Outcome&)>;

/// Has the operation done, whatever happens to servers meanwhile: asks again until it is granted.
/// None when it is not.
using Perform = std::function<std::optional<Outcome>(const Operation&, const Granted&)>;

/// One way to get what an authority gives, from the first message to the last.
struct Exchange {
  std::string name;
  std::size_t certificates = 1;         ///< that it brings
  TestAuthority::Choices choices = {};  ///< of the authority
  /// False when an operation was not granted: then it may be tried anew from the start.
  std::function<bool(const Estate&, const Perform&)> walk;
  /// What is done anew where a wrong clock spoiled the first: by another secret, if that is used
  /// up; else the same.
  std::function<bool(const Estate&, const Perform&)> walk_anew = walk;
};

/// User-signed enrollment, shared secret, encrypted POP, renewal, revocation, approval,
/// confirmation, what an agent forwards.
std::vector<Exchange> all_exchanges();

/// What a server needs to know for the exchanges by shared secret.
std::shared_ptr<FakeSecretSource> known_secrets();

}  // namespace signet::test
