#include "apps/signetd/clock_watch.h"

#include <cstdlib>
#include <string>
#include <utility>

namespace signet::server {
namespace {

constexpr std::chrono::minutes kBetweenComparisons{1};
constexpr std::chrono::seconds kMostApart{5};
/// An answer that took longer says too little about the moment between question and answer.
constexpr std::chrono::seconds kLongestAnswer{2};

}  // namespace

std::chrono::milliseconds ClockWatch::look() {
  const auto asked = parts_.clock.now_precise();
  const auto told = parts_.ask_database();
  const auto took = parts_.clock.now_precise() - asked;
  const bool is_of_use = took >= std::chrono::milliseconds{0} && took <= kLongestAnswer;
  if (told.ok() && is_of_use) note(asked + took / 2 - *told);
  return kBetweenComparisons;
}

std::optional<std::chrono::milliseconds> ClockWatch::offset() const {
  const std::lock_guard lock(mutex_);
  return offset_;
}

void ClockWatch::note(std::chrono::milliseconds offset) {
  {
    const std::lock_guard lock(mutex_);
    offset_ = offset;
  }
  const bool differs = std::chrono::abs(offset) > kMostApart;
  if (differs == std::exchange(told_, differs)) return;
  const auto ahead = std::to_string(offset.count());
  if (differs) {
    parts_.log.write(Log::Level::warning, "clock_differs",
                     {{"ahead_of_database_by_milliseconds", ahead},
                      {"what_to_do",
                       "set this machine's clock, or the database's, by NTP: what "
                       "one node dates ahead is not yet valid for others"}});
  } else {
    parts_.log.write(Log::Level::info, "clock_agrees_again",
                     {{"ahead_of_database_by_milliseconds", ahead}});
  }
}

}  // namespace signet::server
