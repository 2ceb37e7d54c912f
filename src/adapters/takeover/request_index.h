#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace signet::takeover {

/// What a request of Dogtag's says of the certificate that it brought.
struct Requested {
  std::string requester;  ///< who asked, as text; empty: not known
  std::string profile_id;
  bool operator==(const Requested&) const = default;
};

/// Who asked for what, by request id: 16 octets a request, and each text once. Ids are kept as
/// hashes of 64 bits: enough to find a text for people, not to decide by.
class RequestIndex {
 public:
  RequestIndex() = default;
  RequestIndex(RequestIndex&&) noexcept = default;  // texts are named by their places: never copied
  RequestIndex& operator=(RequestIndex&&) noexcept = default;

  void add(std::string_view id, const Requested& requested);
  /// After the last `add`, before the first `find`.
  void sort();
  /// Counts it as found, once.
  std::optional<Requested> find(std::string_view id);
  /// Those that were never found.
  [[nodiscard]] std::size_t unclaimed() const { return entries_.size() - claimed_; }

 private:
  struct Entry {
    std::uint64_t key = 0;
    std::uint32_t text = 0;
    bool is_claimed = false;
  };

  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::uint32_t> numbers_;  ///< of the texts
  std::vector<const std::string*> texts_;                   ///< profile, line feed, requester
  std::size_t claimed_ = 0;
};

}  // namespace signet::takeover
