#include "apps/signetd/health.h"

#include <utility>

namespace signet::server {
namespace {

constexpr std::chrono::seconds kVerdictKept{1};
constexpr const char* kKeepsNothing = "nothing can be recorded: see the log";
constexpr const char* kStoreIsSilent = "the store does not answer: see the log";

}  // namespace

void Health::ask(std::function<void(const Condition&)> tell) {
  if (!parts_.keeps()) {
    Condition condition{.down = {kKeepsNothing}, .degraded = {}};
    condition.add(parts_.else_known());
    return tell(condition);
  }
  if (const auto answers = known()) return tell(condition(*answers));
  queue_.add([this, tell = std::move(tell)] {
    const auto answers = known();  // whoever stood before has asked
    tell(condition(answers ? *answers : find_out()));
  });
}

Condition Health::condition(bool store_answers) const {
  Condition condition;
  if (!store_answers) condition.down.emplace_back(kStoreIsSilent);
  condition.add(parts_.else_known());
  return condition;
}

std::optional<bool> Health::known() const {
  const auto now = parts_.clock.now();
  const std::lock_guard lock(mutex_);
  // A clock that was set back must not keep a verdict.
  if (!verdict_ || now >= verdict_->until || verdict_->until > now + kVerdictKept) return {};
  return verdict_->store_answers;
}

bool Health::find_out() {
  const bool answers = parts_.store_answers();
  const auto until = parts_.clock.now() + kVerdictKept;
  const std::lock_guard lock(mutex_);
  verdict_ = {answers, until};
  return answers;
}

}  // namespace signet::server
