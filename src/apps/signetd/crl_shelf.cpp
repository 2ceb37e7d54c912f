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
  auto octets = std::make_shared<const Bytes>(std::move(der));
  shown_.insert_or_assign(place, Shown{head.number, head.this_update, octets});
  kept_.push_back(octets);
  if (kept_.size() > kMostKept) kept_.pop_front();
  return octets;
}

}  // namespace signet::server
