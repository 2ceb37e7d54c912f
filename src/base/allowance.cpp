#include "base/allowance.h"

#include <utility>

namespace signet {
namespace {

Error not_left() {
  return {Fault::busy, "what is held of such at this moment leaves no room for it"};
}

Error over_share(std::size_t most_of_one) {
  return {Fault::busy, "its client holds as much as one may have at a time: " +
                           std::to_string(most_of_one) + " octets"};
}

}  // namespace

Result<Allowance::Held> Allowance::take(std::size_t amount, const std::string& whose) {
  // Before anything is counted: it may find no memory.
  auto give_back = [taken = taken_, amount, whose](const void*) {
    const std::lock_guard lock(taken->mutex);
    const auto of_one = taken->of_one.find(whose);
    taken->of_all -= amount;
    if ((of_one->second -= amount) == 0) taken->of_one.erase(of_one);
  };
  {
    const std::lock_guard lock(taken_->mutex);
    const auto found = taken_->of_one.find(whose);
    const auto has = found == taken_->of_one.end() ? 0 : found->second;
    if (amount > most_ - taken_->of_all) return not_left();
    const bool has_share = has > 0 && !whose.empty();
    if (has_share && has + amount > most_of_one_) return over_share(most_of_one_);
    taken_->of_one[whose] += amount;
    taken_->of_all += amount;
  }
  // Called at once where memory runs out for the pointer itself.
  return Held(static_cast<const void*>(taken_.get()), std::move(give_back));
}

std::size_t Allowance::taken() const {
  const std::lock_guard lock(taken_->mutex);
  return taken_->of_all;
}

}  // namespace signet
