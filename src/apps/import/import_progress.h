#pragma once

#include <ostream>
#include <string>

#include "base/clock.h"

namespace signet::tool {

enum class ProgressForm {
  bar,    ///< one line of a terminal, drawn over and over
  lines,  ///< a line for every tenth
};
/// A bar where standard error is a terminal.
ProgressForm progress_form();

/// How far a long piece of work is, in octets of its input, for a person who waits.
class ImportProgress {
 public:
  ImportProgress(std::ostream& out, const Clock& clock, ProgressForm form)
      : out_(out), clock_(clock), form_(form) {}

  /// The next pass over `octets` of input.
  void start(std::string what, std::uint64_t octets);
  void advance(std::uint64_t octets_done, std::uint64_t entries);
  void finish();

 private:
  void draw(std::uint64_t percent, std::uint64_t entries);
  [[nodiscard]] std::string rest_text(std::uint64_t percent) const;

  std::ostream& out_;
  const Clock& clock_;
  ProgressForm form_;
  std::string what_;
  std::uint64_t octets_ = 0;
  std::uint64_t entries_ = 0;
  std::uint64_t shown_percent_ = 0;
  PreciseTime started_at_;
  PreciseTime shown_at_;
};

}  // namespace signet::tool
