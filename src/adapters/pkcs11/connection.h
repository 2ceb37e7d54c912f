#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>

#include "adapters/pkcs11/place.h"
#include "adapters/pkcs11/session.h"

namespace signet::pkcs11 {

/// A token that is logged into, and its sessions. Safe for many threads.
///
/// A token that went away (unplugged, restarted, logged out) is looked for and logged into again,
/// at a pace: whoever asks in between, as anybody may who sends messages for its key, is told so at
/// once, and the token and its module have no work with it. After another connection started the
/// module anew it is logged into without delay. A PIN that was refused is never shown again: a
/// token locks itself after a few.
class Connection {
 public:
  /// Faults: as Place::find; decryption_failed (wrong PIN), token_failed.
  static Result<std::shared_ptr<Connection>> open(std::unique_ptr<Place> place,
                                                  const SecretBytes& pin);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  enum class Access { read, write };
  using Operation = std::function<void(Session&)>;
  /// The answer that the session noted. `operation` may run twice, and runs none itself: a module
  /// that is to start anew waits for its end. Handles of objects do not outlive it, as others may
  /// start the module anew. Faults: decryption_failed (as `open`); token_failed, when the token is
  /// away, saying when it is looked for again.
  Result<CK_RV> run(const Operation& operation, Access access = Access::read);
  /// The same where only CKR_OK will do. Faults: also token_failed, naming the step.
  Result<void> run_to_end(const char* step, const Operation& operation,
                          Access access = Access::read);

  [[nodiscard]] const Place& place() const { return *place_; }
  /// "token \"x\": step: the module's words"
  [[nodiscard]] Error failed(const char* step, CK_RV answer) const;
  /// For keys that want the PIN again at each use (CKA_ALWAYS_AUTHENTICATE).
  void show_pin_again(Session& session) const;

 private:
  Connection(std::unique_ptr<Place> place, const SecretBytes& pin)
      : place_(std::move(place)), pin_(pin.copy()) {}

  struct Taken {
    CK_RV answer;
    Session session;
  };
  /// Into the module, logged in. It may have to be started anew for that. Faults: as `open`.
  Result<Use> come_in(Occasion occasion);
  /// The same for a token that was there. Faults: as `run`.
  Result<Use> come_in_again();
  [[nodiscard]] Taken take(Access access);
  void give_back(const Session& session, Access access);
  [[nodiscard]] CK_RV open_session(Access access, CK_SESSION_HANDLE& handle) const;
  [[nodiscard]] std::uint64_t last_login();
  /// Of no more use, unless another thread logged in since `login`. False when it is too early to
  /// look for the token again: other keys of it may still be of use.
  [[nodiscard]] bool lose(std::uint64_t login);
  /// Looks for the token and logs in, unless that is done, or it is too early.
  Result<void> come_back();
  [[nodiscard]] bool is_too_early() const;
  [[nodiscard]] bool has_looked() const;
  /// Why nobody looks for the token now: too early, or a refused PIN. None while it is logged into.
  [[nodiscard]] std::optional<Error> why_not_now() const;
  Result<void> look_and_log_in();
  Result<void> log_in();
  /// It says when the token is looked for again.
  [[nodiscard]] Error away(const Error& why);
  [[nodiscard]] bool is_logged_in() const;
  void leave_sessions();
  [[nodiscard]] Error refused_pin(CK_RV answer) const;

  std::unique_ptr<Place> place_;
  SecretBytes pin_;
  std::mutex mutex_;
  std::condition_variable returned_;
  Slot slot_{};
  std::uint64_t login_ = 0;
  bool logged_in_ = false;
  Pace pace_;                 ///< of looking for the token
  std::optional<Error> why_;  ///< it was not found, or not logged into, when it was looked for last
  std::uint64_t restarts_ = 0;  ///< of the module, when the sessions were opened
  std::size_t in_use_ = 0;
  std::vector<CK_SESSION_HANDLE> idle_;
  std::optional<CK_SESSION_HANDLE> anchor_;  ///< with the last session a token is logged out
  std::optional<Error> pin_refused_;
};

}  // namespace signet::pkcs11
