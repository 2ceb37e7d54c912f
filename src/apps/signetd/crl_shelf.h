#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/result.h"
#include "store/records.h"

namespace signet::server {

/// The latest CRLs, each in memory once, however many are reading it. Safe for many threads.
class CrlShelf {
 public:
  using Find = std::function<Result<std::optional<store::CrlRecord>>(const store::CrlQuery&)>;
  using Octets = std::shared_ptr<const Bytes>;
  struct Crl {
    store::CrlRecord head;  ///< without its DER
    Octets der;
  };
  explicit CrlShelf(Find find) : find_(std::move(find)) {}

  /// What the store says of the latest one, without its DER; none: there is none.
  [[nodiscard]] Result<std::optional<store::CrlRecord>> head(store::CrlQuery query) const;
  /// The one that `head` told of, or one that is newer still; the store is asked for it where
  /// nobody has it yet. None: there is none any more.
  Result<std::optional<Crl>> whole(const store::CrlRecord& head);

 private:
  using Place = std::pair<std::uint32_t, store::CrlKind>;
  struct Shown {
    std::uint64_t number;
    Time this_update;
    std::weak_ptr<const Bytes> der;  ///< as long as it is kept, or somebody reads it
  };
  [[nodiscard]] Octets find(const Place& place, const store::CrlRecord& head) const;
  Octets keep(const Place& place, const store::CrlRecord& head, Bytes der);

  const Find find_;
  std::mutex mutex_;
  std::map<Place, Shown> shown_;  ///< no more than there are shards
  std::deque<Octets> kept_;       ///< the newest last
};

}  // namespace signet::server
