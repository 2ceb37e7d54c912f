#pragma once

#include "apps/enrollment/relay_files.h"
#include "apps/tool/report.h"
#include "client/read_relayed.h"

namespace signet::tool {

/// Whether nobody has an answer, and nobody is granted anything.
bool refuses_all(const client::RelayedResponse& response);

/// What is told then: often it is the registration authority itself that is refused.
Failure refused_relay(const client::RelayedResponse& response);

/// What asks for the answers that come later, and the file that keeps it.
struct RestKept {
  cmc::PendInfo pend_info;
  const std::string& file;
};
/// What became of each message, in text or JSON, and what comes next; sets the exit status. `rest`
/// null: nothing can be asked for.
void tell_relayed(const client::RelayedResponse& response, const std::vector<RelayPaths>& paths,
                  const RestKept* rest, Context& context);

}  // namespace signet::tool
