#include "apps/tool/progress.h"

#include <algorithm>

#include "apps/tool/report.h"
#include "apps/tool/terminal.h"

namespace signet::tool {
namespace {

constexpr std::uint64_t kWhole = 100;
constexpr std::uint64_t kBarCharacters = 30;
constexpr std::chrono::milliseconds kBetweenDrawings{100};
constexpr const char* kToLineBegin = "\r";
constexpr const char* kEraseRest = "\x1B[K";

}  // namespace

Progress::Progress(const Context& context, const Clock& clock)
    : Progress(context.err, clock,
               is_terminal(context.err) ? ShowProgress::on_terminal : ShowProgress::nowhere) {}

void Progress::start(std::string what, std::uint64_t octets) {
  finish();
  what_ = printable(what);
  octets_ = octets;
  started_at_ = shown_at_ = clock_.now_precise();
  if (octets_ == 0) show(what_ + " …");
}

void Progress::advance(std::uint64_t octets_done, std::string_view met) {
  if (octets_ == 0 || clock_.now_precise() - shown_at_ < kBetweenDrawings) return;
  shown_at_ = clock_.now_precise();
  const auto percent = std::min(kWhole, octets_done * kWhole / octets_);
  const auto full = percent * kBarCharacters / kWhole;
  show("[" + std::string(full, '#') + std::string(kBarCharacters - full, '.') + "] " + what_ +
       "  " + std::to_string(percent) + " %" + (met.empty() ? "" : ", " + std::string(met)) +
       rest_text(percent));
}

/// ", 12 s left"
std::string Progress::rest_text(std::uint64_t percent) const {
  if (percent == 0 || percent >= kWhole) return {};
  const auto taken = (clock_.now_precise() - started_at_).count();
  const auto left =
      taken * static_cast<std::int64_t>(kWhole - percent) / static_cast<std::int64_t>(percent);
  return ", " + std::to_string(left / 1000) + " s left";
}

void Progress::show(const std::string& line) {
  if (show_ == ShowProgress::nowhere) return;
  out_ << kToLineBegin << line << kEraseRest << std::flush;
  is_shown_ = true;
}

void Progress::finish() {
  if (is_shown_) out_ << kToLineBegin << kEraseRest << std::flush;
  is_shown_ = false;
}

}  // namespace signet::tool
