#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace signet::listener {

/// Room that a long answer takes while it is sent; given back with it.
class AnswerRoom {
 public:
  AnswerRoom() = default;
  /// Of `taken`, which has room for as much. Outlived by it.
  AnswerRoom(std::atomic<std::size_t>& taken, std::size_t octets)
      : taken_(&taken), octets_(octets) {}
  AnswerRoom(AnswerRoom&& other) noexcept { *this = std::move(other); }
  AnswerRoom& operator=(AnswerRoom&& other) noexcept {
    std::swap(taken_, other.taken_);
    std::swap(octets_, other.octets_);
    return *this;
  }
  ~AnswerRoom() {
    if (taken_ != nullptr) *taken_ -= octets_;
  }

 private:
  std::atomic<std::size_t>* taken_ = nullptr;
  std::size_t octets_ = 0;
};

}  // namespace signet::listener
