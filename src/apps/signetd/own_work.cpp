#include "apps/signetd/own_work.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "apps/signetd/recording_probe.h"

namespace signet::server {
namespace {

/// How often a node looks for what is to be done, and how long another one waits before it takes
/// over. Where there is no other, nobody waits: the one server has the same name each time.
struct Rhythm {
  std::chrono::seconds look{30};
  std::chrono::seconds lease{120};
};

Rhythm rhythm_of(const Configuration::Store& settings) {
  if (settings.engine != StoreEngine::postgres) return {};
  return {.look = std::chrono::seconds{1}, .lease = std::chrono::seconds{10}};
}

constexpr std::chrono::seconds kLook{30};
constexpr std::chrono::seconds kAfterFailure{5};

std::vector<authority::CrlMaker*> pointers_to(
    const std::vector<std::unique_ptr<authority::CrlMaker>>& makers) {
  std::vector<authority::CrlMaker*> pointers;
  for (const auto& maker : makers) pointers.push_back(maker.get());
  return pointers;
}

}  // namespace

OwnWork::OwnWork(const Configuration& configuration, const Parts& parts)
    : parts_(parts),
      node_(name_of_this_node(configuration.audit.journal)),
      pace_{.after_revocation = std::chrono::seconds{configuration.crl.after_revocation_seconds},
            .look = rhythm_of(configuration.store).look},
      turn_({.leases = *parts.ground.keeping.leases,
             .name = "schedules",
             .holder = node_,
             .log = parts.ground.log,
             .duration = rhythm_of(configuration.store).lease}) {}

Result<void> OwnWork::start() {
  TRY(make_first_crls());
  renew_ocsp_certificates();
  crls_.emplace(pointers_to(parts_.signing.crl_makers), turn_, pace_, parts_.ground.log);
  start_chores();
  return {};
}

void OwnWork::end() {
  if (crls_) crls_->end();
  for (auto& chore : chores_) chore.end();
}

void OwnWork::status_changed() {
  crls_->status_changed();
}

void OwnWork::publication_due() {
  if (delivery_looks_ != nullptr) delivery_looks_->wake();
}

void OwnWork::look_at_profiles() {
  parts_.watches.profiles->make_haste();
  profile_looks_->wake();
}

/// Who asks a new authority finds a CRL.
Result<void> OwnWork::make_first_crls() {
  if (!turn_.is_ours()) return {};
  for (const auto& maker : parts_.signing.crl_makers) TRY(maker->make_due());
  return {};
}

void OwnWork::start_chores() {
  const auto& [keeping, clock, log] = parts_.ground;
  const auto& watches = parts_.watches;
  chores_.emplace_back("recording", log,
                       [probe = RecordingProbe({.committer = *keeping.committer,
                                                .leases = *keeping.leases,
                                                .node = node_,
                                                .clock = clock,
                                                .log = log})] { return probe.look(); });
  chores_.emplace_back("confirmations", log, [this] { return settle_overdue(); });
  if (!parts_.signing.ocsp.empty()) {
    chores_.emplace_back("OCSP certificates", log, [this] { return renew_ocsp_certificates(); });
  }
  profile_looks_ = &have_look("profiles", *watches.profiles);
  have_look("lifetimes", *watches.lifetimes);
  if (watches.clock) have_look("clocks", *watches.clock);
  if (watches.store) have_look("reading the store", *watches.store);
  if (watches.delivery) {
    auto& delivery = *watches.delivery;
    delivery_looks_ = &chores_.emplace_back(
        "publishing", log, [&delivery] { return delivery.look(); },
        [&delivery] { delivery.break_off(); });
  }
}

template <typename Watch>
Chore& OwnWork::have_look(const char* name, Watch& watch) {
  return chores_.emplace_back(name, parts_.ground.log, [&watch] { return watch.look(); });
}

/// Those of a key whose certificate has ended have nothing to sign.
std::chrono::seconds OwnWork::renew_ocsp_certificates() {
  const auto& signing = parts_.signing;
  auto pause = kLook;
  for (std::size_t at = 0; at < signing.ocsp.size(); ++at) {
    const auto& authority = signing.issuer_at(at).certificate();
    const bool is_earlier = at + 1 < signing.ocsp.size();
    if (is_earlier && authority->validity.not_after < parts_.ground.clock.now()) continue;
    pause = std::min(pause, renew_ocsp_certificate(*signing.ocsp[at]));
  }
  return pause;
}

/// A failure is logged and tried again; meanwhile the old certificate signs.
std::chrono::seconds OwnWork::renew_ocsp_certificate(authority::OcspResponder& responder) {
  auto& log = parts_.ground.log;
  const auto renewed = responder.renew_if_due();
  if (!renewed.ok()) {
    log.write(Log::Level::error, "ocsp_certificate_not_made", {{"why", renewed.error().detail}});
    return kAfterFailure;
  }
  if (*renewed) log.write(Log::Level::info, "ocsp_certificate_made", {});
  return kLook;
}

std::chrono::seconds OwnWork::settle_overdue() {
  if (!turn_.is_ours()) return kLook;
  const auto settled = parts_.signing.authority->settle_overdue();
  if (!settled.ok()) {
    parts_.ground.log.write(Log::Level::error, "overdue_confirmations",
                            {{"why", settled.error().detail}});
    return kAfterFailure;
  }
  if (*settled == 0) return kLook;
  crls_->status_changed();
  return std::chrono::seconds{0};  // there may be more
}

}  // namespace signet::server
