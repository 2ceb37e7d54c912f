#include "adapters/pkcs11/modules.h"
#include "adapters/pkcs11/place.h"
#include "adapters/pkcs11/session.h"
#include "adapters/pkcs11/slots.h"

namespace signet::pkcs11 {
namespace {

bool matches(const std::string& wanted, const std::string& found) {
  return wanted.empty() || wanted == found;
}

class UriPlace final : public Place {
 public:
  UriPlace(std::shared_ptr<Modules> modules, const Uri& uri)
      : modules_(std::move(modules)),
        uri_(uri),
        name_(uri.token.empty() ? "the token" : "token \"" + uri.token + "\"") {}

  Result<Slot> find() override {
    std::vector<Slot> found;
    std::string labels;
    for (auto* module : modules_->started()) {
      for (const auto& token : present_tokens(module)) {
        labels += (labels.empty() ? "" : ", ") + unpadded(token.info.label);
        if (is_meant(token.info)) found.push_back(token.slot);
      }
    }
    if (found.size() == 1) return found.front();
    return found.empty() ? absent(labels) : ambiguous(labels);
  }

  [[nodiscard]] Result<Use> use() override { return modules_->use(); }
  [[nodiscard]] std::uint64_t restarts() const override { return modules_->restarts(); }
  Result<void> start_again(std::uint64_t restarts, Occasion occasion) override {
    return modules_->start_again(restarts, occasion);
  }
  void came_back() override { modules_->came_back(); }
  void settle(const Slot& slot) override { modules_->settle(slot); }
  void leave(const Slot& slot) override { modules_->leave(slot); }
  [[nodiscard]] Pace::Clock::time_point now() const override { return modules_->now(); }

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

  std::shared_ptr<Modules> modules_;
  Uri uri_;
  std::string name_;
};

}  // namespace

Result<std::unique_ptr<Place>> place_by_uri(const Uri& uri) {
  auto modules = TRY(Modules::at(uri.module_path));
  return std::unique_ptr<Place>(std::make_unique<UriPlace>(std::move(modules), uri));
}

}  // namespace signet::pkcs11
