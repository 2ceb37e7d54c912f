#include "adapters/takeover/request_index.h"

#include <algorithm>

namespace signet::takeover {
namespace {

std::uint64_t key_of(std::string_view id) {
  return std::hash<std::string_view>{}(id);
}

}  // namespace

void RequestIndex::add(std::string_view id, const Requested& requested) {
  const auto [place, is_new] = numbers_.try_emplace(
      requested.profile_id + '\n' + requested.requester, static_cast<std::uint32_t>(texts_.size()));
  if (is_new) texts_.push_back(&place->first);
  entries_.push_back({key_of(id), place->second, false});
}

void RequestIndex::sort() {
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& left, const Entry& right) { return left.key < right.key; });
}

std::optional<Requested> RequestIndex::find(std::string_view id) {
  const auto key = key_of(id);
  const auto found =
      std::lower_bound(entries_.begin(), entries_.end(), key,
                       [](const Entry& entry, std::uint64_t wanted) { return entry.key < wanted; });
  if (found == entries_.end() || found->key != key) return std::nullopt;
  if (!found->is_claimed) ++claimed_;
  found->is_claimed = true;
  const std::string_view text = *texts_[found->text];
  const auto end = text.find('\n');
  return Requested{std::string(text.substr(end + 1)), std::string(text.substr(0, end))};
}

}  // namespace signet::takeover
