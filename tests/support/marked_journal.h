#pragma once

#include "audit/event.h"

namespace signet::test {

/// In memory, with a mark as a file's.
class MarkedJournal final : public audit::Journal {
 public:
  Result<void> append(const std::vector<const audit::Event*>& events) override {
    mark_.sequence += events.size();
    mark_.hash = Bytes(32, static_cast<std::uint8_t>(mark_.sequence));
    return memory.append(events);
  }
  [[nodiscard]] std::optional<audit::JournalMark> mark() const override { return mark_; }

  audit::MemoryJournal memory;

 private:
  audit::JournalMark mark_{"audit.jsonl", 0, Bytes(32, 0)};
};

}  // namespace signet::test
