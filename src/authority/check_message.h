#pragma once

#include <chrono>
#include <set>
#include <string>

#include "envelope/open_request.h"
#include "proof/identity/used_tolerances.h"

namespace signet::authority {

struct MessageRules {
  std::chrono::seconds signing_time_window;
  Time now;
  /// A control may bear the id of a request, as Dogtag's client numbers them
  /// ([compatibility] shared_body_part_ids).
  bool shared_body_part_ids = false;
  /// A message may come in no CMS layer at all ([compatibility] bare_revocation): whatever it asks,
  /// nobody signed it.
  bool bare_revocation = false;
  /// getCert and confirmCertAcceptance may name their issuers as Dogtag's client does
  /// ([compatibility] bare_names).
  bool bare_names = false;
  /// publishCert is acted on here.
  bool publishes = false;
  /// Controls that an agent says were acted on before (controlProcessed): these may be unknown.
  std::set<cmc::BodyPartID> processed = {};
};

/// That a control stands once, unless its kind is repeatable (AMB-26), and has one value (AMB-27).
/// `told_as`: "control regInfo"; `seen`: the types of those before it. Faults: duplicate_control,
/// malformed.
Result<void> check_single(const cmc::TaggedAttribute& control, const std::string& told_as,
                          std::set<asn1::Oid>& seen);

/// Whether an opened message holds together, before anything is done for it (RFC 10002 §3.2.1):
///   0. in a CMS layer: unsupported_message
///   1. body part ids unique and none 0: duplicate_body_part
///   2. each control known, in direction, single, with one value, offered here, and its issuer
///      named as the standard has it: unknown_control, misplaced_control, duplicate_control,
///      malformed, unsupported_control
///   3. no control about requests where there are none: misplaced_control
///   4. request types known: unsupported_request_type
///   5. the time of signing, where given, near now: stale_time
/// The error names the body parts it concerns. `used`: where the tolerances are noted without which
/// it would not hold, or not so far.
Result<void> check_message(const envelope::OpenedRequest& request, const MessageRules& rules,
                           proof::UsedTolerances& used);

}  // namespace signet::authority
