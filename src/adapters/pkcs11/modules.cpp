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

Result<std::shared_ptr<Modules>> Modules::at(const std::string& path) {
  auto& all = registry();
  const std::lock_guard lock(all.mutex);
  auto& known = all.by_path[real_path(path)];
  if (auto modules = known.lock()) return modules;
  std::shared_ptr<Modules> modules(new Modules);
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

void Modules::start_again(std::uint64_t restarts) {
  const std::lock_guard alone(gate_);
  if (restarts != restarts_) return;
  ++restarts_;
  for (auto* module : started_) {
    p11_kit_module_finalize(module);
    p11_kit_module_initialize(module);
  }
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
