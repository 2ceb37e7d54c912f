#pragma once

#include <initializer_list>
#include <string_view>

namespace signet {

/// Structured log of what the server does. No secret, key or shared token ever goes in.
class Log {
 public:
  enum class Level { debug, info, warning, error };
  struct Field {
    std::string_view name;
    std::string_view value;
  };

  virtual ~Log() = default;
  virtual void write(Level level, std::string_view event, std::initializer_list<Field> fields) = 0;
};

/// Drops everything.
class SilentLog final : public Log {
 public:
  void write(Level, std::string_view, std::initializer_list<Field>) override {}
};

}  // namespace signet
