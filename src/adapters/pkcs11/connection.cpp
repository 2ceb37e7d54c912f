#include "adapters/pkcs11/connection.h"

namespace signet::pkcs11 {
namespace {

/// Whether the token, its login or its objects' handles are of no more use, but may come back.
bool is_gone(CK_RV answer) {
  switch (answer) {
    case CKR_TOKEN_NOT_PRESENT:
    case CKR_TOKEN_NOT_RECOGNIZED:
    case CKR_DEVICE_REMOVED:
    case CKR_DEVICE_ERROR:
    case CKR_SLOT_ID_INVALID:
    case CKR_SESSION_HANDLE_INVALID:
    case CKR_SESSION_CLOSED:
    case CKR_USER_NOT_LOGGED_IN:
    case CKR_KEY_HANDLE_INVALID:
    case CKR_OBJECT_HANDLE_INVALID:
    case CKR_CRYPTOKI_NOT_INITIALIZED:
      return true;
    default:
      return false;
  }
}

/// Met right after a login anew: what the token, which is there, says of this very step.
bool is_its_word(CK_RV answer) {
  return answer == CKR_DEVICE_ERROR || answer == CKR_KEY_HANDLE_INVALID ||
         answer == CKR_OBJECT_HANDLE_INVALID;
}

bool is_refused_pin(CK_RV answer) {
  return answer == CKR_PIN_INCORRECT || answer == CKR_PIN_LOCKED || answer == CKR_PIN_INVALID ||
         answer == CKR_PIN_LEN_RANGE || answer == CKR_PIN_EXPIRED;
}

/// PKCS#11 takes what it only reads through pointers that are not const. No pointer would ask the
/// token's own keypad for the PIN.
CK_UTF8CHAR* pointer(const SecretBytes& pin) {
  static CK_UTF8CHAR empty = 0;
  return pin.empty() ? &empty : const_cast<CK_UTF8CHAR*>(pin.view().data());
}

std::string tries_left(CK_FLAGS flags) {
  if ((flags & CKF_USER_PIN_LOCKED) != 0) return "; the token is locked now";
  if ((flags & CKF_USER_PIN_FINAL_TRY) != 0) return "; one try is left before it locks";
  if ((flags & CKF_USER_PIN_COUNT_LOW) != 0) return "; wrong PINs are counted, few tries are left";
  return "";
}

}  // namespace

Result<std::shared_ptr<Connection>> Connection::open(std::unique_ptr<Place> place,
                                                     const SecretBytes& pin) {
  std::shared_ptr<Connection> connection(new Connection(std::move(place), pin));
  TRY(connection->come_in(Occasion::opening));
  return connection;
}

Connection::~Connection() {
  const auto use = place_->use();
  if (use.ok()) leave_sessions();
}

/// Closed one by one: C_CloseAllSessions is more than p11-kit bears when there is none. Those of a
/// module that was started anew are forgotten: their handles may be another connection's now.
void Connection::leave_sessions() {
  if (restarts_ == place_->restarts()) {
    for (const auto handle : idle_) slot_.functions->C_CloseSession(handle);
    if (anchor_) slot_.functions->C_CloseSession(*anchor_);
    if (anchor_) place_->leave(slot_);
  }
  idle_.clear();
  anchor_.reset();
}

Result<CK_RV> Connection::run(const Operation& operation, Access access) {
  CK_RV answer = CKR_OK;
  const auto before = last_login();
  for (const bool again : {false, true}) {
    const auto use = TRY(come_in_again());
    auto taken = take(access);
    answer = taken.answer;
    if (answer == CKR_OK) {
      operation(taken.session);
      answer = taken.session.answer();
      give_back(taken.session, access);
    }
    const bool is_anew = taken.session.login() != before;
    if (!is_gone(answer) || (is_anew && is_its_word(answer))) break;
    if (again || !lose(taken.session.login())) return away(failed("use it", answer));
  }
  return answer;
}

Result<void> Connection::run_to_end(const char* step, const Operation& operation, Access access) {
  const auto answer = TRY(run(operation, access));
  if (answer == CKR_OK) return {};
  return failed(step, answer);
}

Error Connection::failed(const char* step, CK_RV answer) const {
  return {Fault::token_failed, place_->name() + ": " + step + ": " + to_text(answer)};
}

void Connection::show_pin_again(Session& session) const {
  session.note(
      session->C_Login(session.handle(), CKU_CONTEXT_SPECIFIC, pointer(pin_), pin_.size()));
}

/// The token is logged into within the use that the operation runs in: no restart comes between.
Result<Use> Connection::come_in(Occasion occasion) {
  auto use = TRY(place_->use());
  const auto back = come_back();
  if (back.ok()) return use;
  // Not found; whatever else fails, the PIN may have been shown.
  if (back.error().fault != Fault::bad_configuration) return back.error();
  const auto restarts = place_->restarts();
  use = {};
  const auto started = place_->start_again(restarts, occasion);
  if (!started.ok()) {
    return Error{started.error().fault, back.error().detail + "; " + started.error().detail};
  }
  use = TRY(place_->use());
  TRY(come_back());
  place_->came_back();
  return use;
}

Result<Use> Connection::come_in_again() {
  auto use = come_in(Occasion::coming_back);
  if (use.ok() || use.error().fault == Fault::decryption_failed) return use;
  return away(use.error());
}

Error Connection::away(const Error& why) {
  const std::lock_guard lock(mutex_);
  return {Fault::token_failed, why.detail + "; the token is looked for again " +
                                   in_how_long(place_->now(), pace_.next())};
}

Connection::Taken Connection::take(Access access) {
  std::unique_lock lock(mutex_);
  CK_SESSION_HANDLE handle = 0;
  CK_RV answer = CKR_OK;
  for (;;) {
    // A session without login would find public objects only, and say no word about it.
    answer = logged_in_ ? CKR_OK : CKR_USER_NOT_LOGGED_IN;
    if (!logged_in_) break;
    if (access == Access::read && !idle_.empty()) {
      handle = idle_.back();
      idle_.pop_back();
      break;
    }
    answer = open_session(access, handle);
    // A device has room for so many: wait for one of ours.
    if (answer != CKR_SESSION_COUNT || in_use_ == 0) break;
    returned_.wait(lock);
  }
  if (answer == CKR_OK) ++in_use_;
  return {answer, Session(slot_.functions, handle, login_)};
}

/// After a failed step an operation may be half done in it; then it is closed, not kept.
void Connection::give_back(const Session& session, Access access) {
  const std::lock_guard lock(mutex_);
  --in_use_;
  if (session.answer() == CKR_OK) pace_.succeeded();
  if (access == Access::read && session.answer() == CKR_OK) {
    idle_.push_back(session.handle());
  } else {
    session->C_CloseSession(session.handle());
  }
  returned_.notify_all();
}

CK_RV Connection::open_session(Access access, CK_SESSION_HANDLE& handle) const {
  const CK_FLAGS writing = access == Access::write ? CKF_RW_SESSION : 0;
  return slot_.functions->C_OpenSession(slot_.id, CKF_SERIAL_SESSION | writing, nullptr, nullptr,
                                        &handle);
}

std::uint64_t Connection::last_login() {
  const std::lock_guard lock(mutex_);
  return login_;
}

bool Connection::lose(std::uint64_t login) {
  const std::lock_guard lock(mutex_);
  if (login != login_ || !is_logged_in()) return true;
  if (is_too_early()) return false;
  logged_in_ = false;
  return true;
}

bool Connection::is_logged_in() const {
  return logged_in_ && restarts_ == place_->restarts();
}

bool Connection::is_too_early() const {
  return place_->now() < pace_.next();
}

/// After the module was started anew the first look is free, unless it is in vain.
bool Connection::has_looked() const {
  return login_ != 0 && restarts_ == place_->restarts();
}

std::optional<Error> Connection::why_not_now() const {
  if (is_logged_in()) return std::nullopt;
  if (pin_refused_) return pin_refused_;
  if (!has_looked() || !is_too_early()) return std::nullopt;
  return why_.value_or(failed("log in", CKR_USER_NOT_LOGGED_IN));
}

Result<void> Connection::come_back() {
  std::unique_lock lock(mutex_);
  if (const auto why = why_not_now()) return *why;
  const bool is_free =
      returned_.wait_for(lock, Gate::kPatience, [&] { return is_logged_in() || in_use_ == 0; });
  if (!is_free) {
    return Error{Fault::token_failed, place_->name() + " is away, and a call of it does not end"};
  }
  if (is_logged_in()) return {};
  if (const auto why = why_not_now()) return *why;  // somebody looked meanwhile
  const bool is_again = has_looked();
  auto back = look_and_log_in();
  if ((is_again || !back.ok()) && !is_too_early()) pace_.tried(place_->now());
  if (!back.ok()) why_ = Error{Fault::token_failed, back.error().detail};
  return back;
}

Result<void> Connection::look_and_log_in() {
  leave_sessions();
  logged_in_ = false;
  restarts_ = place_->restarts();
  slot_ = TRY(place_->find());
  ++login_;
  return log_in();
}

Result<void> Connection::log_in() {
  CK_SESSION_HANDLE anchor = 0;
  const auto opened = open_session(Access::read, anchor);
  if (opened != CKR_OK) return failed("open a session", opened);
  anchor_ = anchor;
  place_->settle(slot_);
  CK_TOKEN_INFO info{};
  const auto told = slot_.functions->C_GetTokenInfo(slot_.id, &info);
  if (told != CKR_OK) return failed("tell of itself", told);
  const bool needed = (info.flags & CKF_LOGIN_REQUIRED) != 0 || !pin_.empty();
  const auto answer =
      needed ? slot_.functions->C_Login(anchor, CKU_USER, pointer(pin_), pin_.size()) : CKR_OK;
  logged_in_ = answer == CKR_OK || answer == CKR_USER_ALREADY_LOGGED_IN;
  if (logged_in_) return {};
  if (!is_refused_pin(answer)) return failed("log in", answer);
  pin_refused_ = refused_pin(answer);
  return *pin_refused_;
}

Error Connection::refused_pin(CK_RV answer) const {
  CK_TOKEN_INFO info{};
  const bool told = slot_.functions->C_GetTokenInfo(slot_.id, &info) == CKR_OK;
  return {Fault::decryption_failed, place_->name() + " refuses the PIN: " + to_text(answer) +
                                        (told ? tries_left(info.flags) : "") +
                                        "; it is not tried again"};
}

}  // namespace signet::pkcs11
