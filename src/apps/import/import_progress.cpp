#include "apps/import/import_progress.h"

#include <unistd.h>

#include <algorithm>
#include <iomanip>

namespace signet::tool {
namespace {

constexpr std::uint64_t kWhole = 100;
constexpr std::uint64_t kTenth = 10;
constexpr std::uint64_t kBarCharacters = 30;
constexpr std::chrono::milliseconds kBetweenDrawings{100};

}  // namespace

ProgressForm progress_form() {
  return ::isatty(STDERR_FILENO) == 1 ? ProgressForm::bar : ProgressForm::lines;
}

void ImportProgress::start(std::string what, std::uint64_t octets) {
  what_ = std::move(what);
  octets_ = octets;
  entries_ = 0;
  shown_percent_ = 0;
  started_at_ = shown_at_ = clock_.now_precise();
}

void ImportProgress::advance(std::uint64_t octets_done, std::uint64_t entries) {
  entries_ = entries;
  const auto percent = octets_ == 0 ? kWhole : std::min(kWhole, octets_done * kWhole / octets_);
  if (form_ == ProgressForm::lines) {
    if (percent / kTenth == shown_percent_ / kTenth) return;
  } else if (clock_.now_precise() - shown_at_ < kBetweenDrawings) {
    return;
  }
  draw(percent, entries);
}

/// "12 s left"
std::string ImportProgress::rest_text(std::uint64_t percent) const {
  if (percent == 0 || percent >= kWhole) return {};
  const auto taken = (clock_.now_precise() - started_at_).count();
  const auto left =
      taken * static_cast<std::int64_t>(kWhole - percent) / static_cast<std::int64_t>(percent);
  return ", " + std::to_string(left / 1000) + " s left";
}

void ImportProgress::draw(std::uint64_t percent, std::uint64_t entries) {
  const auto text = what_ + "  " + std::to_string(percent) + " %, " + std::to_string(entries) +
                    " entries" + rest_text(percent);
  if (form_ == ProgressForm::bar) {
    const auto full = percent * kBarCharacters / kWhole;
    out_ << "\r[" << std::string(full, '#') << std::string(kBarCharacters - full, '.') << "] "
         << text << "\x1B[K" << std::flush;
  } else {
    out_ << text << "\n" << std::flush;
  }
  shown_percent_ = percent;
  shown_at_ = clock_.now_precise();
}

void ImportProgress::finish() {
  if (form_ == ProgressForm::bar || shown_percent_ < kWhole) draw(kWhole, entries_);
  if (form_ == ProgressForm::bar) out_ << "\n" << std::flush;
}

}  // namespace signet::tool
