#pragma once

#include "authority/audit_trail.h"

namespace signet::authority {

/// Wrong answers that are counted along with the refusal they bring.
struct WrongAnswers {
  std::optional<store::TokenFailure> proof;
  std::optional<store::ChallengeChange> challenge;
};

/// What deciding leaves behind beside its result.
struct Traces {
  AuditTrail& trail;
  WrongAnswers& wrong;
};

}  // namespace signet::authority
