#include "crypto/public_key.h"
#include "crypto/recently_used.h"

namespace signet::crypto {

struct PublicKeyCache::Impl {
  explicit Impl(std::size_t capacity) : keys(capacity) {}
  RecentlyUsed<PublicKey> keys;
};

PublicKeyCache::PublicKeyCache(std::size_t capacity) : impl_(std::make_unique<Impl>(capacity)) {}

PublicKeyCache::~PublicKeyCache() = default;

/// Refusals are not kept: whoever sends bad keys shall not push out the good ones.
Result<PublicKey> PublicKeyCache::find_or_make(const pkix::SubjectPublicKeyInfo& info) {
  CHECK(!info.der.empty());
  const auto place = RecentlyUsed<PublicKey>::key_of(info.der);
  if (auto known = impl_->keys.find(place)) return std::move(*known);
  auto made = TRY(PublicKey::from(info));
  impl_->keys.keep(place, made);
  return made;
}

}  // namespace signet::crypto
