#pragma once

#include <string>

#include "apps/tool/context.h"
#include "codec/cmc/status.h"

namespace signet::tool {

/// A request that waits for a decision: what asks for it again (RFC 10002 §6.13).
struct PendingAnswer {
  cmc::PendInfo pend_info;
  Bytes sender_nonce;  ///< the server's last one; empty when it sent none
};

/// What asks again.
enum class AskAgain {
  by_poll,      ///< `signet poll`
  by_next_run,  ///< the same command, when it is run again
};

/// Keeps it as a small JSON file (nothing when `path` is empty) and tells what comes next. Exit
/// status 3. Faults: as files::write_file.
Result<void> tell_pending(const PendingAnswer& pending, const std::string& path, AskAgain next,
                          Context& context);

/// Faults: as files::read_file; malformed.
Result<PendingAnswer> read_pending_file(const std::string& path);

/// It was granted: nothing waits there any more. Faults: storage_failed.
Result<void> forget_pending(const std::string& path);

}  // namespace signet::tool
