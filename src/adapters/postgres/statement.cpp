#include "adapters/postgres/statement.h"

#include <algorithm>

#include "base/check.h"

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

std::uint32_t identifier_of(Parameters::Type type) {
  return type == Parameters::Type::bytea ? kBytea : kBigint;
}

enum class Nulls { none, some };

/// The head of an array of one dimension, counted from 1. An empty one has no dimension.
Bytes array_head(Parameters::Type type, std::size_t size, Nulls nulls) {
  Bytes head;
  append_number(head, std::uint32_t{size == 0 ? 0U : 1U});
  append_number(head, std::uint32_t{nulls == Nulls::none ? 0U : 1U});
  append_number(head, identifier_of(type));
  if (size == 0) return head;
  append_number(head, static_cast<std::uint32_t>(size));
  append_number(head, std::uint32_t{1});
  return head;
}

void append_element(Bytes& array, ByteView octets) {
  append_number(array, static_cast<std::uint32_t>(octets.size()));
  append(array, octets);
}

void append_null(Bytes& array) {
  append_number(array, ~std::uint32_t{0});  // a length of -1
}

/// The values at one place of each row.
Parameters::Value column(const std::vector<Parameters>& rows, std::size_t place) {
  const auto is_null = [&](const auto& row) { return !row.values()[place].octets; };
  const auto nulls = std::any_of(rows.begin(), rows.end(), is_null) ? Nulls::some : Nulls::none;
  const auto type = rows.front().values()[place].type;
  auto array = array_head(type, rows.size(), nulls);
  for (const auto& row : rows) {
    const auto& value = row.values()[place];
    CHECK(value.type == type);
    value.octets ? append_element(array, *value.octets) : append_null(array);
  }
  return {type, std::move(array)};
}

}  // namespace

Parameters& Parameters::with(ByteView octets) {
  values_.push_back({Type::bytea, to_bytes(octets)});
  return *this;
}

Parameters& Parameters::with(std::int64_t number) {
  Bytes value;
  append_number(value, static_cast<std::uint64_t>(number));
  values_.push_back({Type::bigint, std::move(value)});
  return *this;
}

Parameters& Parameters::with_null(Type type) {
  values_.push_back({type, std::nullopt});
  return *this;
}

Parameters& Parameters::with_all(const std::vector<ByteView>& octets) {
  auto array = array_head(Type::bytea, octets.size(), Nulls::none);
  for (const auto each : octets) append_element(array, each);
  values_.push_back({Type::bytea, std::move(array)});
  return *this;
}

Parameters& Parameters::with_all(const std::vector<std::int64_t>& numbers) {
  auto array = array_head(Type::bigint, numbers.size(), Nulls::none);
  for (const auto each : numbers) {
    append_number(array, std::uint32_t{sizeof each});
    append_number(array, static_cast<std::uint64_t>(each));
  }
  values_.push_back({Type::bigint, std::move(array)});
  return *this;
}

Parameters Parameters::columns_of(const std::vector<Parameters>& rows) {
  Parameters columns;
  if (rows.empty()) return columns;
  for (std::size_t place = 0; place < rows.front().values_.size(); ++place) {
    columns.values_.push_back(column(rows, place));
  }
  return columns;
}

}  // namespace signet::postgres
