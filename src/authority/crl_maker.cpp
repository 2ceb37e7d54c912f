#include "authority/crl_maker.h"

#include <algorithm>

#include "codec/pkix/crl_walk.h"
#include "codec/pkix/distribution_point.h"
#include "codec/pkix/oids.h"
#include "issuance/crl.h"
#include "store/engine_rules.h"

namespace signet::authority {
namespace {

using store::CrlKind;
using store::CrlRecord;
using store::is_of_kind;

/// Expired certificates stay on full CRLs so long, and on one at least (RFC 5280 §5).
constexpr std::chrono::seconds kStaysAfterExpiry = std::chrono::hours{48};

audit::Event generated(const CrlRecord& crl, std::size_t entries, const Clock& clock) {
  audit::Event event{.name = crl.base_number ? "DELTA_CRL_GENERATION" : "FULL_CRL_GENERATION",
                     .time = clock.now_precise(),
                     .outcome = audit::EventOutcome::success,
                     .fields = {{"SubjectID", "$System$"},
                                {"CRLNum", std::to_string(crl.number)},
                                {"Entries", std::to_string(entries)},
                                {"NextUpdate", to_text(crl.next_update)}}};
  if (crl.base_number) event.fields.push_back({"BaseCRLNum", std::to_string(*crl.base_number)});
  if (!crl.issuing_point.empty()) event.fields.push_back({"Shard", std::to_string(crl.shard)});
  return event;
}

/// The key that signed a CRL, by authorityKeyIdentifier, which each of ours has.
Result<Bytes> signing_key_of(ByteView crl) {
  const auto frame = TRY(pkix::walk_certificate_list(
      crl, [](const pkix::RevokedCertificate&) -> Result<void> { return {}; }));
  const auto* found =
      pkix::find_extension(frame.head.crl_extensions, pkix::oid::kAuthorityKeyIdentifier);
  if (found == nullptr) return Bytes{};
  return TRY(pkix::read_authority_key_identifier(found->extn_value))
      .key_identifier.value_or(Bytes{});
}

/// Expired certificates leave full CRLs after 48 hours, but not before one full CRL has listed
/// them; what was revoked too late for that stands on none.
Time keeps_from(const std::optional<CrlRecord>& last_full, Time now) {
  const auto long_ago = now - kStaysAfterExpiry;
  return last_full ? std::min(long_ago, last_full->this_update) : long_ago;
}

}  // namespace

const CrlRecord* CrlMaker::Latest::newest() const {
  if (delta && (!full || delta->number > full->number)) return &*delta;
  return full ? &*full : nullptr;
}

Result<CrlMaker::Latest> CrlMaker::latest(std::uint32_t shard) const {
  store::CrlQuery query{.shard = shard, .parts = store::CrlParts::without_der};
  Latest found;
  found.full = TRY(parts_.store.find_crl(query));
  query.kind = CrlKind::delta;
  found.delta = TRY(parts_.store.find_crl(query));
  return found;
}

CrlMaker::SignedBy CrlMaker::signer_of(ByteView crl) const {
  const auto key = signing_key_of(crl);
  if (!key.ok()) return SignedBy::earlier_key;  // of no use to anybody: another follows at once
  const auto own = parts_.issuer.certificate().subject_key_identifier();
  if (*key == own.value_or(Bytes{})) return SignedBy::this_key;
  const auto& settings = parts_.settings;
  const auto& earlier = settings.earlier_keys;
  // Where the next key is known, its shards are none of these.
  const bool is_known = settings.points.of_key.end ||
                        std::find(earlier.begin(), earlier.end(), *key) != earlier.end();
  if (is_known) return SignedBy::earlier_key;
  // A new certificate of the same key may call it otherwise: the signature decides.
  return issuance::check_crl_signature(crl, parts_.issuer).ok() ? SignedBy::this_key
                                                                : SignedBy::unknown_key;
}

Result<CrlMaker::SignedBy> CrlMaker::who_signed(const CrlRecord* newest) const {
  if (newest == nullptr) return SignedBy::nobody;
  {
    const std::lock_guard lock(mutex_);
    const auto known = known_signers_.find(newest->shard);
    if (known != known_signers_.end() && known->second.number == newest->number) {
      return known->second.by;
    }
  }
  const auto kind = newest->base_number ? CrlKind::delta : CrlKind::full;
  const auto whole = TRY(parts_.store.find_crl({.shard = newest->shard, .kind = kind}));
  if (!whole) return SignedBy::nobody;
  const auto by = signer_of(whole->der);
  const std::lock_guard lock(mutex_);
  known_signers_[whole->shard] = {whole->number, by};
  return by;
}

Result<void> CrlMaker::check_is_ours(const Latest& latest) const {
  if (TRY(who_signed(latest.newest())) != SignedBy::unknown_key) return {};
  return Error{Fault::not_allowed,
               "the CRLs of shard " + std::to_string(latest.newest()->shard) +
                   " are by a later key of this authority, which this node does not know: copy "
                   "the new keys and the file generations here, and restart it"};
}

Result<std::size_t> CrlMaker::unknown_from(std::uint32_t shard) const {
  std::size_t unknown = 0;
  if (parts_.settings.points.of_key.end) return unknown;
  for (const auto used = TRY(parts_.store.crl_shards()); shard < used; ++shard) {
    const auto last = TRY(latest(shard));
    if (TRY(who_signed(last.newest())) == SignedBy::unknown_key) ++unknown;
  }
  return unknown;
}

Result<std::uint32_t> CrlMaker::shards() const {
  const auto& points = parts_.settings.points;
  const auto first = points.of_key.first;
  if (points.of_key.end) return *points.of_key.end - first;
  auto end = first + points.shards;
  for (const auto used = TRY(parts_.store.crl_shards()); end < used; ++end) {
    const auto last = TRY(latest(end));
    if (TRY(who_signed(last.newest())) != SignedBy::this_key) break;
  }
  return end - first;
}

/// Without one, a CRL is about all certificates of its key: so it is while that has one shard
/// alone. Those of two keys are told apart by their authorityKeyIdentifier.
Result<Bytes> CrlMaker::issuing_point(std::uint32_t shard) const {
  const auto names = issuance::names_of_shard(parts_.settings.points, shard);
  if (TRY(shards()) == 1 || names.empty()) return Bytes{};
  return pkix::write_issuing_distribution_point(names);
}

Time CrlMaker::date_after(const CrlRecord* newest, CrlKind kind) const {
  const auto now = parts_.clock.now();
  if (newest == nullptr) return now;
  // RFC 5280 §5.2.4: a delta and a full one of the same time would have the same number.
  const std::chrono::seconds apart{is_of_kind(*newest, kind) ? 0 : 1};
  const auto earliest = newest->this_update + apart;
  return earliest > now + parts_.settings.validity ? now : std::max(now, earliest);
}

Result<issuance::CrlInput> CrlMaker::input(std::uint32_t shard, const Latest& latest,
                                           CrlKind kind) const {
  const auto* newest = latest.newest();
  const auto& settings = parts_.settings;
  const bool is_delta = kind == CrlKind::delta;
  issuance::CrlInput input;
  input.shard = shard;
  input.number = newest == nullptr ? settings.first_number : newest->number + 1;
  input.this_update = date_after(newest, kind);
  input.next_update =
      input.this_update + (is_delta ? 2 * settings.delta_every.value() : settings.validity);
  input.signature_algorithm = parts_.signature_algorithm;
  input.issuing_point = TRY(issuing_point(shard));
  if (settings.delta_every) input.deltas = issuance::names_of_deltas(settings.points, shard);
  return input;
}

Result<CrlRecord> CrlMaker::make(std::uint32_t shard) {
  const auto last = TRY(latest(shard));
  return keep(TRY(sign_full(shard, last)));
}

Result<CrlRecord> CrlMaker::make_delta(std::uint32_t shard) {
  const auto last = TRY(latest(shard));
  return keep(TRY(sign_delta(shard, last)));
}

Result<CrlMaker::Made> CrlMaker::sign_full(std::uint32_t shard, const Latest& last) const {
  TRY(check_is_ours(last));
  const auto keep_from = keeps_from(last.full, parts_.clock.now());
  auto wanted = TRY(input(shard, last, CrlKind::full));
  issuance::CrlBuilder builder(parts_.issuer, std::move(wanted));
  std::uint64_t last_change = 0;
  TRY(parts_.store.for_each_changed(shard, 0, [&](const store::StatusEntry& entry) {
    last_change = entry.change;
    const bool is_revoked = entry.status != store::CertificateStatus::valid;
    if (is_revoked && entry.not_after >= keep_from) builder.add(entry);
  }));
  auto crl = TRY(builder.sign(last_change));
  return Made{std::move(crl), builder.entries()};
}

/// Whoever has a full CRL that is still good can bring it up to date.
Result<CrlRecord> CrlMaker::base_of_delta(const CrlRecord& full) const {
  const auto now = parts_.clock.now();
  auto base = full;
  store::CrlQuery query{.shard = full.shard, .parts = store::CrlParts::without_der};
  while (true) {
    query.before = base.this_update;
    const auto earlier = TRY(parts_.store.find_crl(query));
    const bool serves = earlier && earlier->next_update > now &&
                        earlier->issuing_point == full.issuing_point &&
                        earlier->number < base.number;
    if (!serves) return base;
    base = *earlier;
  }
}

// RFC 5280 §5.2.4: each certificate whose status changed since the base, one that expired meanwhile
// too; removeFromCRL for what is valid again, whether it stood on the base or on none.
Result<CrlMaker::Made> CrlMaker::sign_delta(std::uint32_t shard, const Latest& last) const {
  TRY(check_is_ours(last));
  auto wanted = TRY(input(shard, last, CrlKind::delta));
  if (!last.full || last.full->issuing_point != wanted.issuing_point) {
    return Error{Fault::crl_not_found, "there is no full CRL of the same certificates for a delta"};
  }
  const auto base = TRY(base_of_delta(*last.full));
  wanted.base_number = base.number;
  issuance::CrlBuilder builder(parts_.issuer, std::move(wanted));
  auto last_change = base.last_change;
  TRY(parts_.store.for_each_changed(shard, base.last_change, [&](const store::StatusEntry& entry) {
    last_change = entry.change;
    builder.add(entry);
  }));
  auto crl = TRY(builder.sign(last_change));
  return Made{std::move(crl), builder.entries()};
}

Result<CrlRecord> CrlMaker::keep(Made made) {
  auto& [crl, entries] = made;
  store::Commit commit;
  commit.events.push_back(generated(crl, entries, parts_.clock));
  commit.crl = crl;
  const auto outcome = parts_.committer.commit(std::move(commit));
  if (outcome.durable()) {
    const std::lock_guard lock(mutex_);
    known_signers_[crl.shard] = {crl.number, SignedBy::this_key};
    return std::move(crl);
  }
  if (outcome.failed) return *outcome.failed;
  return Error{Fault::busy, "another node made CRL " + std::to_string(crl.number) + " meanwhile"};
}

Result<bool> CrlMaker::changed_since(const CrlRecord& crl) const {
  bool changed = false;
  TRY(parts_.store.for_each_changed(crl.shard, crl.last_change,
                                    [&](const store::StatusEntry&) { changed = true; }));
  return changed;
}

bool CrlMaker::full_is_old(const CrlRecord& full) const {
  const auto now = parts_.clock.now();
  const auto& settings = parts_.settings;
  return now + settings.overlap >= full.next_update ||
         full.this_update > now + settings.validity;  // of a clock that was far ahead
}

bool CrlMaker::delta_is_old(const Latest& latest) const {
  const auto now = parts_.clock.now();
  const auto every = parts_.settings.delta_every.value();
  if (!latest.delta) return now >= latest.full->this_update + every;
  return now + every >= latest.delta->next_update || latest.delta->this_update > now + 2 * every;
}

Result<CrlMaker::Next> CrlMaker::next(std::uint32_t shard, const Latest& last) const {
  const auto by = TRY(who_signed(last.newest()));
  if (by == SignedBy::unknown_key) return Next::left_alone;
  if (by == SignedBy::earlier_key) return Next::full;
  const auto point = TRY(issuing_point(shard));
  const bool same_scope = last.full && last.full->issuing_point == point;
  if (!same_scope || full_is_old(*last.full)) return Next::full;
  const auto& newest = *last.newest();
  const bool changed = TRY(changed_since(newest));
  if (!parts_.settings.delta_every) return changed ? Next::full : Next::nothing;
  if (!changed && !delta_is_old(last)) return Next::nothing;
  const bool apart = is_of_kind(newest, CrlKind::delta) || newest.this_update != parts_.clock.now();
  return apart ? Next::delta : Next::postponed;
}

Result<std::optional<CrlMaker::Made>> CrlMaker::sign_due(std::uint32_t shard, Next wanted,
                                                         const Latest& last) const {
  if (wanted == Next::full) return std::optional(TRY(sign_full(shard, last)));
  if (wanted == Next::delta) return std::optional(TRY(sign_delta(shard, last)));
  return std::optional<Made>();
}

/// Whether the other shards would meet it too: the key is away, or the store.
bool CrlMaker::is_everywhere(const Error& why) const {
  return why.fault == Fault::signing_failed || why.fault == Fault::token_failed ||
         !parts_.store.crl_shards().ok();
}

Result<CrlMaker::Due> CrlMaker::make_due() {
  Due due;
  std::optional<Error> first_fault;
  const auto first = parts_.settings.points.of_key.first;
  const auto end = first + TRY(shards());
  auto shard = first;
  for (; shard < end; ++shard) {
    // By one look: what is numbered after a CRL that came since would be one too many.
    const auto last = latest(shard);
    const auto wanted = last.ok() ? next(shard, *last) : last.error();
    // Here a later key's shards begin, whatever the settings say of their number.
    if (wanted.ok() && *wanted == Next::left_alone) break;
    if (wanted.ok() && *wanted == Next::postponed) due.postponed = true;
    auto made = wanted.ok() ? sign_due(shard, *wanted, *last) : wanted.error();
    if (!made.ok()) {
      if (is_everywhere(made.error())) return made.error();
      if (!first_fault) first_fault = made.error();
      continue;
    }
    if (!*made) continue;
    const auto kept = keep(**std::move(made));
    if (kept.ok()) ++due.made;
    // What cannot be kept of one shard cannot be kept of the next.
    if (!kept.ok() && kept.error().fault != Fault::busy) return kept.error();
  }
  if (first_fault) return *first_fault;
  due.left_alone = TRY(unknown_from(shard));
  return due;
}

}  // namespace signet::authority
