#include "apps/signetd/crl_shelf.h"

#include <utility>

namespace signet::server {
namespace {

/// Besides those that somebody reads. Most authorities show one or two.
constexpr std::size_t kMostKept = 4;

store::CrlKind kind_of(const store::CrlRecord& crl) {
  return crl.base_number ? store::CrlKind::delta : store::CrlKind::full;
}

}  // namespace

Result<std::optional<store::CrlRecord>> CrlShelf::head(store::CrlQuery query) const {
  query.parts = store::CrlParts::without_der;
  return find_(query);
}

Result<std::optional<CrlShelf::Crl>> CrlShelf::whole(const store::CrlRecord& head) {
  const Place place{head.shard, kind_of(head)};
  {
    const std::lock_guard lock(mutex_);
    if (auto found = find(place, head)) return std::optional(Crl{head, std::move(found)});
  }
  auto read = TRY(find_({.shard = place.first, .kind = place.second}));
  if (!read) return std::optional<Crl>();
  auto der = std::exchange(read->der, {});
  const std::lock_guard lock(mutex_);
  auto octets = find(place, *read);  // another thread may have been faster
  if (!octets) octets = keep(place, *read, std::move(der));
  return std::optional(Crl{*std::move(read), std::move(octets)});
}

CrlShelf::Octets CrlShelf::find(const Place& place, const store::CrlRecord& head) const {
  const auto at = shown_.find(place);
  if (at == shown_.end()) return {};
  const auto& shown = at->second;
  // A store that lost its last commits gives a number a second time.
  if (shown.number != head.number || shown.this_update != head.this_update) return {};
  return shown.der.lock();
}

CrlShelf::Octets CrlShelf::keep(const Place& place, const store::CrlRecord& head, Bytes der) {
  auto octets = std::make_shared<http::SharedBody>(std::move(der));
  auto& shown = shown_[place];
  if (const auto replaced = shown.der.lock()) {
    std::erase(kept_, replaced);  // for who reads it, no more for who may
    older_.push_back(std::exchange(shown.before, replaced));
  }
  shown = {head.number, head.this_update, octets, shown.before};
  kept_.push_back(octets);
  if (kept_.size() > kMostKept) kept_.pop_front();
  withdraw_oldest();
  return octets;
}

/// Those that are withdrawn are always the oldest, however long their readers take to notice.
void CrlShelf::withdraw_oldest() {
  std::erase_if(older_, [](const Weak& each) { return each.expired(); });
  std::size_t octets = 0;
  for (auto each = older_.rbegin(); each != older_.rend(); ++each) {
    const auto read = each->lock();
    if (!read) continue;
    octets += read->size();
    if (octets > most_older_octets_) read->withdraw();
  }
}

}  // namespace signet::server
