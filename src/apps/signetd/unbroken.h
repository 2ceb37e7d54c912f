#pragma once

#include <chrono>
#include <functional>
#include <string_view>

#include "base/log.h"

namespace signet::server {

/// Does one round of the server's own work, which says how long to rest. What is thrown in it, by a
/// library or for want of memory, goes into the log and ends neither the thread nor the process.
std::chrono::milliseconds unbroken(std::string_view what, Log& log,
                                   const std::function<std::chrono::milliseconds()>& round);

}  // namespace signet::server
