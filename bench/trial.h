#pragma once

#include <sys/types.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/http/transport.h"
#include "codec/pkix/certificate.h"
#include "support/temporary_folder.h"

namespace signet::bench {

/// The value, or the end of the program.
template <typename T>
T demand(Result<T> result, std::string_view what) {
  if (result.ok()) return std::move(result).value();
  std::cerr << what << ": " << result.error().detail << "\n";
  std::exit(1);
}

pkix::Certificate certificate_in(const std::filesystem::path& pem_file);

/// A server of our own with an agent and one user enrolled, in a temporary folder or in one that is
/// kept: where an authority stands there already, it is started again.
/// Needs signet and signetd on PATH. SIGNET_STORE: the URI of an empty PostgreSQL schema; not set:
/// SQLite. Ends the program when something fails.
class Trial {
 public:
  /// `key`: of the authority, its agent and its user, "ec:p256" or "rsa:2048". `kept`: a folder;
  /// empty: a temporary one.
  explicit Trial(const std::string& key, const std::filesystem::path& kept = {});
  ~Trial();
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  static constexpr const char* kUser = "CN=Bench User,O=Example";
  static constexpr const char* kIdentification = "bench";
  /// The authority was made by this program, not by one before it.
  [[nodiscard]] bool is_new() const { return is_new_; }
  [[nodiscard]] std::filesystem::path file(const std::string& name) const { return folder_ / name; }
  [[nodiscard]] std::string url(const std::string& path) const {
    return "https://localhost:" + std::to_string(port_) + path;
  }
  [[nodiscard]] std::unique_ptr<http::Transport> connect_as(const std::string& certificate,
                                                            const std::string& key) const;
  /// Nanoseconds that all threads of the server have run.
  [[nodiscard]] double cpu_nanoseconds() const;
  /// Octets in memory now.
  [[nodiscard]] double resident_octets() const;
  [[nodiscard]] double certificates_issued() const;

 private:
  void make(const std::string& key);
  void enroll_user(const std::string& key);
  void start();

  std::optional<test::TemporaryFolder> temporary_;
  std::filesystem::path folder_;
  bool is_new_;
  int port_;
  pid_t server_ = -1;
};

}  // namespace signet::bench
