#include "audit/event.h"

namespace signet::audit {

Result<void> MemoryJournal::append(const std::vector<const Event*>& events) {
  events_.reserve(events_.size() + events.size());
  for (const auto* event : events) events_.push_back(*event);
  return {};
}

}  // namespace signet::audit
