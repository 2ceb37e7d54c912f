#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret_bytes.h"

namespace signet::proof {

/// A shared secret that was handed to somebody, as its source knows it (RFC 10002 §6.2). What
/// became of it (uses, failures) is the store's: store::TokenHistory, under `token_id`.
struct SharedSecret {
  SecretBytes octets;
  /// Names this secret, and no other one that the same person is given later. Never secret.
  Bytes token_id;
  /// Whom it stands for, as RFC 4514 text: an entry's DN, or what the administrator said. Empty:
  /// UID=<identification>.
  std::string subject;
  std::optional<Time> expires_at;  ///< that second still counts
  std::size_t uses_allowed = 1;    ///< messages granted, with all their requests; 0: without limit
  /// Its source finds it under other spellings of the identification too, as a directory does: by
  /// the subject it is known whose it is.
  bool any_spelling = false;
};

/// Where shared secrets are: the authority's own store, a directory, a file. Safe for many threads.
class SecretSource {
 public:
  virtual ~SecretSource() = default;
  /// The secret of whoever goes by `identification` (UTF-8, as the message has it); none when
  /// nobody does or it was revoked.
  /// Faults: unknown_identity when the answer is no single secret (two entries, an unreadable
  /// value): the detail is for the audit, never for the peer; directory_unreachable;
  /// storage_failed; token_failed (a key that opens them is away).
  virtual Result<std::optional<SharedSecret>> find(std::string_view identification) const = 0;
};

}  // namespace signet::proof
