#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "apps/signetd/turn.h"
#include "authority/crl_maker.h"
#include "base/log.h"

namespace signet::server {

/// Publishes CRLs and deltas from a thread of its own, while it is this node's turn: at the start
/// when one is due, on schedule, and soon after each revocation; what is revoked meanwhile waits
/// for the next, so that many revocations make few CRLs. A failure is logged and tried again. Where
/// there are CRLs of a key that this node does not know, it gives its turn back after each look, so
/// that a node that knows it has it soon.
class CrlSchedule {
 public:
  struct Pace {
    std::chrono::seconds after_revocation;
    std::chrono::seconds look;  ///< so often for what became due, or what other nodes revoked
  };
  /// `makers`: one for each key of the authority; they outlive the schedule.
  CrlSchedule(std::vector<authority::CrlMaker*> makers, Turn& turn, Pace pace, Log& log);
  ~CrlSchedule() { end(); }
  CrlSchedule(const CrlSchedule&) = delete;
  CrlSchedule& operator=(const CrlSchedule&) = delete;

  /// Something was revoked. Never blocks long.
  void status_changed();
  /// Ends the thread; the next start tells of what is revoked from now on.
  void end();

 private:
  void run();
  /// So long until the next look.
  std::chrono::seconds make_due();
  std::chrono::seconds make_due(authority::CrlMaker& maker);
  void tell_left_alone(std::size_t shards);

  std::vector<authority::CrlMaker*> makers_;
  Turn& turn_;
  Pace pace_;
  Log& log_;
  std::size_t left_alone_ = 0;  ///< shards in this look
  std::size_t told_ = 0;        ///< of those that were left alone
  std::mutex mutex_;
  std::condition_variable wake_;
  bool changed_ = false;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace signet::server
