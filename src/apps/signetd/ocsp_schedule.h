#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "authority/ocsp_responder.h"

namespace signet::server {

/// Has the OCSP responder's certificate made and renewed in time, from a thread of its own. A
/// failure is logged and tried again; meanwhile the old certificate signs.
class OcspSchedule {
 public:
  OcspSchedule(authority::OcspResponder& responder, Log& log);
  ~OcspSchedule() { end(); }
  OcspSchedule(const OcspSchedule&) = delete;
  OcspSchedule& operator=(const OcspSchedule&) = delete;

  /// Ends the thread.
  void end();

 private:
  void run(const std::stop_token& stop);

  authority::OcspResponder& responder_;
  Log& log_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

/// Renews when it is due. A failure is logged. Whether all is well.
bool renew_ocsp_certificate(authority::OcspResponder& responder, Log& log);

}  // namespace signet::server
