#pragma once

#include <chrono>
#include <optional>
#include <random>

#include "base/bytes.h"

namespace signet::postgres {

/// How long a lost database is waited for, from its loss on, before what waits for it fails, and
/// how long between two looks. As long as a standby takes to be promoted; shorter than clients wait
/// for their answers. And how long one answer of a database is waited for that is there: longer
/// than its sessions wait for each other's rows, which it says itself. A COMMIT waits for no rows;
/// where its answer takes long, the question what became of it waits for its end.
struct Patience {
  std::chrono::milliseconds most{15'000};
  std::chrono::milliseconds pause{100};
  std::chrono::milliseconds answer{20'000};
  std::chrono::milliseconds commit{5'000};
};

/// Counts one wait for a database that was lost.
class Waiting {
 public:
  explicit Waiting(Patience patience) : patience_(patience) {}

  /// It was lost just now, unless it was before: the time until then was that of an answer.
  void begin();
  /// Begins, and sleeps until the next look. False: the patience is over.
  [[nodiscard]] bool once_more();
  /// How long one look may take, so that the patience is over when it ought to be; a second at
  /// least.
  [[nodiscard]] std::chrono::milliseconds one_look() const;

 private:
  Patience patience_;
  std::optional<std::chrono::steady_clock::time_point> end_;
};

/// Counts how often in a row others were first. After some times whoever asks sleeps for a moment,
/// each node for another one, so that nodes that want the same let each other come to an end.
class Courtesy {
 public:
  /// `id`: the writer's own, by which its moments are drawn.
  explicit Courtesy(ByteView id);

  /// False: others were in the way too often.
  [[nodiscard]] bool once_more();

 private:
  int overtaken_ = 0;
  std::minstd_rand draw_;
};

}  // namespace signet::postgres
