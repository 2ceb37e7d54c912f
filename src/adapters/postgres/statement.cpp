#include "adapters/postgres/statement.h"

namespace signet::postgres {
namespace {

// Object identifiers that PostgreSQL fixed for good, and its kin with it.
constexpr std::uint32_t kBytea = 17;
constexpr std::uint32_t kBigint = 20;

template <typename Unsigned>
void append_number(Bytes& to, Unsigned number) {
  for (int shift = static_cast<int>(sizeof number) * 8 - 8; shift >= 0; shift -= 8) {
    to.push_back(static_cast<std::uint8_t>(number >> shift));
  }
}

/// The head of an array of one dimension that holds no NULL, counted from 1. An empty one has no
/// dimension.
Bytes array_head(std::uint32_t element_type, std::size_t size) {
  Bytes head;
  append_number(head, std::uint32_t{size == 0 ? 0U : 1U});
  append_number(head, std::uint32_t{0});
  append_number(head, element_type);
  if (size == 0) return head;
  append_number(head, static_cast<std::uint32_t>(size));
  append_number(head, std::uint32_t{1});
  return head;
}

}  // namespace

Parameters& Parameters::with(ByteView octets) {
  values_.emplace_back(to_bytes(octets));
  return *this;
}

Parameters& Parameters::with(std::int64_t number) {
  Bytes value;
  append_number(value, static_cast<std::uint64_t>(number));
  values_.emplace_back(std::move(value));
  return *this;
}

Parameters& Parameters::with_null() {
  values_.emplace_back(std::nullopt);
  return *this;
}

Parameters& Parameters::with_all(const std::vector<ByteView>& octets) {
  auto array = array_head(kBytea, octets.size());
  for (const auto each : octets) {
    append_number(array, static_cast<std::uint32_t>(each.size()));
    append(array, each);
  }
  values_.emplace_back(std::move(array));
  return *this;
}

Parameters& Parameters::with_all(const std::vector<std::int64_t>& numbers) {
  auto array = array_head(kBigint, numbers.size());
  for (const auto each : numbers) {
    append_number(array, std::uint32_t{sizeof each});
    append_number(array, static_cast<std::uint64_t>(each));
  }
  values_.emplace_back(std::move(array));
  return *this;
}

}  // namespace signet::postgres
