#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "crypto/private_key.h"

namespace signet::bench {

/// Keys that nobody had before, quickly: to find the primes of thousands of RSA keys takes minutes,
/// so those of this maker share some hundred primes, each pair of them once. Good for a trial's
/// requests and for nothing else: who holds two of such keys can compute both. Safe for many
/// threads.
class FreshKeys {
 public:
  /// `kind`: as crypto::generate_private_key. `most`: no more are asked for.
  FreshKeys(std::string kind, std::size_t most);
  ~FreshKeys();
  FreshKeys(const FreshKeys&) = delete;
  FreshKeys& operator=(const FreshKeys&) = delete;

  [[nodiscard]] std::unique_ptr<crypto::PrivateKey> make();

 private:
  struct Primes;
  std::string kind_;
  std::unique_ptr<const Primes> primes_;  ///< null: no RSA keys
  std::atomic<std::size_t> made_{0};
};

}  // namespace signet::bench
