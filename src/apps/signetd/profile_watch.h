#pragma once

#include <atomic>

#include "apps/signetd/profile_source.h"
#include "base/log.h"
#include "policy/offered_profiles.h"
#include "policy/profile_collection.h"
#include "store/committer.h"

namespace signet::server {

/// What a server's profiles come from, and what it began with.
struct BegunProfiles {
  std::unique_ptr<ProfileSource> source;
  std::string place;
  policy::ProfileCollection collection;
  std::vector<std::string> defaults;
};
/// Reads and checks them; warnings are logged, and the errors of those left out
/// (policy::WithErrors::leave_out). `defaults`: the ids that serve messages which name none.
/// Faults: those of the place; bad_configuration where none can be offered.
Result<BegunProfiles> begin_profiles(std::unique_ptr<ProfileSource> source,
                                     std::vector<std::string> defaults, Log& log);

/// Sees to it that what is offered is what the source has: all of its newest state or, when one of
/// it has an error that could be offered or was not there before, all of the last one. Each change,
/// and each refusal of one, goes on record as CONFIG_CERT_PROFILE, before it counts.
class ProfileWatch {
 public:
  /// References outlive the watch.
  struct Parts {
    BegunProfiles begun;
    std::shared_ptr<policy::OfferedProfiles> offered;
    store::Committer& committer;
    const Clock& clock;
    Log& log;
  };
  explicit ProfileWatch(Parts parts)
      : parts_(std::move(parts)), is_whole_(parts_.begun.collection.left_out.empty()) {}

  /// One look. Gives the pause to the next. One thread at a time.
  std::chrono::milliseconds look();
  /// The next look takes what is there, whether or not somebody is still at it. Any thread.
  void make_haste() { in_haste_ = true; }
  /// Whether the source answered at the last look, and its newest state is what is offered, without
  /// a profile left out. Any thread.
  [[nodiscard]] bool is_current() const { return is_current_ && answers_ && is_whole_; }

 private:
  void notice(Result<std::optional<FoundProfiles>> found);
  Result<void> take(const FoundProfiles& found);
  Result<void> offer(const FoundProfiles& found, policy::ProfileCollection next);
  Result<void> refuse(const FoundProfiles& found, const Error& why);
  Result<void> record(audit::EventOutcome outcome, std::vector<audit::Field> fields);

  Parts parts_;
  std::optional<FoundProfiles> untaken_;
  std::atomic<bool> answers_ = true;  ///< the source does
  bool records_ = true;               ///< the journal does
  std::atomic<bool> in_haste_ = false;
  std::atomic<bool> is_current_ = true;
  std::atomic<bool> is_whole_;  ///< none is left out of what is offered
};

}  // namespace signet::server
