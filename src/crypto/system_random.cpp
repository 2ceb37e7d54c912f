#include <openssl/rand.h>

#include "crypto/digest.h"
#include "crypto/openssl.h"

namespace signet::crypto {
namespace {

class SystemRandom final : public RandomSource {
 public:
  Result<void> fill(std::span<std::uint8_t> octets) override {
    if (RAND_bytes_ex(nullptr, octets.data(), octets.size(), 0) == 1) return {};
    return Error{Fault::internal, "the random generator failed: " + openssl::reason()};
  }
};

}  // namespace

RandomSource& system_random() {
  static SystemRandom source;
  return source;
}

}  // namespace signet::crypto
