#pragma once

#include <gtest/gtest.h>

#include "apps/configuration/configuration.h"

namespace signet::server {

inline constexpr const char* kFile = "/srv/ca/signetd.toml";
inline constexpr const char* kLeast = R"([authority]
certificate = "ca.pem"
key = "ca.key"
profiles = "profiles"
[store]
path = "store.db"
[audit]
journal = "audit.jsonl"
[http]
certificate = "tls.pem"
key = "tls.key"
)";

/// What is said of `text`, which must be refused.
inline std::string detail_of(const std::string& text) {
  const auto configuration = read_configuration(kFile, text);
  EXPECT_FALSE(configuration.ok());
  if (configuration.ok()) return "";
  EXPECT_EQ(configuration.error().fault, Fault::bad_configuration);
  return configuration.error().detail;
}

}  // namespace signet::server
