#include "adapters/postgres/patience.h"

#include <algorithm>
#include <thread>

namespace signet::postgres {
namespace {

// Each of them means that another node has finished something: far more than there ever are, and
// with the pauses about two seconds.
constexpr int kMostOvertaken = 200;
// A conflict that is seen at the next try is the rule, a fight the exception.
constexpr int kOvertakenWithoutPause = 4;
// As long as a few batches take.
constexpr std::chrono::microseconds kLongestPause{20'000};
// A database that is well answers within it.
constexpr std::chrono::milliseconds kShortestLook{1'000};

}  // namespace

void Waiting::begin() {
  if (!end_) end_ = std::chrono::steady_clock::now() + patience_.most;
}

bool Waiting::once_more() {
  begin();
  if (std::chrono::steady_clock::now() + patience_.pause > *end_) return false;
  std::this_thread::sleep_for(patience_.pause);
  return true;
}

std::chrono::milliseconds Waiting::one_look() const {
  const auto now = std::chrono::steady_clock::now();
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end_.value_or(now) - now);
  return std::clamp(left, std::min(kShortestLook, patience_.answer), patience_.answer);
}

Courtesy::Courtesy(ByteView id) {
  std::seed_seq seed(id.begin(), id.end());
  draw_.seed(seed);
}

bool Courtesy::once_more() {
  if (++overtaken_ >= kMostOvertaken) return false;
  if (overtaken_ < kOvertakenWithoutPause) return true;
  std::uniform_int_distribution<std::chrono::microseconds::rep> pause(0, kLongestPause.count());
  std::this_thread::sleep_for(std::chrono::microseconds{pause(draw_)});
  return true;
}

}  // namespace signet::postgres
