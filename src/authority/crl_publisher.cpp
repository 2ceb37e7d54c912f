#include "authority/crl_publisher.h"

namespace signet::authority {
namespace {

/// A certificate stands on one CRL at least after it expired (RFC 5280 §5).
constexpr std::chrono::seconds kStaysAfterExpiry = std::chrono::hours{48};

audit::Event generated(const store::CrlRecord& crl, std::size_t entries, const Clock& clock) {
  return {.name = "FULL_CRL_GENERATION",
          .time = clock.now_precise(),
          .outcome = audit::EventOutcome::success,
          .fields = {{"SubjectID", "$System$"},
                     {"CRLNum", std::to_string(crl.number)},
                     {"Entries", std::to_string(entries)},
                     {"NextUpdate", to_text(crl.next_update)}}};
}

}  // namespace

Result<store::CrlRecord> CrlPublisher::publish() {
  const auto now = parts_.clock.now();
  const auto latest = TRY(parts_.store.find_crl());
  issuance::CrlInput input;
  input.number = (latest ? latest->number : 0) + 1;
  input.this_update = now;
  input.next_update = now + parts_.settings.validity;
  input.signature_algorithm = parts_.signature_algorithm;
  TRY(parts_.store.for_each_revoked(now - kStaysAfterExpiry, [&](const store::RevokedEntry& entry) {
    input.revoked.push_back(entry);
  }));
  auto crl = TRY(issuance::make_crl(parts_.issuer, input));
  store::Commit commit;
  commit.crl = crl;
  commit.events.push_back(generated(crl, input.revoked.size(), parts_.clock));
  const auto outcome = parts_.committer.commit(std::move(commit));
  if (outcome.durable()) return crl;
  if (outcome.failed) return *outcome.failed;
  return Error{Fault::busy, "another node made CRL " + std::to_string(crl.number) + " meanwhile"};
}

Result<bool> CrlPublisher::publish_if_due() {
  const auto latest = TRY(parts_.store.find_crl());
  const bool fresh = latest && parts_.clock.now() + parts_.settings.overlap < latest->next_update;
  if (fresh) return false;
  TRY(publish());
  return true;
}

}  // namespace signet::authority
