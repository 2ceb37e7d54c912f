#pragma once

#include <string>
#include <vector>

#include "base/log.h"

namespace signet::test {

/// Keeps the lines that it is given.
class KeepingLog final : public Log {
 public:
  void write(Level, std::string_view event, std::initializer_list<Field> fields) override {
    std::string line(event);
    for (const auto& [name, value] : fields) {
      line += " " + std::string(name) + "=" + std::string(value);
    }
    lines.push_back(line);
  }
  std::vector<std::string> lines;
};

}  // namespace signet::test
