#pragma once

#include <memory>

#include "authority/assertions.h"
#include "authority/certificate_authority.h"
#include "authority/forwarding_account.h"
#include "proof/possession/possession.h"

// Messages that stand in the message of an agent who forwards them: a registration authority
// (RFC 10002 §6.17, §8).
namespace signet::authority {

/// What stands around a message that was forwarded.
struct Forwarding {
  std::shared_ptr<const proof::ProvenIdentity> agent;  ///< who signed the message right around it
  Assertions assertions;    ///< of all messages around it, as this one sees them
  cmc::BodyPartPath place;  ///< the way to it from the outermost message
  std::shared_ptr<ForwardingAccount> account;
};

/// A message that is answered by itself.
struct Forwarded {
  cmc::BodyPartID item;
  Inquiry inquiry;
};

/// Whether the sender may assert what the message asserts, and forward what it holds: an agent may.
/// Faults, naming the control: misplaced_control.
Result<void> check_may_assert(const proof::ProvenIdentity& identity,
                              const cmc::PkiRequest& message);

/// The requests of `message` whose possession an agent vouches for, who sent it or forwarded it
/// (RFC 10002 §6.8). Faults: possession_failed, where the rules do not take that; those of
/// proof::read_ra_witness.
Result<cmc::BodyPartList> vouched_for(const cmc::PkiRequest& message,
                                      const proof::ProvenIdentity& identity,
                                      const Asserted& asserted,
                                      const proof::PossessionRules& rules);

/// The messages in `message` that one of its controls, or one of those around it, is about, in
/// their order; the others are passed over. Empty: it forwards nothing. `assertions`: all of the
/// message's. A message that forwards does nothing else. Faults, naming the control: malformed (an
/// item that is not there, or twice in a batch), unsupported_message (other work beside),
/// too_large (more than a hundred, or three hundred in all layers), too_deep (messages in messages
/// in messages).
Result<std::vector<Forwarded>> find_forwarded(const cmc::PkiRequest& message,
                                              const Assertions& assertions, const Inquiry& inquiry,
                                              const proof::ProvenIdentity& identity);

}  // namespace signet::authority
