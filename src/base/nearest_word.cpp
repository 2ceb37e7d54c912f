#include "base/nearest_word.h"

#include <algorithm>

#include "base/encoding.h"

namespace signet {
namespace {

/// Letters to change, put in or leave out (Levenshtein), whatever their case.
std::size_t distance(std::string_view left, std::string_view right) {
  const auto a = lower_case(left);
  const auto b = lower_case(right);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j < row.size(); ++j) {
      const auto changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view nearest_word(std::string_view word, const std::vector<std::string_view>& words) {
  std::string_view best;
  auto least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const auto candidate : words) {
    const auto apart = distance(word, candidate);
    if (apart >= least) continue;
    least = apart;
    best = candidate;
  }
  return best;
}

std::string do_you_mean(std::string_view word, const std::vector<std::string_view>& words) {
  const auto near = nearest_word(word, words);
  return near.empty() ? std::string() : "; do you mean '" + std::string(near) + "'?";
}

}  // namespace signet
