#pragma once

#include <ldap.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/secret_bytes.h"

namespace signet::ldap {

/// How a directory is reached, and where people are in it.
struct DirectorySettings {
  std::string uri;         ///< ldap://host[:port] (StartTLS) or ldaps://host[:port]
  std::string ca_file;     ///< PEM: who vouches for the directory's certificate
  bool plaintext = false;  ///< ldap:// without StartTLS; for a directory on this machine
  std::string bind_dn;     ///< empty: nobody in particular
  SecretBytes bind_password;
  std::string base;
  std::string uid_attribute = "uid";
  std::string secret_attribute = "shrTok";
  std::chrono::seconds timeout{5};  ///< for each step
};

struct Entry {
  std::string dn;
  std::vector<std::string> values;  ///< of the attribute asked for
};

/// `text` as an assertion value of a filter: RFC 4515 §3.
std::string escaped(std::string_view text);

/// One bound connection, used by one thread at a time.
class DirectoryConnection {
 public:
  /// Connects, starts TLS, binds. Faults: directory_unreachable, naming the step.
  static Result<std::unique_ptr<DirectoryConnection>> open(const DirectorySettings& settings);

  /// The entries below the base with this attribute value, two at the most. Faults:
  /// directory_unreachable; then this connection is of no more use.
  Result<std::vector<Entry>> find(const DirectorySettings& settings, std::string_view uid);

 private:
  struct Unbind {
    void operator()(LDAP* handle) const { ldap_unbind_ext_s(handle, nullptr, nullptr); }
  };
  using Handle = std::unique_ptr<LDAP, Unbind>;
  explicit DirectoryConnection(Handle handle) : handle_(std::move(handle)) {}
  Handle handle_;
};

}  // namespace signet::ldap
