#pragma once

#include <mutex>

#include "adapters/ldap/directory_publisher.h"
#include "apps/signetd/authority_entry.h"
#include "apps/signetd/condition.h"
#include "apps/signetd/turn.h"
#include "authority/published_profiles.h"
#include "store/certificate_store.h"
#include "store/committer.h"

namespace signet::server {

/// Empties the outbox into a directory, and tells it what it is to know besides: certificates that
/// were issued, confirmed, revoked, held or released, the authority's own, and its full CRLs, while
/// it is this node's turn. What stands in the store decides, each time anew, so that telling it
/// twice or in another order does no harm. A directory that is away is asked again with growing
/// pauses, and what it is to know waits; of it, what the directory does not take for now goes
/// behind the rest; what has no place there is told of once, in the log and on record
/// (CERT_PUBLICATION).
class OutboxDelivery {
 public:
  struct Pace {
    std::chrono::milliseconds between_looks{5000};
    /// From one look to the next that is woken: what many commits add is told and settled together.
    std::chrono::milliseconds gather{250};
    /// Of one look, but for what it began last.
    std::chrono::milliseconds longest_look{5000};
    /// After the authority's entry did not take what it is to know.
    std::chrono::milliseconds entry_rest{60000};
  };
  /// References outlive it.
  struct Parts {
    ldap::DirectoryPublisher directory;
    store::Engine& engine;
    store::Committer& committer;
    std::unique_ptr<Turn> turn;
    authority::PublishedProfiles profiles;
    std::vector<AuthorityEntry::Key> keys;  ///< the oldest first
    const Clock& clock;
    Log& log;
    Pace pace = {};
  };
  explicit OutboxDelivery(Parts parts);

  /// One look. Gives the pause to the next. One thread at a time.
  std::chrono::milliseconds look();

  /// For good, from any thread: a look that is under way ends at once. What the directory has not
  /// acknowledged stays in the outbox.
  void break_off() { parts_.directory.break_off(); }

  struct Known {
    std::uint64_t published = 0;  ///< certificates, since the start
    std::uint64_t withdrawn = 0;
    std::uint64_t refused = 0;                     ///< that have no place in the directory
    std::optional<Time> oldest_due = {};           ///< since when the oldest that was left waits
    std::optional<Time> failing_since = {};        ///< the directory, or the store
    std::optional<Time> entry_failing_since = {};  ///< the authority's entry
  };
  /// Any thread.
  [[nodiscard]] Known known() const;
  [[nodiscard]] Condition condition() const;

 private:
  using SteadyClock = std::chrono::steady_clock;
  enum class Told { published, withdrawn, nothing };

  /// As it is in the store.
  struct Standing {
    store::CertificateRecord record;
    bool belongs_there = false;  ///< in force, and not withheld
  };

  /// What came of those that were due.
  struct Settled {
    std::vector<std::uint64_t> numbers;
    std::vector<audit::Event> refusals;
    std::vector<store::OutboxEntry> put_off;  ///< to the end of their line
    std::optional<Error> why_some_are_left;
  };

  Result<bool> tell();
  void tell_left(const std::optional<Error>& why);
  Result<void> tell_of_authority();
  Result<bool> tell_of_certificates();
  [[nodiscard]] Result<std::vector<store::OutboxEntry>> first_in_outbox() const;
  Result<void> tell_of(const store::OutboxEntry& due, Settled& settled);
  Result<Told> tell_of(const store::Integer& serial);
  Result<Told> tell_of(const Standing& stands);
  [[nodiscard]] Result<Standing> look_up(const store::Integer& serial) const;
  void refuse(const store::OutboxEntry& due, const Error& why, Settled& settled);
  [[nodiscard]] bool may_wait(const store::OutboxEntry& due, const Error& why) const;
  [[nodiscard]] bool is_to_leave(const store::Integer& serial) const;
  Result<void> settle(Settled settled);
  void note(Told told);
  void note_left(const std::vector<store::OutboxEntry>& due, const Settled& settled);
  std::chrono::milliseconds rest_for(std::chrono::milliseconds rest);
  std::chrono::milliseconds rest_after(const Error& why);
  void go_on();

  Parts parts_;
  AuthorityEntry entry_;
  bool pressing_first_ = true;
  std::string left_told_;             ///< why some were left, as the log has it
  std::chrono::milliseconds rest_{};  ///< the last one; 0: none
  SteadyClock::time_point rests_until_ = {};
  mutable std::mutex mutex_;
  Known known_;
};

}  // namespace signet::server
