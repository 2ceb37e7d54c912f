#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "apps/signetd/assembly.h"
#include "support/keeping_log.h"
#include "support/shared_data.h"
#include "support/tls_scene.h"

namespace signet::server {

/// The files of a small authority, and the configuration that names them.
class AssemblyTest : public ::testing::Test {
 protected:
  AssemblyTest() {
    const auto tls = scene.authority.server(test::TlsScene::loopback());
    write("authority.pem", to_pem("CERTIFICATE", ca.certificate().der));
    write("authority.key", key_pem(ca.key()));
    write("tls.pem", to_pem("CERTIFICATE", tls.certificate.der));
    write("tls.key", key_pem(*tls.key));
    std::filesystem::copy(test::source_folder() + "/profiles", scene.folder / "profiles");
    configuration.authority.certificate = scene.folder / "authority.pem";
    configuration.authority.key = scene.folder / "authority.key";
    configuration.authority.profiles = scene.folder / "profiles";
    configuration.store.engine = StoreEngine::memory;
    configuration.audit.journal = scene.folder / "audit.jsonl";
    configuration.http.certificate = scene.folder / "tls.pem";
    configuration.http.key = scene.folder / "tls.key";
  }

  void write(const std::string& name, std::string_view text) const { scene.write(name, text); }
  static std::string key_pem(const crypto::PrivateKey& key, std::string_view passphrase = "") {
    return std::string(
        test::unwrap(crypto::write_private_key(key, SecretBytes(passphrase))).text());
  }
  [[nodiscard]] std::string journal() const {
    std::ifstream file(scene.folder / "audit.jsonl");
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// Both doors refuse with the same words.
  void expect_refused(const std::string& words) {
    for (const bool only_check : {true, false}) {
      const Result<void> done = only_check ? check(configuration, log) : start();
      ASSERT_FALSE(done.ok());
      EXPECT_EQ(done.error().fault, Fault::bad_configuration);
      EXPECT_THAT(done.error().detail, ::testing::HasSubstr(words));
    }
  }
  Result<void> start() {
    TRY(assemble(configuration, log));
    return {};
  }

  test::TlsScene scene;
  test::TestCa ca{"CN=Authority,O=Test"};
  Configuration configuration;
  test::KeepingLog log;
};

}  // namespace signet::server
