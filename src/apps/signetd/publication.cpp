#include "apps/signetd/publication.h"

#include <algorithm>
#include <utility>

namespace signet::server {
namespace {

constexpr std::chrono::milliseconds kFirstRest{1000};
constexpr std::chrono::milliseconds kLongestRest{60000};
constexpr std::size_t kMostAtOnce = 256;
/// A server that is to end waits for a look.
constexpr std::chrono::seconds kLongestLook{5};
/// With one that is not taken though the directory is there: an administrator may be at it.
constexpr std::chrono::hours kPatienceWithOne{24};
constexpr std::chrono::hours kLong{1};

bool is_away(const Error& why) {
  return why.fault == Fault::directory_unreachable;
}

/// Another try may be worth while.
bool may_pass(const Error& why) {
  return is_away(why) || why.fault == Fault::busy || why.fault == Fault::not_allowed ||
         why.fault == Fault::storage_failed;
}

}  // namespace

/// Whoever wakes it does not end a rest.
std::chrono::milliseconds Publication::look() {
  const auto now = SteadyClock::now();
  if (now < rests_until_) {
    return std::chrono::ceil<std::chrono::milliseconds>(rests_until_ - now);
  }
  if (!parts_.turn->is_ours()) {
    const std::lock_guard lock(mutex_);
    known_.oldest_due.reset();  // for the node to tell whose turn it is
    known_.failing_since.reset();
    return rest_for(parts_.pace.between_looks);
  }
  const auto told = tell();
  if (!told.ok()) return rest_after(told.error());
  go_on();
  if (*told) return std::chrono::milliseconds{0};
  rest_for(parts_.pace.gather);
  return parts_.pace.between_looks;
}

std::chrono::milliseconds Publication::rest_for(std::chrono::milliseconds rest) {
  rests_until_ = SteadyClock::now() + rest;
  return rest;
}

/// Gives whether there may be more.
Result<bool> Publication::tell() {
  bool may_be_more = false;
  if (parts_.directory.has_users()) may_be_more = TRY(tell_of_certificates());
  if (parts_.directory.has_authority()) {
    TRY(tell_of_authority());
    TRY(tell_of_crls());
  }
  return may_be_more;
}

Result<bool> Publication::tell_of_certificates() {
  const auto due = TRY(parts_.engine.due_publications(kMostAtOnce));
  const auto until = SteadyClock::now() + kLongestLook;
  Settled settled;
  for (const auto& each : due) {
    if (!parts_.turn->is_ours() || SteadyClock::now() > until) break;
    const auto told = tell_of(each, settled);
    if (told.ok()) continue;
    settled.why_some_are_left = told.error();
    if (is_away(told.error())) break;
  }
  note_left(due, settled);
  const auto why = settled.why_some_are_left;
  const bool may_be_more = due.size() == kMostAtOnce || settled.numbers.size() < due.size();
  TRY(settle(std::move(settled)));
  if (why && is_away(*why)) return *why;
  tell_left(why);
  return !why && may_be_more;
}

/// Faults: those that may pass; then it stays.
Result<void> Publication::tell_of(const store::Publication& due, Settled& settled) {
  const auto record = TRY(parts_.engine.find_certificate(due.serial_number));
  const auto told = record
                        ? tell_of(*record)
                        : Result<Told>(Error{Fault::certificate_not_found, "it is not on record"});
  if (told.ok()) {
    note(*told);
  } else {
    if (may_wait(due, told.error())) return told.error();
    refuse(due, told.error(), settled);
  }
  settled.numbers.push_back(due.number);
  return {};
}

bool Publication::may_wait(const store::Publication& due, const Error& why) const {
  return is_away(why) || (may_pass(why) && parts_.clock.now() - due.at < kPatienceWithOne);
}

/// Whatever was wished: that may be long ago, and no order of wishes is the order of decisions.
Result<Publication::Told> Publication::tell_of(const store::CertificateRecord& record) {
  const bool is_published = parts_.profiles.includes(record.profile_id);
  const auto certificate = TRY(pkix::read_certificate(record.certificate_der));
  if (record.status != store::CertificateStatus::valid ||
      TRY(parts_.engine.is_withheld(record.serial_number))) {
    const auto withdrawn = parts_.directory.withdraw(certificate);
    if (withdrawn.ok()) return Told::withdrawn;
    // It may have been published under other settings, and need not have been.
    if (!is_published && !may_pass(withdrawn.error())) return Told::nothing;
    return withdrawn.error();
  }
  if (!is_published || record.not_after < parts_.clock.now()) return Told::nothing;
  if (TRY(parts_.engine.find_awaited(record.serial_number))) return Told::nothing;
  TRY(parts_.directory.publish(certificate));
  return Told::published;
}

void Publication::refuse(const store::Publication& due, const Error& why, Settled& settled) {
  const auto serial = "0x" + due.serial_number.to_hex();
  parts_.log.write(Log::Level::warning, "certificate_not_published",
                   {{"serial_number", serial}, {"why", why.detail}});
  settled.refusals.push_back(
      {"CERT_PUBLICATION",
       parts_.clock.now_precise(),
       audit::EventOutcome::failure,
       {{"SubjectID", "$System$"}, {"CertSerialNum", serial}, {"Info", why.detail}}});
  const std::lock_guard lock(mutex_);
  ++known_.refused;
}

/// On record first: what is settled is not told again.
Result<void> Publication::settle(Settled settled) {
  if (!settled.refusals.empty()) {
    store::Commit commit;
    commit.events = std::move(settled.refusals);
    const auto recorded = parts_.committer.commit(std::move(commit));
    if (recorded.failed) return *recorded.failed;
  }
  if (settled.numbers.empty()) return {};
  return parts_.engine.settle_publications(settled.numbers);
}

void Publication::note(Told told) {
  const std::lock_guard lock(mutex_);
  if (told == Told::published) ++known_.published;
  if (told == Told::withdrawn) ++known_.withdrawn;
}

void Publication::note_left(const std::vector<store::Publication>& due, const Settled& settled) {
  const auto left = std::find_if(due.begin(), due.end(), [&](const auto& each) {
    return std::find(settled.numbers.begin(), settled.numbers.end(), each.number) ==
           settled.numbers.end();
  });
  const std::lock_guard lock(mutex_);
  known_.oldest_due = left == due.end() ? std::nullopt : std::optional(left->at);
}

/// Once for each reason.
void Publication::tell_left(const std::optional<Error>& why) {
  const auto detail = why ? why->detail : "";
  if (std::exchange(left_told_, detail) == detail || !why) return;
  parts_.log.write(Log::Level::warning, "certificates_not_yet_published", {{"why", detail}});
}

Result<void> Publication::tell_of_authority() {
  if (authority_told_) return {};
  std::vector<pkix::Certificate> certificates;
  for (const auto& key : parts_.keys) certificates.push_back(key.certificate);
  const auto told = parts_.directory.publish_authority(certificates);
  TRY(tell_of_place(told, "the CA certificate"));
  authority_told_ = true;
  return {};
}

Result<void> Publication::tell_of_crls() {
  std::map<std::uint32_t, std::uint64_t> newest;
  for (const auto& key : parts_.keys) {
    const auto crl = TRY(parts_.engine.find_crl(
        {.shard = key.shard, .before = {}, .parts = store::CrlParts::without_der}));
    if (crl) newest[key.shard] = crl->number;
  }
  if (newest.empty() || newest == crls_told_) return {};
  std::vector<Bytes> crls;
  for (const auto& [shard, number] : newest) {
    auto crl = TRY(parts_.engine.find_crl({.shard = shard, .before = {}}));
    if (crl) crls.push_back(std::move(crl->der));
  }
  const auto told = parts_.directory.publish_crls(parts_.keys.back().certificate, crls);
  TRY(tell_of_place(told, "the CRLs"));
  if (!told.ok()) authority_told_ = false;
  crls_told_ = std::move(newest);
  return {};
}

/// An entry of the authority that is not there, or not for us, keeps nobody else waiting: it is
/// tried again with the next CRL.
Result<void> Publication::tell_of_place(const Result<void>& told, const char* what) {
  if (told.ok() || is_away(told.error())) return told;
  parts_.log.write(Log::Level::error, "authority_not_published",
                   {{"what", what}, {"why", told.error().detail}});
  return {};
}

/// The log tells of it once, until it goes on.
std::chrono::milliseconds Publication::rest_after(const Error& why) {
  if (rest_.count() == 0) {
    parts_.log.write(Log::Level::warning, "publishing_waits", {{"why", why.detail}});
    const std::lock_guard lock(mutex_);
    known_.failing_since = parts_.clock.now();
  }
  rest_ = rest_.count() == 0 ? kFirstRest : std::min(rest_ * 2, kLongestRest);
  return rest_for(rest_);
}

void Publication::go_on() {
  if (rest_.count() == 0) return;
  rest_ = {};
  parts_.log.write(Log::Level::info, "publishing_goes_on", {});
  const std::lock_guard lock(mutex_);
  known_.failing_since.reset();
}

Publication::Known Publication::known() const {
  const std::lock_guard lock(mutex_);
  return known_;
}

/// Certificates and answers go out all the same, and another node would fare no better.
Condition Publication::condition() const {
  const auto now = parts_.clock.now();
  const auto is_long = [&](const std::optional<Time>& since) {
    return since && now - *since >= kLong;
  };
  const auto told = known();
  if (!is_long(told.oldest_due) && !is_long(told.failing_since)) return {};
  return {.down = {},
          .degraded = {"what the directory is to know has waited for an hour: see the log"}};
}

}  // namespace signet::server
