#include "apps/signetd/lifetimes.h"

#include <algorithm>

namespace signet::server {
namespace {

/// A CRL is due long before it ends, and so are certificates.
constexpr std::chrono::seconds kBetweenLooks{10};

/// A node has its TLS certificate for itself. The others are those of all nodes, none of which is
/// better for having this one taken away, with CRLs and OCSP answers that other keys have signed.
bool takes_down(const std::string& of) {
  return of == role::kTls;
}

std::string_view name_of(const std::string& of) {
  if (of == role::kAuthority) return "the authority's certificate";
  if (of == role::kAboveAuthority) return "a certificate above the authority's";
  if (of == role::kTls) return "the TLS server's certificate";
  if (of == role::kResponseSigner) return "the certificate of what signs responses";
  if (of == role::kEncryption) return "the certificate that messages are encrypted to";
  return "the OCSP responder's certificate";
}

}  // namespace

void Lifetimes::certificate(const std::string& role, Time not_after) {
  const std::lock_guard lock(mutex_);
  known_.certificates.insert_or_assign(role, not_after);
}

std::chrono::milliseconds Lifetimes::look() {
  auto crls = find_crls();
  const auto ocsp = parts_.ocsp();
  const std::lock_guard lock(mutex_);
  if (crls) known_.crls = *std::move(crls);
  if (ocsp) known_.certificates.insert_or_assign(role::kOcsp, *ocsp);
  return kBetweenLooks;
}

std::optional<std::map<std::uint32_t, Time>> Lifetimes::find_crls() const {
  const auto shards = parts_.crls.crl_shards();
  if (!shards.ok()) return std::nullopt;
  std::map<std::uint32_t, Time> found;
  const auto now = parts_.clock.now();
  for (std::uint32_t shard = 0; shard < *shards; ++shard) {
    if (!has_crls(shard, now)) continue;
    const auto crl = parts_.crls.find_crl(
        {.shard = shard, .kind = store::CrlKind::full, .parts = store::CrlParts::without_der});
    if (!crl.ok()) return std::nullopt;
    if (*crl) found.emplace(shard, (*crl)->next_update);
  }
  return found;
}

bool Lifetimes::has_crls(std::uint32_t shard, Time now) const {
  return std::any_of(parts_.keys.begin(), parts_.keys.end(), [&](const Key& key) {
    return key.shards.holds(shard) && now <= key.not_after;
  });
}

Lifetimes::Known Lifetimes::known() const {
  const std::lock_guard lock(mutex_);
  return known_;
}

Condition Lifetimes::condition() const {
  const auto known = this->known();
  const auto now = parts_.clock.now();
  Condition condition;
  for (const auto& [of, not_after] : known.certificates) {
    if (now <= not_after) continue;
    auto& why = takes_down(of) ? condition.down : condition.degraded;
    why.push_back(std::string(name_of(of)) + " ended at " + to_text(not_after));
  }
  // All nodes show the same CRL: none is better for having this one taken away.
  for (const auto& [shard, next_update] : known.crls) {
    if (now <= next_update) continue;
    condition.degraded.push_back("the CRL of shard " + std::to_string(shard) +
                                 " is overdue since " + to_text(next_update));
  }
  return condition;
}

}  // namespace signet::server
