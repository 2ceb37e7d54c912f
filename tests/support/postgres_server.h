#pragma once

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "base/check.h"
#include "support/shared_data.h"
#include "support/temporary_folder.h"

namespace signet::test {

/// A PostgreSQL server of this test program's own (tools/postgres), as durable as Debian's. One a
/// program: started when it is first asked for, stopped at the end.
class PostgresServer {
 public:
  static PostgresServer& instance() {
    static PostgresServer server;
    return server;
  }
  ~PostgresServer() { kill(); }
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  /// The URI of an empty schema.
  std::string fresh_schema() { return call("uri", "test_" + std::to_string(++schemas_)); }
  void start() { call("start"); }
  /// As if the machine had stopped; start() comes after it.
  void kill() { call("kill"); }

 private:
  PostgresServer() { start(); }

  std::string call(const std::string& what, const std::string& argument = {}) {
    const auto command = source_folder() + "/tools/postgres " + what + " " +
                         folder_.path().string() + " " + argument;
    auto* const pipe = ::popen(command.c_str(), "r");
    CHECK(pipe != nullptr);
    std::string output;
    for (int octet = std::fgetc(pipe); octet != EOF; octet = std::fgetc(pipe)) {
      if (octet != '\n') output.push_back(static_cast<char>(octet));
    }
    CHECK(::pclose(pipe) == 0);
    return output;
  }

  TemporaryFolder folder_;
  std::atomic<int> schemas_ = 0;
};

}  // namespace signet::test
