#pragma once

#include "authority/audit_trail.h"
#include "authority/decision.h"

namespace signet::authority {

/// What is known of a message that forwards others, while those are answered.
struct ForwardedBatch {
  ReceivedMessage received;
  Decision decision;
  AuditTrail trail;
};

}  // namespace signet::authority
