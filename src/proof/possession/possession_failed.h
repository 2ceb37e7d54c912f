#pragma once

#include <string>

#include "base/result.h"

namespace signet::proof {

/// A proof of possession, by signature or by the answer to a challenge, that does not hold.
inline Error possession_failed(std::string why) {
  return {Fault::possession_failed, std::move(why)};
}

}  // namespace signet::proof
