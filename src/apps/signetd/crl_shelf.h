#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "adapters/http/shared_body.h"
#include "base/result.h"
#include "store/records.h"

namespace signet::server {

/// The latest CRLs, each in memory once, however many are reading it. Who still reads an older one
/// may read on, as long as there is room: of each CRL the one before the latest, and of those
/// before that so many octets; over that the oldest is withdrawn. Safe for many threads.
class CrlShelf {
 public:
  static constexpr std::size_t kMostOlderOctets = std::size_t{256} << 20;
  using Find = std::function<Result<std::optional<store::CrlRecord>>(const store::CrlQuery&)>;
  using Octets = std::shared_ptr<http::SharedBody>;
  struct Crl {
    store::CrlRecord head;  ///< without its DER
    Octets der;
  };
  explicit CrlShelf(Find find, std::size_t most_older_octets = kMostOlderOctets)
      : find_(std::move(find)), most_older_octets_(most_older_octets) {}

  /// What the store says of the latest one, without its DER; none: there is none.
  [[nodiscard]] Result<std::optional<store::CrlRecord>> head(store::CrlQuery query) const;
  /// The one that `head` told of, or one that is newer still; the store is asked for it where
  /// nobody has it yet. None: there is none any more.
  Result<std::optional<Crl>> whole(const store::CrlRecord& head);

 private:
  using Place = std::pair<std::uint32_t, store::CrlKind>;
  using Weak = std::weak_ptr<http::SharedBody>;
  struct Shown {
    std::uint64_t number;
    Time this_update;
    Weak der;     ///< as long as it is kept, or somebody reads it
    Weak before;  ///< the newest of those before it that somebody reads
  };
  [[nodiscard]] Octets find(const Place& place, const store::CrlRecord& head) const;
  Octets keep(const Place& place, const store::CrlRecord& head, Bytes der);

  void withdraw_oldest();

  const Find find_;
  const std::size_t most_older_octets_;
  std::mutex mutex_;
  std::map<Place, Shown> shown_;  ///< no more than there are shards
  std::deque<Octets> kept_;       ///< the newest last
  std::vector<Weak> older_;       ///< than those; the newest last
};

}  // namespace signet::server
