#pragma once

#include <ldap.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "adapters/ldap/directory_socket.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/secret_bytes.h"

namespace signet::ldap {

/// How a directory is reached, and as whom.
struct DirectoryAddress {
  std::string uri;         ///< ldap://host[:port] (StartTLS) or ldaps://host[:port]
  std::string ca_file;     ///< PEM: who vouches for the directory's certificate
  bool plaintext = false;  ///< ldap:// without StartTLS; for a directory on this machine
  std::string bind_dn;     ///< empty: nobody in particular
  SecretBytes bind_password;
  std::chrono::seconds timeout{5};  ///< for each step
};

struct Entry {
  std::string dn;
  std::vector<std::string> values;  ///< of the attribute asked for
};

/// Whether `uri` is what DirectoryAddress takes: one host, no entry, no filter. The library takes
/// several; whether TLS is started is decided for one.
bool names_one_directory(const std::string& uri);

/// `text` as an assertion value of a filter: RFC 4515 §3.
std::string escaped(std::string_view text);

/// One bound connection, used by one thread at a time.
class DirectoryConnection {
 public:
  /// Connects, starts TLS, binds. Once `stop` is requested, from whichever thread, these steps and
  /// all that are asked of the connection end at once as if the directory had gone. Faults:
  /// directory_unreachable, naming the step.
  static Result<std::unique_ptr<DirectoryConnection>> open(const DirectoryAddress& address,
                                                           const std::stop_token& stop = {});

  /// The entries below `base` that match the filter, two at the most, with the values of one
  /// attribute. Faults: directory_unreachable; then this connection is of no more use.
  struct Question {
    std::string base;
    std::string filter;
    std::string attribute;
  };
  Result<std::vector<Entry>> find(const Question& question);

  enum class Change { add, remove, replace };
  struct Modification {
    Change change;
    std::string attribute;
    std::vector<Bytes> values;
  };
  /// What a directory says to a change of one entry.
  enum class Verdict {
    made,
    made_before,  ///< the value was there, or gone; the entry was there
    no_entry,
    no_class,  ///< the entry's object classes do not have the attribute, or not all they must
    refused,   ///< for something else that lies in this entry or value
  };
  struct Answer {
    Verdict verdict;
    std::string words;  ///< the directory's
  };
  /// All of the modifications or none. Faults: directory_unreachable, as above, also of one that
  /// cannot at the moment; not_allowed: whom we are bound as may not, or not in this directory.
  Result<Answer> modify(const std::string& dn, const std::vector<Modification>& modifications);
  /// A new entry. Faults: likewise.
  Result<Answer> add(const std::string& dn, const std::vector<Modification>& attributes);

 private:
  struct Unbind {
    void operator()(LDAP* handle) const { ldap_unbind_ext_s(handle, nullptr, nullptr); }
  };
  using Handle = std::unique_ptr<LDAP, Unbind>;
  DirectoryConnection(Handle handle, std::unique_ptr<BreakOff> break_off,
                      const DirectoryAddress& address)
      : handle_(std::move(handle)),
        break_off_(std::move(break_off)),
        uri_(address.uri),
        timeout_(address.timeout) {}
  static Result<std::unique_ptr<DirectoryConnection>> connect(const DirectoryAddress& address,
                                                              const std::stop_token& stop);
  [[nodiscard]] Result<void> start_tls(const DirectoryAddress& address) const;
  [[nodiscard]] Result<void> bind(const DirectoryAddress& address) const;
  [[nodiscard]] Error unreachable(const char* step, int code) const;
  [[nodiscard]] Result<Answer> answer_to(const char* step, const std::string& dn, int code) const;

  Handle handle_;
  std::unique_ptr<BreakOff> break_off_;  ///< of the handle's socket, before which it goes
  std::string uri_;
  std::chrono::seconds timeout_;
};

}  // namespace signet::ldap
