#pragma once

#include <string>

#include "apps/tool/report.h"
#include "codec/cmc/status.h"
#include "codec/pkix/certificate.h"

namespace signet::tool {

/// A request that is answered later, or whose rest is: what asks for it (RFC 10002 §6.13).
struct PendingAnswer {
  cmc::PendInfo pend_info;
  Bytes sender_nonce;            ///< the server's last one; empty when it sent none
  bool has_certificate = false;  ///< the certificate has come, and only the rest is waited for
  /// That one and its issuers, nearest first: a run may be broken off before it writes them where
  /// they go. Empty in a file of a time that did not keep them.
  std::vector<pkix::Certificate> certificates = {};
};

/// Why it is not answered yet.
enum class WaitsFor {
  decision,   ///< a person decides (status pending)
  authority,  ///< the authority says the rest later (partial)
};
/// What asks again.
enum class AskAgain {
  by_poll,      ///< `signet poll`
  by_next_run,  ///< the same command, when it is run again
};

/// That no earlier request waits where another one's files go, which would take the place of what
/// asks for it. Faults: already_exists.
Result<void> check_nothing_waits(const std::string& path);
/// Keeps it as a small JSON file; nothing when `path` is empty. Faults: as files::write_file.
Result<void> keep_pending(const PendingAnswer& pending, const std::string& path);
/// {"pend_token":"…","ask_after":"…"}
Json to_json(const cmc::PendInfo& pend_info);
/// "Ask from … on …": what asks for what is kept in the file `path`.
std::string how_to_poll(const cmc::PendInfo& pend_info, const std::string& path);

/// How what waits is told.
struct PendingNews {
  const std::string& path;  ///< of the file that keep_pending made
  WaitsFor waits_for = WaitsFor::decision;
  AskAgain next = AskAgain::by_poll;
  std::ostream& out;  ///< for what asks again; what comes next goes to the context's `err`
};
/// Tells, as text, what waits and what comes next.
void print_pending(const cmc::PendInfo& pend_info, const PendingNews& news, Context& context);

/// Faults: as files::read_file; malformed.
Result<PendingAnswer> read_pending_file(const std::string& path);

/// It was granted: nothing waits there any more. Faults: storage_failed.
Result<void> forget_pending(const std::string& path);

}  // namespace signet::tool
