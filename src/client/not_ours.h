#pragma once

#include <string>

#include "base/result.h"

namespace signet::client {

/// What a challenge is refused by, so that the transaction is given up.
inline Error not_ours(std::string why) {
  return {Fault::possession_failed, "the server's challenge is not for us: " + std::move(why)};
}

}  // namespace signet::client
