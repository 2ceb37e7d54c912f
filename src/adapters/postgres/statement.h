#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"

namespace signet::postgres {

/// A statement that a connection prepares when it runs it for the first time. Both outlive all
/// connections: see queries.h.
struct Statement {
  const char* name;
  const char* sql;
};

/// The values of a statement's $1, $2, … in their order, in PostgreSQL's binary form. Columns are
/// BYTEA or BIGINT.
class Parameters {
 public:
  Parameters& with(ByteView octets);
  Parameters& with(std::string_view text) { return with(as_bytes(text)); }
  Parameters& with(std::int64_t number);
  Parameters& with(Time time) { return with(time.time_since_epoch().count()); }
  Parameters& with(const std::optional<Time>& time) { return time ? with(*time) : with_null(); }
  Parameters& with_null();
  /// BYTEA[] and BIGINT[].
  Parameters& with_all(const std::vector<ByteView>& octets);
  Parameters& with_all(const std::vector<std::int64_t>& numbers);

  [[nodiscard]] const std::vector<std::optional<Bytes>>& values() const { return values_; }

 private:
  std::vector<std::optional<Bytes>> values_;
};

}  // namespace signet::postgres
