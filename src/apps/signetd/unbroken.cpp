#include "apps/signetd/unbroken.h"

#include <exception>

namespace signet::server {
namespace {

/// As after the other failures of the server's own work.
constexpr std::chrono::seconds kAfterThrown{5};

void tell(std::string_view what, Log& log, std::string_view why) noexcept {
  try {
    log.write(Log::Level::error, "own_work_broken_off", {{"what", what}, {"why", why}});
  } catch (...) {
    // There is nobody left to tell.
  }
}

}  // namespace

std::chrono::milliseconds unbroken(std::string_view what, Log& log,
                                   const std::function<std::chrono::milliseconds()>& round) {
  try {
    return round();
  } catch (const std::exception& thrown) {
    tell(what, log, thrown.what());
  } catch (...) {
    tell(what, log, "unknown exception");
  }
  return kAfterThrown;
}

}  // namespace signet::server
