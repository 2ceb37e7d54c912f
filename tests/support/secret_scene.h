#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "apps/folder/authority_store.h"
#include "apps/operator/secret_command.h"
#include "apps/tool/command_line.h"
#include "apps/tool/report.h"
#include "support/temporary_folder.h"

namespace signet::tool {

/// What [secrets] and the like say of a server that looks for shared secrets in a directory.
inline constexpr const char* kInDirectory =
    "[secrets]\nsource = \"ldap\"\nlock_minutes = 60\n[ldap]\nuri = \"ldaps://directory.test\"\n"
    "ca = \"ldap.pem\"\nbase = \"dc=test\"\nprotection_key = \"protection.key\"\n";

/// An authority's folder as far as `signet secret` looks at it, and the tool.
class SecretScene : public ::testing::Test {
 protected:
  /// `secrets`: the tables of signetd.toml that say where the server looks.
  explicit SecretScene(const std::string& secrets) {
    configure(secrets);
    engine = *make_authority_store(directory, "");
  }
  void configure(const std::string& secrets) const {
    std::ofstream(folder / "signetd.toml")
        << "[authority]\ncertificate = \"ca.pem\"\nkey = \"ca.key\"\nprofiles = \"profiles\"\n"
           "[store]\npath = \"store.db\"\nkey = \"store.key\"\n[audit]\njournal = "
           "\"audit.jsonl\"\n[http]\ncertificate = \"tls.pem\"\nkey = \"tls.key\"\n"
        << secrets;
  }
  /// `signet secret` with these words.
  int secret(std::vector<std::string> words) {
    out.str("");
    err.str("");
    words.insert(words.begin(), {"signet", "secret"});
    words.insert(words.end(), {"--directory", directory});
    std::vector<const char*> argv;
    for (const auto& word : words) argv.push_back(word.c_str());
    return run_command_line(
        static_cast<int>(argv.size()), argv.data(), {.out = out, .err = err},
        [](auto& app, auto& context) { add_secret_command(app, context, system_surroundings()); });
  }

  test::TemporaryFolder folder;
  std::string directory = folder.path().string();
  std::unique_ptr<store::Engine> engine;
  std::ostringstream out;
  std::ostringstream err;
};

}  // namespace signet::tool
