#pragma once

#include <map>
#include <set>
#include <span>

#include "store/records.h"

namespace signet::store {

/// What is still to be told to a directory, and what it is not to be told, in memory.
class MemoryPublications {
 public:
  void add(const Commit& commit) {
    for (auto publication : commit.publications) {
      publication.number = ++last_number_;
      due_.emplace(publication.number, std::move(publication));
    }
    for (const auto& choice : commit.publication_choices) {
      const bool was_withheld = is_withheld(choice.serial_number);
      before_choice_.push_back({choice.serial_number, was_withheld});
      choose(choice);
    }
  }
  /// It was the last one added since keep(). Its numbers are given to others: nobody saw them.
  void take_back(const Commit& commit) {
    for (std::size_t at = 0; at < commit.publications.size(); ++at) due_.erase(last_number_--);
    for (std::size_t at = 0; at < commit.publication_choices.size(); ++at) {
      choose(before_choice_.back());
      before_choice_.pop_back();
    }
  }
  void keep() { before_choice_.clear(); }
  void settle(std::span<const std::uint64_t> numbers) {
    for (const auto number : numbers) due_.erase(number);
  }
  [[nodiscard]] std::vector<Publication> due(std::size_t most) const {
    std::vector<Publication> due;
    for (auto at = due_.begin(); at != due_.end() && due.size() < most; ++at) {
      due.push_back(at->second);
    }
    return due;
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
  std::map<std::uint64_t, Publication> due_;
};

}  // namespace signet::store
