#include "apps/signetd/outbox_delivery.h"

#include <algorithm>
#include <utility>

namespace signet::server {
namespace {

constexpr std::chrono::milliseconds kFirstRest{1000};
constexpr std::chrono::milliseconds kLongestRest{60000};
constexpr std::size_t kMostAtOnce = 256;
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

OutboxDelivery::OutboxDelivery(Parts parts)
    : parts_(std::move(parts)),
      entry_({.store = parts_.engine,
              .keys = parts_.keys,
              .clock = parts_.clock,
              .log = parts_.log,
              .rest = parts_.pace.entry_rest}) {}

/// Whoever wakes it does not end a rest.
std::chrono::milliseconds OutboxDelivery::look() {
  const auto now = SteadyClock::now();
  if (now < rests_until_) {
    return std::chrono::ceil<std::chrono::milliseconds>(rests_until_ - now);
  }
  if (!parts_.turn->is_ours()) {
    const std::lock_guard lock(mutex_);
    known_.oldest_due.reset();  // for the node to tell whose turn it is
    known_.failing_since.reset();
    known_.entry_failing_since.reset();
    return rest_for(parts_.pace.between_looks);
  }
  const auto told = tell();
  if (parts_.directory.is_broken_off()) {
    parts_.turn->let_it_end();  // what was sent last may still arrive
    return rest_for(parts_.pace.between_looks);
  }
  if (!told.ok()) return rest_after(told.error());
  go_on();
  if (*told) return std::chrono::milliseconds{0};
  rest_for(parts_.pace.gather);
  return parts_.pace.between_looks;
}

std::chrono::milliseconds OutboxDelivery::rest_for(std::chrono::milliseconds rest) {
  rests_until_ = SteadyClock::now() + rest;
  return rest;
}

/// Gives whether there may be more.
Result<bool> OutboxDelivery::tell() {
  bool may_be_more = false;
  if (parts_.directory.has_users()) may_be_more = TRY(tell_of_certificates());
  if (parts_.directory.has_authority()) TRY(tell_of_authority());
  return may_be_more;
}

/// Those of one line, then of the other. Where some were put off, which would be the first of their
/// line once more, the other line comes first once.
Result<std::vector<store::OutboxEntry>> OutboxDelivery::first_in_outbox() const {
  using store::OutboxLine;
  const auto first = pressing_first_ ? OutboxLine::pressing : OutboxLine::unhurried;
  const auto then = pressing_first_ ? OutboxLine::unhurried : OutboxLine::pressing;
  auto due = TRY(parts_.engine.in_outbox(first, kMostAtOnce));
  if (due.size() == kMostAtOnce) return due;
  for (auto& each : TRY(parts_.engine.in_outbox(then, kMostAtOnce - due.size()))) {
    due.push_back(std::move(each));
  }
  return due;
}

Result<bool> OutboxDelivery::tell_of_certificates() {
  const auto due = TRY(first_in_outbox());
  const auto until = SteadyClock::now() + parts_.pace.longest_look;
  Settled settled;
  std::size_t asked = 0;
  for (const auto& each : due) {
    if (parts_.directory.is_broken_off() || SteadyClock::now() > until) break;
    if (!parts_.turn->is_ours()) break;
    ++asked;
    const auto told = tell_of(each, settled);
    if (told.ok()) continue;
    settled.why_some_are_left = told.error();
    if (is_away(told.error())) break;
    settled.put_off.push_back(each);
  }
  note_left(due, settled);
  pressing_first_ = settled.put_off.empty() || !pressing_first_;
  const auto why = settled.why_some_are_left;
  const bool may_be_more = due.size() == kMostAtOnce || asked < due.size();
  const bool goes_on = !why || !settled.numbers.empty();
  if (!may_be_more) settled.put_off.clear();  // they keep nobody waiting where they are
  TRY(settle(std::move(settled)));
  if (why && is_away(*why)) return *why;
  tell_left(why);
  return goes_on && may_be_more;
}

/// Faults: those that may pass; then it stays.
Result<void> OutboxDelivery::tell_of(const store::OutboxEntry& due, Settled& settled) {
  const auto told = tell_of(due.serial_number);
  if (told.ok()) {
    note(*told);
  } else {
    if (may_wait(due, told.error())) return told.error();
    refuse(due, told.error(), settled);
  }
  settled.numbers.push_back(due.number);
  return {};
}

/// What is revoked is not left in the directory because of what stands in its way there.
bool OutboxDelivery::may_wait(const store::OutboxEntry& due, const Error& why) const {
  const bool is_early = parts_.clock.now() - due.at < kPatienceWithOne;
  return is_away(why) || (may_pass(why) && is_early) || is_to_leave(due.serial_number);
}

bool OutboxDelivery::is_to_leave(const store::Integer& serial) const {
  const auto stands = look_up(serial);
  return stands.ok() && !stands->belongs_there;
}

/// What is decided while the directory is told is seen when it was: this node may have stood still
/// since it looked, and another have told of it before.
Result<OutboxDelivery::Told> OutboxDelivery::tell_of(const store::Integer& serial) {
  auto stands = TRY(look_up(serial));
  while (true) {
    const auto told = TRY(tell_of(stands));
    if (told == Told::nothing) return told;
    auto now = TRY(look_up(serial));
    if (now.belongs_there == stands.belongs_there) return told;
    stands = std::move(now);
  }
}

Result<OutboxDelivery::Standing> OutboxDelivery::look_up(const store::Integer& serial) const {
  auto record = TRY(parts_.engine.find_certificate(serial));
  if (!record) return Error{Fault::certificate_not_found, "it is not on record"};
  const bool is_withheld = TRY(parts_.engine.is_withheld(serial));
  const bool belongs_there = record->status == store::CertificateStatus::valid && !is_withheld;
  return Standing{*std::move(record), belongs_there};
}

Result<OutboxDelivery::Told> OutboxDelivery::tell_of(const Standing& stands) {
  const auto& record = stands.record;
  const bool is_published = parts_.profiles.includes(record.profile_id);
  const auto certificate = TRY(pkix::read_certificate(record.certificate_der));
  if (!stands.belongs_there) {
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

void OutboxDelivery::refuse(const store::OutboxEntry& due, const Error& why, Settled& settled) {
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

/// On record first: what is settled is not told again. What is put off goes to the end of its
/// line before it leaves its place there.
Result<void> OutboxDelivery::settle(Settled settled) {
  if (!settled.refusals.empty() || !settled.put_off.empty()) {
    store::Commit commit;
    commit.events = std::move(settled.refusals);
    for (const auto& each : settled.put_off) settled.numbers.push_back(each.number);
    commit.outbox = std::move(settled.put_off);
    const auto recorded = parts_.committer.commit(std::move(commit));
    if (recorded.failed) return *recorded.failed;
  }
  if (settled.numbers.empty()) return {};
  return parts_.engine.take_from_outbox(settled.numbers);
}

void OutboxDelivery::note(Told told) {
  const std::lock_guard lock(mutex_);
  if (told == Told::published) ++known_.published;
  if (told == Told::withdrawn) ++known_.withdrawn;
}

void OutboxDelivery::note_left(const std::vector<store::OutboxEntry>& due, const Settled& settled) {
  std::optional<Time> oldest;
  for (const auto& each : due) {
    const auto& numbers = settled.numbers;
    if (std::find(numbers.begin(), numbers.end(), each.number) != numbers.end()) continue;
    oldest = oldest ? std::min(*oldest, each.at) : each.at;
  }
  const std::lock_guard lock(mutex_);
  known_.oldest_due = oldest;
}

/// Once for each reason.
void OutboxDelivery::tell_left(const std::optional<Error>& why) {
  const auto detail = why ? why->detail : "";
  if (std::exchange(left_told_, detail) == detail || !why) return;
  parts_.log.write(Log::Level::warning, "certificates_not_yet_published", {{"why", detail}});
}

Result<void> OutboxDelivery::tell_of_authority() {
  const auto told = entry_.tell(parts_.directory);
  const std::lock_guard lock(mutex_);
  known_.entry_failing_since = entry_.failing_since();
  return told;
}

/// The log tells of it once, until it goes on.
std::chrono::milliseconds OutboxDelivery::rest_after(const Error& why) {
  if (rest_.count() == 0) {
    parts_.log.write(Log::Level::warning, "publishing_waits", {{"why", why.detail}});
    const std::lock_guard lock(mutex_);
    known_.failing_since = parts_.clock.now();
  }
  rest_ = rest_.count() == 0 ? kFirstRest : std::min(rest_ * 2, kLongestRest);
  return rest_for(rest_);
}

void OutboxDelivery::go_on() {
  if (rest_.count() == 0) return;
  rest_ = {};
  parts_.log.write(Log::Level::info, "publishing_goes_on", {});
  const std::lock_guard lock(mutex_);
  known_.failing_since.reset();
}

OutboxDelivery::Known OutboxDelivery::known() const {
  const std::lock_guard lock(mutex_);
  return known_;
}

/// Certificates and answers go out all the same, and another node would fare no better.
Condition OutboxDelivery::condition() const {
  const auto now = parts_.clock.now();
  const auto is_long = [&](const std::optional<Time>& since) {
    return since && now - *since >= kLong;
  };
  const auto told = known();
  if (!is_long(told.oldest_due) && !is_long(told.failing_since) &&
      !is_long(told.entry_failing_since)) {
    return {};
  }
  return {.down = {},
          .degraded = {"what the directory is to know has waited for an hour: see the log"}};
}

}  // namespace signet::server
