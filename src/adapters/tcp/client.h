#pragma once

#include <chrono>
#include <memory>

#include "adapters/tcp/address.h"
#include "base/bytes.h"
#include "base/result.h"

namespace signet::tcp {

struct ClientSettings {
  std::chrono::seconds connect_timeout{10};      ///< all addresses of the host share it
  std::chrono::seconds timeout{60};              ///< from the first octet sent to the last received
  std::size_t most_octets = 16UL * 1024 * 1024;  ///< of an answer
};

/// A client of messages over TCP, one connection kept for the next message to the same address. Not
/// for several threads at once. Never repeats: who has no answer does not know what became of the
/// message.
class Client {
 public:
  Client();
  ~Client();

  /// Sends a message and reads its answer: one BER element, and not an octet more. Nobody vouches
  /// for who answers: check what it signed.
  /// Faults: directory_unreachable (no such name, nobody there), busy (closed without an answer,
  /// timed out), malformed (the answer is no message, or not alone), too_large.
  Result<Bytes> exchange(const Address& to, ByteView message, const ClientSettings& settings = {});

 private:
  struct Kept;
  std::unique_ptr<Kept> kept_;
};

}  // namespace signet::tcp
