#include "apps/signetd/ocsp_schedule.h"

namespace signet::server {
namespace {

constexpr std::chrono::seconds kLook{30};
constexpr std::chrono::seconds kAfterFailure{5};

}  // namespace

OcspSchedule::OcspSchedule(authority::OcspResponder& responder, Log& log)
    : responder_(responder),
      log_(log),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void OcspSchedule::end() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void OcspSchedule::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto pause = renew_ocsp_certificate(responder_, log_) ? kLook : kAfterFailure;
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, pause, [] { return false; });
  }
}

bool renew_ocsp_certificate(authority::OcspResponder& responder, Log& log) {
  const auto renewed = responder.renew_if_due();
  if (!renewed.ok()) {
    log.write(Log::Level::error, "ocsp_certificate_not_made", {{"why", renewed.error().detail}});
    return false;
  }
  if (*renewed) log.write(Log::Level::info, "ocsp_certificate_made", {});
  return true;
}

}  // namespace signet::server
