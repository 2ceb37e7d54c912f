#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "authority/crl_publisher.h"
#include "base/log.h"

namespace signet::server {

/// Publishes CRLs from a thread of its own: at the start when one is due, on schedule, and soon
/// after each revocation; what is revoked meanwhile waits for the next, so that many revocations
/// make few CRLs. A failure is logged and tried again.
class CrlSchedule {
 public:
  CrlSchedule(authority::CrlPublisher& publisher, std::chrono::seconds after_revocation, Log& log);
  ~CrlSchedule() { end(); }
  CrlSchedule(const CrlSchedule&) = delete;
  CrlSchedule& operator=(const CrlSchedule&) = delete;

  /// Something was revoked. Never blocks long.
  void status_changed();
  /// Ends the thread; what is revoked from now on waits for the next start.
  void end();

 private:
  void run();
  /// Whether all is well.
  bool publish(bool changed);

  authority::CrlPublisher& publisher_;
  std::chrono::seconds after_revocation_;
  Log& log_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool changed_ = false;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace signet::server
