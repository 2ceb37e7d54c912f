#include "adapters/pkcs11/modules.h"

#include <p11-kit/p11-kit.h>

#include <cstdlib>
#include <filesystem>
#include <map>

#include "adapters/pkcs11/session.h"

namespace signet::pkcs11 {
namespace {

/// Those that somebody holds. A module is one in a process, whoever loads it; so is this list.
struct Registry {
  std::mutex mutex;
  std::map<std::string, std::weak_ptr<Modules>> by_path;
};

Registry& registry() {
  static Registry registry;
  return registry;
}

/// One name for a module that links lead to. p11-kit has a folder of its own for relative paths.
std::string real_path(const std::string& path) {
  std::error_code error;
  const auto real = std::filesystem::canonical(path, error);
  return error || !path.starts_with('/') ? path : real.string();
}

}  // namespace

Result<std::shared_ptr<Modules>> Modules::at(const std::string& path, Timing timing) {
  auto& all = registry();
  const std::lock_guard lock(all.mutex);
  auto& known = all.by_path[real_path(path)];
  if (auto modules = known.lock()) return modules;
  std::shared_ptr<Modules> modules(new Modules(std::move(timing)));
  TRY(path.empty() ? modules->start_configured() : modules->start_one(path));
  known = modules;
  return modules;
}

Modules::~Modules() {
  for (auto* module : started_) {
    p11_kit_module_finalize(module);
    p11_kit_module_release(module);
  }
}

Result<Use> Modules::use() {
  Use use(gate_, std::try_to_lock);
  if (use.owns_lock()) return use;
  return Error{Fault::token_failed,
               "the PKCS#11 module is being started anew, and does not come to an end"};
}

Result<void> Modules::start_again(std::uint64_t restarts, Occasion occasion) {
  const bool serves = occasion == Occasion::coming_back && TRY(serves_somebody());
  if (!TRY(take_turn(restarts, occasion, serves))) return {};
  const auto started = start_all_again();
  const std::lock_guard lock(mutex_);
  is_turn_taken_ = false;
  turn_ended_.notify_all();
  return started;
}

Result<bool> Modules::serves_somebody() {
  const auto inside = TRY(use());
  for (auto* module : started_) {
    for (const auto& token : present_tokens(module)) {
      const std::lock_guard lock(mutex_);
      if (settled_.contains(token.slot)) return true;
    }
  }
  return false;
}

Result<bool> Modules::take_turn(std::uint64_t restarts, Occasion occasion, bool serves_somebody) {
  std::unique_lock lock(mutex_);
  if (!turn_ended_.wait_for(lock, timing_.patience, [&] { return !is_turn_taken_; })) {
    return Error{Fault::token_failed, "somebody else starts the PKCS#11 module anew all the time"};
  }
  if (restarts_ != restarts) return false;
  if (occasion == Occasion::coming_back) {
    const auto due = pace_.next(serves_somebody ? Pace::kLongest : Pace::kLong);
    if (now() < due) {
      return Error{Fault::token_failed, std::string("the PKCS#11 module") +
                                            (serves_somebody ? ", which others use," : "") +
                                            " is started anew " + in_how_long(now(), due) +
                                            " at the earliest"};
    }
    pace_.tried(now());
  }
  is_turn_taken_ = true;
  return true;
}

Result<void> Modules::start_all_again() {
  const std::unique_lock alone(gate_, std::try_to_lock);
  if (!alone.owns_lock()) {
    return Error{Fault::token_failed,
                 "the PKCS#11 module cannot be started anew: a call of it does not end"};
  }
  ++restarts_;
  {
    const std::lock_guard lock(mutex_);
    settled_.clear();
  }
  for (auto* module : started_) {
    p11_kit_module_finalize(module);
    p11_kit_module_initialize(module);
  }
  return {};
}

void Modules::came_back() {
  const std::lock_guard lock(mutex_);
  pace_.succeeded();
}

void Modules::settle(const Slot& slot) {
  const std::lock_guard lock(mutex_);
  settled_.insert(slot);
}

void Modules::leave(const Slot& slot) {
  const std::lock_guard lock(mutex_);
  const auto found = settled_.find(slot);
  if (found != settled_.end()) settled_.erase(found);
}

CK_RV Modules::start(CK_FUNCTION_LIST* module) {
  const auto answer = p11_kit_module_initialize(module);
  if (answer == CKR_OK) started_.push_back(module);
  if (answer != CKR_OK) p11_kit_module_release(module);
  return answer;
}

Result<void> Modules::start_one(const std::string& path) {
  auto* module = p11_kit_module_load(path.c_str(), 0);
  if (module == nullptr) {
    const auto* why = p11_kit_message();
    return Error{Fault::bad_configuration, "no PKCS#11 module can be loaded from " + path +
                                               (why == nullptr ? "" : ": " + std::string(why))};
  }
  const auto answer = start(module);
  if (answer == CKR_OK) return {};
  return Error{Fault::token_failed,
               "the PKCS#11 module " + path + " does not start: " + to_text(answer)};
}

/// One that does not start is as good as absent: its token is not found.
Result<void> Modules::start_configured() {
  auto** loaded = p11_kit_modules_load(nullptr, 0);
  for (auto** module = loaded; module != nullptr && *module != nullptr; ++module) {
    static_cast<void>(start(*module));
  }
  std::free(loaded);  // p11_kit_modules_load: the array is the caller's
  if (!started_.empty()) return {};
  return Error{Fault::bad_configuration,
               "p11-kit knows no PKCS#11 module; name one: module-path=/usr/lib/…/module.so"};
}

}  // namespace signet::pkcs11
