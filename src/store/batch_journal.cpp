#include "store/batch_journal.h"

namespace signet::store {

Result<void> BatchJournal::append(std::span<const Commit* const> batch,
                                  const std::vector<CommitOutcome>& outcomes) {
  std::vector<const audit::Event*> events;
  for (std::size_t at = 0; at < batch.size(); ++at) {
    if (outcomes[at].conflict) continue;
    for (const auto& event : batch[at]->events) events.push_back(&event);
  }
  if (!events.empty()) TRY(journal_.append(events));
  appended_ = std::move(events);
  return {};
}

Result<void> BatchJournal::abandon(const Error& why) {
  return tell("AUDIT_BATCH_ABANDONED", why);
}

Result<void> BatchJournal::doubt(const Error& why) {
  return tell("AUDIT_BATCH_IN_DOUBT", why);
}

Result<void> BatchJournal::tell(std::string_view name, const Error& why) {
  if (appended_.empty()) return {};
  const audit::Event event{
      .name = std::string(name),
      .time = appended_.back()->time,  // an engine has no clock
      .outcome = audit::EventOutcome::failure,
      .fields = {{"Records", std::to_string(appended_.size())}, {"Info", why.detail}}};
  appended_.clear();
  return journal_.append({&event});
}

}  // namespace signet::store
