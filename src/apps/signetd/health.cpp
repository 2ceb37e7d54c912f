#include "apps/signetd/health.h"

#include <utility>

namespace signet::server {
namespace {

constexpr std::chrono::seconds kVerdictKept{1};

}  // namespace

void Health::ask(std::function<void(bool)> tell) {
  if (!parts_.keeps()) return tell(false);
  if (const auto answers = known()) return tell(*answers);
  line_.add([this, tell = std::move(tell)] {
    const auto answers = known();  // whoever stood before has asked
    tell(answers ? *answers : find_out());
  });
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
