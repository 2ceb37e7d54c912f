#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"

namespace signet {

/// How much of something may be held at one time, by all and by one of those who hold it. Safe for
/// many threads.
class Allowance {
 public:
  /// What was taken, given back when the last copy goes; it may outlive the allowance.
  using Held = std::shared_ptr<const void>;

  /// `most_of_one`: who holds something gets no more than makes this together. Who holds nothing
  /// gets what is left, however much he wants: else nobody could have what is larger than a share.
  Allowance(std::size_t most, std::size_t most_of_one)
      : most_(most), most_of_one_(most_of_one), taken_(std::make_shared<Taken>()) {}

  /// For `whose`, by whatever name he is counted; empty: for nobody who has a share. Faults: busy,
  /// saying whether so much is not left, or is more than he may have beside what he holds.
  [[nodiscard]] Result<Held> take(std::size_t amount, const std::string& whose);
  [[nodiscard]] std::size_t most() const { return most_; }
  [[nodiscard]] std::size_t taken() const;

 private:
  struct Taken {
    std::mutex mutex;
    std::size_t of_all = 0;
    std::map<std::string, std::size_t, std::less<>> of_one;  ///< of those who hold something
  };
  const std::size_t most_;
  const std::size_t most_of_one_;
  const std::shared_ptr<Taken> taken_;
};

}  // namespace signet
