#pragma once

#include <optional>

#include "base/result.h"
#include "codec/cmc/pki_request.h"
#include "codec/cmc/status.h"

namespace signet::authority {

/// What the peer is told for a fault (cmc-digest §8): failed with a CMCFailInfo, or noSupport
/// alone.
struct RefusalStatus {
  cmc::CMCStatus status = cmc::CMCStatus::failed;
  std::optional<cmc::CMCFailInfo> fail_info;
};

/// The one place that maps our fault words to the standard's.
RefusalStatus refusal_status(Fault fault);

/// Whether it is the authority that failed, not the message: its operator is to look.
bool is_our_failure(Fault fault);
/// Whether the same may be done by and by, with nothing changed but the time.
bool may_pass_by_itself(Fault fault);

/// The same with a detail, and what is confidential beside it, of two kibibytes at most: both may
/// quote what a stranger sent, and are kept and sent several times over.
Error in_short(Error why);

/// The same, where a control's value cannot be read, beginning with the control's name: what a
/// decoder tells is of octets.
Error naming_its_control(Error why, const cmc::PkiRequest& message);

/// What the peer may read: the detail, but nothing of our own inside.
std::string refusal_text(const Error& error);
/// The same of a message in which others stand, or may: each of them is granted by itself, perhaps
/// before the answer around them failed.
std::string refusal_text_around_others(const Error& error);

}  // namespace signet::authority
