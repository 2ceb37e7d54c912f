#pragma once

#include <map>
#include <span>

#include "store/records.h"

namespace signet::store {

/// What is still to be told to a directory, and what it is not to be told, in memory.
class MemoryOutbox {
 public:
  void add(const Commit& commit) {
    for (const auto& entry : commit.outbox) before_entry_.push_back(put(entry, ++last_number_));
    for (const auto& choice : commit.publication_choices) {
      before_choice_.emplace_back(choice.serial_number, choice_of(choice.serial_number));
      choices_.insert_or_assign(choice.serial_number, choice);
    }
  }
  /// It was the last one added since keep(). Its numbers are given to others: nobody saw them.
  void take_back(const Commit& commit) {
    for (std::size_t at = 0; at < commit.outbox.size(); ++at) {
      take(last_number_--);
      if (const auto& before = before_entry_.back()) put(*before, before->number);
      before_entry_.pop_back();
    }
    for (std::size_t at = 0; at < commit.publication_choices.size(); ++at) {
      const auto& [serial, before] = before_choice_.back();
      choices_.erase(serial);
      if (before) choices_.emplace(serial, *before);
      before_choice_.pop_back();
    }
  }
  void keep() {
    before_entry_.clear();
    before_choice_.clear();
  }
  void take(std::uint64_t number) {
    for (auto& [line, entries] : lines_) {
      const auto found = entries.find(number);
      if (found == entries.end()) continue;
      numbers_.erase({line, found->second.serial_number});
      entries.erase(found);
    }
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
  [[nodiscard]] std::optional<PublicationChoice> choice_of(const pkix::Integer& serial) const {
    const auto found = choices_.find(serial);
    if (found == choices_.end()) return std::nullopt;
    return found->second;
  }

 private:
  /// Gives the one whose place it takes.
  std::optional<OutboxEntry> put(OutboxEntry entry, std::uint64_t number) {
    entry.number = number;
    auto& entries = lines_[entry.line];
    std::optional<OutboxEntry> before;
    auto& standing = numbers_[{entry.line, entry.serial_number}];
    if (const auto found = entries.find(standing); found != entries.end()) {
      before = std::move(found->second);
      entries.erase(found);
    }
    standing = number;
    entries.emplace(number, std::move(entry));
    return before;
  }

  std::map<pkix::Integer, PublicationChoice> choices_;
  /// Since keep(): what stood there before.
  std::vector<std::pair<pkix::Integer, std::optional<PublicationChoice>>> before_choice_;
  std::vector<std::optional<OutboxEntry>> before_entry_;
  std::uint64_t last_number_ = 0;
  std::map<OutboxLine, std::map<std::uint64_t, OutboxEntry>> lines_;
  std::map<std::pair<OutboxLine, pkix::Integer>, std::uint64_t> numbers_;
};

}  // namespace signet::store
