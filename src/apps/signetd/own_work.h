#pragma once

#include <list>
#include <optional>
#include <string>

#include "apps/configuration/configuration.h"
#include "apps/signetd/chore.h"
#include "apps/signetd/crl_schedule.h"
#include "apps/signetd/keeping.h"
#include "apps/signetd/signing.h"
#include "apps/signetd/turn.h"
#include "apps/signetd/watches.h"

namespace signet::server {

/// What the server does unasked, on threads of its own: makes CRLs and OCSP certificates, settles
/// confirmations that are overdue, tries whether anything can be recorded, and has the watches
/// look. Its threads end with it, before anything that they use.
class OwnWork {
 public:
  /// What it is done with, and outlives it.
  struct Parts {
    Ground ground;
    const Signing& signing;
    const Watches& watches;
  };
  OwnWork(const Configuration& configuration, const Parts& parts);
  OwnWork(const OwnWork&) = delete;
  OwnWork& operator=(const OwnWork&) = delete;

  /// The first CRLs, on the node whose turn it is, and OCSP certificates are there when it returns,
  /// so that the first request finds them; an OCSP certificate that cannot be made is logged, and
  /// tried again. Once. Faults: those of publishing CRLs.
  Result<void> start();
  /// Ends the threads, after the work that is under way; one thread at a time.
  void end();

  // Once it was started, from any thread; none of them blocks long.
  /// Something was revoked, held or released.
  void status_changed();
  /// A directory is to be told of something.
  void publication_due();
  /// What there is of profiles now is taken, whether or not somebody is still at it.
  void look_at_profiles();

 private:
  Result<void> make_first_crls();
  void start_chores();
  template <typename Watch>
  Chore& have_look(const char* name, Watch& watch);
  std::chrono::seconds renew_ocsp_certificates();
  std::chrono::seconds renew_ocsp_certificate(authority::OcspResponder& responder);
  std::chrono::seconds settle_overdue();

  const Parts parts_;
  const std::string node_;
  const CrlSchedule::Pace pace_;
  Turn turn_;  ///< of what one node at a time does
  std::optional<CrlSchedule> crls_;
  std::list<Chore> chores_;
  Chore* profile_looks_ = nullptr;   ///< one of those
  Chore* delivery_looks_ = nullptr;  ///< likewise; null: nothing is published
};

}  // namespace signet::server
