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
  enum class Type { bytea, bigint };
  struct Value {
    Type type;
    std::optional<Bytes> octets;  ///< none: NULL
  };

  Parameters& with(ByteView octets);
  Parameters& with(std::string_view text) { return with(as_bytes(text)); }
  Parameters& with(std::int64_t number);
  Parameters& with(Time time) { return with(time.time_since_epoch().count()); }
  Parameters& with(const std::optional<Time>& time) {
    return time ? with(*time) : with_null(Type::bigint);
  }
  Parameters& with_null(Type type);
  /// BYTEA[] and BIGINT[].
  Parameters& with_all(const std::vector<ByteView>& octets);
  Parameters& with_all(const std::vector<std::int64_t>& numbers);

  /// The columns of several rows, whose values have the same types in the same order: an array
  /// each.
  static Parameters columns_of(const std::vector<Parameters>& rows);

  [[nodiscard]] const std::vector<Value>& values() const { return values_; }

 private:
  std::vector<Value> values_;
};

/// All values of a statement, in order.
template <typename... Values>
Parameters values(const Values&... each) {
  Parameters parameters;
  (parameters.with(each), ...);
  return parameters;
}

}  // namespace signet::postgres
