#include "adapters/postgres/own_session.h"

namespace signet::postgres {
namespace {

// Unlike what every session sets when it is opened (connection.cpp).
constexpr const char* kLeaveMark = "SET lock_timeout = '14999ms'";
constexpr Statement kMark{"mark", "SELECT current_setting('lock_timeout')"};

Error not_kept() {
  return {Fault::bad_configuration,
          "what is set for a session of the store's database does not stay with it: " +
              std::string(kPoolerMustKeepSessions)};
}

}  // namespace

/// The other session, when it opens, is given the server session that was free last: if that is
/// this one's, the mark is gone. Twice, since a pooler may have several that are free.
Result<void> demand_own_session(Connection& session, const std::string& uri) {
  TRY(session.execute(kLeaveMark));
  const auto before = TRY(session.run(kMark));
  if (before.size() != 1) return Error{Fault::storage_failed, "the database told no settings"};
  for (int times = 0; times < 2; ++times) {
    const auto other = TRY(Connection::open(uri));
    const auto after = session.run(kMark);
    if (!after && session.trouble() == Trouble::lost) return after.error();
    if (!after || after->size() != 1 || (*after)[0].text(0) != before[0].text(0)) return not_kept();
  }
  return {};
}

}  // namespace signet::postgres
