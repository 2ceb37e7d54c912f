#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/check.h"
#include "base/fault.h"

/// Marks a function that is called only where something has gone wrong: the compiler puts the code
/// that leads to it apart from the code that goes well.
#define SIGNET_RARE [[gnu::cold, gnu::noinline]]

namespace signet {

/// Why something could not be done. `detail` is a plain sentence for the log and for the
/// person who must act on it: what, where, what to do; never a secret.
struct Error {
  Fault fault = Fault::internal;
  std::string detail;
  /// The body parts of the message that it concerns; empty: the message as a whole.
  std::vector<std::uint32_t> body_parts = {};
  /// What the peer must not learn: for the audit and the log, beside `detail`.
  std::string confidential = {};

  bool operator==(const Error&) const = default;
};

/// A value, or the reason why there is none. Always looked at; TRY passes the reason on.
template <typename T>
class [[nodiscard]] Result {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a function returns its value or an Error as is.
  Result(const T& value) : state_(std::in_place_index<0>, value) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(T&& value) : state_(std::in_place_index<0>, std::move(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  SIGNET_RARE Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return CHECK(ok()), *std::get_if<0>(&state_); }
  const T& value() const& { return CHECK(ok()), *std::get_if<0>(&state_); }
  T value() && { return CHECK(ok()), std::move(*std::get_if<0>(&state_)); }

  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T operator*() && { return std::move(*this).value(); }

  const Error& error() const& { return CHECK(!ok()), *std::get_if<1>(&state_); }
  Error error() && { return CHECK(!ok()), std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  // NOLINTNEXTLINE(google-explicit-constructor)
  SIGNET_RARE Result(Error error) : error_(std::move(error)) {}

  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  void value() const { CHECK(ok()); }
  const Error& error() const& { return CHECK(!ok()), *error_; }
  Error error() && { return CHECK(!ok()), std::move(*error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace signet

/// The value of a Result, or return its Error from the enclosing function. Not inside the braces of
/// a list, behind another element: what the list holds by then would not be destroyed (GCC and
/// Clang; tools/check_try looks for it).
#define TRY(expression)                                         \
  __extension__({                                               \
    auto try_result = (expression);                             \
    if (!try_result.ok()) return std::move(try_result).error(); \
    std::move(try_result).value();                              \
  })
