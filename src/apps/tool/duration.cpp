#include "apps/tool/duration.h"

#include <charconv>

namespace signet::tool {

Result<std::chrono::seconds> duration_from_text(std::string_view text) {
  constexpr auto kMost = std::chrono::days{36'525};
  const Error wrong{Fault::malformed, "\"" + std::string(text) +
                                          "\" is no duration: write a whole number and d, h or m, "
                                          "as in 30d, 12h or 90m"};
  if (text.size() < 2) return wrong;
  std::int64_t number = 0;
  const auto* end = text.data() + text.size() - 1;
  const auto read = std::from_chars(text.data(), end, number);
  const auto unit = text.back() == 'd'   ? std::chrono::seconds{std::chrono::days{1}}
                    : text.back() == 'h' ? std::chrono::seconds{std::chrono::hours{1}}
                    : text.back() == 'm' ? std::chrono::seconds{std::chrono::minutes{1}}
                                         : std::chrono::seconds{0};
  if (read.ec != std::errc{} || read.ptr != end || number < 1 || unit.count() == 0) return wrong;
  if (number > kMost / unit) return wrong;
  return number * unit;
}

}  // namespace signet::tool
