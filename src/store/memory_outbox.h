#pragma once

#include <map>
#include <set>
#include <span>

#include "store/records.h"

namespace signet::store {

/// What is still to be told to a directory, and what it is not to be told, in memory.
class MemoryOutbox {
 public:
  void add(const Commit& commit) {
    for (auto entry : commit.outbox) {
      entry.number = ++last_number_;
      lines_[entry.line].emplace(entry.number, std::move(entry));
    }
    for (const auto& choice : commit.publication_choices) {
      const bool was_withheld = is_withheld(choice.serial_number);
      before_choice_.push_back({choice.serial_number, was_withheld});
      choose(choice);
    }
  }
  /// It was the last one added since keep(). Its numbers are given to others: nobody saw them.
  void take_back(const Commit& commit) {
    for (std::size_t at = 0; at < commit.outbox.size(); ++at) take(last_number_--);
    for (std::size_t at = 0; at < commit.publication_choices.size(); ++at) {
      choose(before_choice_.back());
      before_choice_.pop_back();
    }
  }
  void keep() { before_choice_.clear(); }
  void take(std::uint64_t number) {
    for (auto& [line, entries] : lines_) entries.erase(number);
  }
  [[nodiscard]] std::vector<OutboxEntry> first(OutboxLine line, std::size_t most) const {
    std::vector<OutboxEntry> first;
    const auto found = lines_.find(line);
    if (found == lines_.end()) return first;
    for (const auto& [number, entry] : found->second) {
      if (first.size() == most) break;
      first.push_back(entry);
    }
    return first;
  }

  [[nodiscard]] bool is_withheld(const pkix::Integer& serial) const {
    return withheld_.count(serial) != 0;
  }

 private:
  void choose(const PublicationChoice& choice) {
    if (choice.is_withheld) {
      withheld_.insert(choice.serial_number);
    } else {
      withheld_.erase(choice.serial_number);
    }
  }

  std::set<pkix::Integer> withheld_;
  std::vector<PublicationChoice> before_choice_;
  std::uint64_t last_number_ = 0;
  std::map<OutboxLine, std::map<std::uint64_t, OutboxEntry>> lines_;
};

}  // namespace signet::store
