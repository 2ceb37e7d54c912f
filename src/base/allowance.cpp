#include "base/allowance.h"

namespace signet {

Allowance::Held Allowance::take(std::size_t amount) {
  auto before = taken_->load();
  do {
    if (amount > most_ - before) return nullptr;
  } while (!taken_->compare_exchange_weak(before, before + amount));
  // Called at once where memory runs out for the pointer itself.
  const auto give_back = [taken = taken_, amount](const void*) { *taken -= amount; };
  return Held(static_cast<const void*>(taken_.get()), give_back);
}

}  // namespace signet
