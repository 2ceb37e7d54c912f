#pragma once

#include <netdb.h>

#include <chrono>
#include <string_view>

#include "adapters/tcp/address.h"
#include "base/result.h"

/// How the client comes to a connection. Private to this room.
namespace signet::tcp {

using Clock = std::chrono::steady_clock;

/// A socket that never blocks; closed when it goes. Negative when there is none.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

enum class Wait { done, too_long };
/// Until the socket can be read or written (`events`, as for poll), or has failed.
Wait wait_for(const Descriptor& socket, short events, Clock::time_point until);

/// The address before what went wrong there.
Error failed(Fault fault, const Address& with, std::string_view what);

/// To the first of the host's addresses that takes it; finding them takes as long as the name
/// service does. Faults: directory_unreachable.
Result<Descriptor> connect(const Address& to, std::chrono::seconds timeout);

/// To the first of `places` that takes it. One that says nothing leaves the others their share of
/// the time. Faults: directory_unreachable, with the error of the last.
Result<Descriptor> connect_to_first(const addrinfo* places, const Address& named,
                                    std::chrono::seconds timeout);

}  // namespace signet::tcp
