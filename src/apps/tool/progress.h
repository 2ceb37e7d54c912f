#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "apps/tool/context.h"
#include "base/clock.h"

namespace signet::tool {

enum class ShowProgress { on_terminal, nowhere };

/// How far a long piece of work is, for a person who waits at a terminal: one line, drawn over and
/// over, gone when the work ends. Pipes and files get nothing of it.
class Progress {
 public:
  Progress(std::ostream& out, const Clock& clock, ShowProgress show)
      : out_(out), clock_(clock), show_(show) {}
  /// On what a command says beside its results, where that is a terminal.
  Progress(const Context& context, const Clock& clock);
  ~Progress() { finish(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// The next step, of so many octets. 0: nobody knows how long it takes; it is named at once.
  void start(std::string what, std::uint64_t octets = 0);
  /// So many octets of it are done. `met`: what was met so far, "20 entries".
  void advance(std::uint64_t octets_done, std::string_view met = {});
  /// The step is done.
  void finish();

 private:
  void show(const std::string& line);
  [[nodiscard]] std::string rest_text(std::uint64_t percent) const;

  std::ostream& out_;
  const Clock& clock_;
  ShowProgress show_;
  std::string what_;
  std::uint64_t octets_ = 0;
  bool is_shown_ = false;
  PreciseTime started_at_;
  PreciseTime shown_at_;
};

}  // namespace signet::tool
