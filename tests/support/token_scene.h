#pragma once

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "adapters/pkcs11/token.h"
#include "support/temporary_folder.h"
#include "support/unwrap.h"

/// Tokens made by others: SoftHSM2's by softhsm2-util, NSS databases by certutil.
namespace signet::test {

inline const std::string kSoftHsmModule = "/usr/lib/softhsm/libsofthsm2.so";

/// Runs a tool, unheard; stops the test program when it fails.
inline void run_tool(const std::string& command) {
  const auto status = std::system((command + " > /dev/null 2>&1").c_str());
  if (status != 0) std::fprintf(stderr, "test set-up: %s: status %d\n", command.c_str(), status);
  CHECK(status == 0);
}

inline void write_text(const std::string& path, std::string_view text) {
  std::ofstream(path) << text;
  CHECK(::chmod(path.c_str(), 0600) == 0);  // some are PINs
}

/// SoftHSM2's store in a folder of its own, with one token "one" whose PIN is 1234.
class SoftHsm {
 public:
  SoftHsm() {
    std::filesystem::create_directory(tokens());
    write_text(folder_ / "softhsm2.conf",
               "directories.tokendir = " + tokens() + "\nobjectstore.backend = file\n");
    ::setenv("SOFTHSM2_CONF", (folder_ / "softhsm2.conf").c_str(), 1);
    add_token("one");
  }
  ~SoftHsm() { ::unsetenv("SOFTHSM2_CONF"); }
  SoftHsm(const SoftHsm&) = delete;
  SoftHsm& operator=(const SoftHsm&) = delete;

  void add_token(const std::string& label) const {
    run_tool("softhsm2-util --init-token --free --label " + label + " --pin 1234 --so-pin 5678");
  }
  [[nodiscard]] std::string tokens() const { return folder_ / "tokens"; }
  [[nodiscard]] static std::string uri(const std::string& attributes) {
    return "pkcs11:" + attributes + "?module-path=" + kSoftHsmModule;
  }
  [[nodiscard]] static Result<std::shared_ptr<pkcs11::Token>> try_open(
      const std::string& attributes = "token=one", std::string_view pin = "1234") {
    return pkcs11::open_token(unwrap(pkcs11::read_uri(uri(attributes))), SecretBytes(pin));
  }
  [[nodiscard]] static std::shared_ptr<pkcs11::Token> open() { return unwrap(try_open()); }

 private:
  TemporaryFolder folder_;
};

/// A user's NSS database whose password is "secret"; empty: none.
class NssDatabase {
 public:
  explicit NssDatabase(const std::string& password = "secret") : password_(password) {
    write_text(folder_ / "password", password + "\n");
    tool("certutil -N");
  }
  /// certutil or pk12util on this database.
  void tool(const std::string& command) const { run_tool(full(command)); }
  /// What it prints.
  [[nodiscard]] std::string output_of(const std::string& command) const {
    const auto file = folder_ / "output";
    CHECK(std::system((full(command) + " > '" + file + "' 2>&1").c_str()) == 0);
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  [[nodiscard]] std::string path() const { return folder_.path().string(); }
  [[nodiscard]] std::string operator/(const std::string& name) const { return folder_ / name; }
  [[nodiscard]] Result<std::shared_ptr<pkcs11::Token>> try_open(std::string_view password) const {
    return pkcs11::open_nss_database(path(), SecretBytes(password));
  }
  [[nodiscard]] std::shared_ptr<pkcs11::Token> open() const { return unwrap(try_open(password_)); }

 private:
  [[nodiscard]] std::string full(const std::string& command) const {
    const auto password = command.starts_with("pk12util") ? "-k" : "-f";
    return command + " -d 'sql:" + path() + "' " + password + " '" + (folder_ / "password") + "'";
  }

  TemporaryFolder folder_;
  std::string password_;
};

}  // namespace signet::test
