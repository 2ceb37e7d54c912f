#include <p11-kit/p11-kit.h>

#include <cstdlib>

#include "adapters/pkcs11/place.h"
#include "adapters/pkcs11/session.h"

namespace signet::pkcs11 {
namespace {

/// PKCS#11 modules that are started; each one is stopped at the end.
class Modules {
 public:
  /// The module at `path`, or, when it is empty, all that p11-kit is configured for.
  static Result<Modules> start(const std::string& path) {
    return path.empty() ? start_configured() : start_one(path);
  }
  ~Modules() {
    for (auto* module : started_) {
      p11_kit_module_finalize(module);
      p11_kit_module_release(module);
    }
  }
  Modules(Modules&& other) noexcept : started_(std::move(other.started_)) {
    other.started_.clear();
  }
  Modules& operator=(Modules&&) = delete;

  /// One that does not start again has no slots.
  void start_again() {
    for (auto* module : started_) {
      p11_kit_module_finalize(module);
      p11_kit_module_initialize(module);
    }
  }
  [[nodiscard]] const std::vector<CK_FUNCTION_LIST*>& started() const { return started_; }

 private:
  Modules() = default;

  CK_RV start(CK_FUNCTION_LIST* module) {
    const auto answer = p11_kit_module_initialize(module);
    if (answer == CKR_OK) started_.push_back(module);
    if (answer != CKR_OK) p11_kit_module_release(module);
    return answer;
  }

  static Result<Modules> start_one(const std::string& path) {
    auto* module = p11_kit_module_load(path.c_str(), 0);
    if (module == nullptr) {
      const auto* why = p11_kit_message();
      return Error{Fault::bad_configuration, "no PKCS#11 module can be loaded from " + path +
                                                 (why == nullptr ? "" : ": " + std::string(why))};
    }
    Modules modules;
    const auto answer = modules.start(module);
    if (answer == CKR_OK) return modules;
    return Error{Fault::token_failed,
                 "the PKCS#11 module " + path + " does not start: " + to_text(answer)};
  }

  /// One that does not start is as good as absent: its token is not found.
  static Result<Modules> start_configured() {
    auto** loaded = p11_kit_modules_load(nullptr, 0);
    Modules modules;
    for (auto** module = loaded; module != nullptr && *module != nullptr; ++module) {
      modules.start(*module);
    }
    std::free(loaded);  // p11_kit_modules_load: the array is the caller's
    if (!modules.started_.empty()) return modules;
    return Error{Fault::bad_configuration,
                 "p11-kit knows no PKCS#11 module; name one: module-path=/usr/lib/…/module.so"};
  }

  std::vector<CK_FUNCTION_LIST*> started_;
};

template <std::size_t size>
std::string unpadded(const unsigned char (&text)[size]) {
  return {reinterpret_cast<const char*>(text), p11_kit_space_strlen(text, size)};
}

/// The initialized tokens of a module. C_GetSlotList without a list makes it look anew.
std::vector<Slot> slots_with_tokens(CK_FUNCTION_LIST* module) {
  CK_ULONG count = 0;
  if (module->C_GetSlotList(CK_TRUE, nullptr, &count) != CKR_OK) return {};
  std::vector<CK_SLOT_ID> ids(count);
  if (module->C_GetSlotList(CK_TRUE, ids.data(), &count) != CKR_OK) return {};
  ids.resize(count);
  std::vector<Slot> slots;
  for (const auto id : ids) slots.push_back({module, id});
  return slots;
}

bool matches(const std::string& wanted, const std::string& found) {
  return wanted.empty() || wanted == found;
}

class UriPlace final : public Place {
 public:
  UriPlace(Modules modules, const Uri& uri)
      : modules_(std::move(modules)),
        uri_(uri),
        name_(uri.token.empty() ? "the token" : "token \"" + uri.token + "\"") {}

  Result<Slot> find() override {
    std::vector<Slot> found;
    std::string labels;
    for (auto* module : modules_.started()) {
      for (const auto& slot : slots_with_tokens(module)) {
        CK_TOKEN_INFO info{};
        if (module->C_GetTokenInfo(slot.id, &info) != CKR_OK) continue;
        if ((info.flags & CKF_TOKEN_INITIALIZED) == 0) continue;
        labels += (labels.empty() ? "" : ", ") + unpadded(info.label);
        if (is_meant(info)) found.push_back(slot);
      }
    }
    if (found.size() == 1) return found.front();
    return found.empty() ? absent(labels) : ambiguous(labels);
  }

  /// Many modules look for tokens only when they start.
  Result<Slot> find_again() override {
    auto found = find();
    if (found.ok()) return found;
    modules_.start_again();
    return find();
  }

  [[nodiscard]] const std::string& name() const override { return name_; }
  [[nodiscard]] bool keys_may_leave() const override { return false; }

 private:
  [[nodiscard]] bool is_meant(const CK_TOKEN_INFO& info) const {
    return matches(uri_.token, unpadded(info.label)) &&
           matches(uri_.manufacturer, unpadded(info.manufacturerID)) &&
           matches(uri_.model, unpadded(info.model)) &&
           matches(uri_.serial, unpadded(info.serialNumber));
  }
  [[nodiscard]] Error absent(const std::string& labels) const {
    return {Fault::bad_configuration,
            name_ + " is not there; there is " + (labels.empty() ? "none" : labels)};
  }
  [[nodiscard]] static Error ambiguous(const std::string& labels) {
    return {Fault::bad_configuration,
            "more than one token fits; say which by token= or serial=: " + labels};
  }

  Modules modules_;
  Uri uri_;
  std::string name_;
};

}  // namespace

Result<std::unique_ptr<Place>> place_by_uri(const Uri& uri) {
  auto modules = TRY(Modules::start(uri.module_path));
  return std::unique_ptr<Place>(std::make_unique<UriPlace>(std::move(modules), uri));
}

}  // namespace signet::pkcs11
