#include "apps/signetd/authority_entry.h"

#include <utility>

namespace signet::server {
namespace {

/// What concerns more than this entry.
bool is_away(const Result<void>& told) {
  return !told.ok() && (told.error().fault == Fault::directory_unreachable ||
                        told.error().fault == Fault::storage_failed);
}

}  // namespace

/// An entry may take the one and not the other.
Result<void> AuthorityEntry::tell(ldap::DirectoryPublisher& directory) {
  if (SteadyClock::now() < rests_until_) return {};
  const auto certificates = tell_certificates(directory);
  if (is_away(certificates)) return certificates;
  const auto crls = tell_crls(directory);
  if (is_away(crls)) return crls;
  if (!certificates.ok()) rest_after("the CA certificate", certificates.error());
  if (!crls.ok()) {
    rest_after("the CRLs", crls.error());
    certificates_told_ = false;  // its entry may be another one when it is there
  }
  if (certificates.ok() && crls.ok()) {
    reason_told_.clear();
    failing_since_.reset();
  }
  return {};
}

Result<void> AuthorityEntry::tell_certificates(ldap::DirectoryPublisher& directory) {
  if (certificates_told_) return {};
  std::vector<pkix::Certificate> certificates;
  for (const auto& key : parts_.keys) certificates.push_back(key.certificate);
  TRY(directory.publish_authority(certificates));
  certificates_told_ = true;
  return {};
}

/// Until the store has no newer ones than the directory: this node may have stood still since it
/// looked, and another have told of them before.
Result<void> AuthorityEntry::tell_crls(ldap::DirectoryPublisher& directory) {
  auto newest = TRY(newest_crls());
  while (!newest.empty() && newest != crls_told_) {
    std::vector<Bytes> crls;
    for (const auto& [shard, number] : newest) {
      auto crl = TRY(parts_.store.find_crl({.shard = shard, .before = {}}));
      if (crl) crls.push_back(std::move(crl->der));
    }
    TRY(directory.publish_crls(parts_.keys.back().certificate, crls));
    crls_told_ = std::exchange(newest, TRY(newest_crls()));
  }
  return {};
}

Result<AuthorityEntry::CrlNumbers> AuthorityEntry::newest_crls() const {
  CrlNumbers newest;
  for (const auto& key : parts_.keys) {
    const auto crl = TRY(parts_.store.find_crl(
        {.shard = key.shard, .before = {}, .parts = store::CrlParts::without_der}));
    if (crl) newest[key.shard] = crl->number;
  }
  return newest;
}

void AuthorityEntry::rest_after(const char* what, const Error& why) {
  rests_until_ = SteadyClock::now() + parts_.rest;
  if (!failing_since_) failing_since_ = parts_.clock.now();
  const auto reason = std::string(what) + why.detail;
  if (std::exchange(reason_told_, reason) == reason) return;
  parts_.log.write(Log::Level::error, "authority_not_published",
                   {{"what", what}, {"why", why.detail}});
}

}  // namespace signet::server
