#pragma once

#include <set>
#include <string>

#include "store/records.h"

namespace signet::authority {

/// The profiles whose certificates a directory is to have.
struct PublishedProfiles {
  bool all = false;
  std::set<std::string> ids = {};

  [[nodiscard]] bool none() const { return !all && ids.empty(); }
  [[nodiscard]] bool includes(const std::string& id) const { return all || ids.contains(id); }
};

/// What a directory is to be told of the commit, added to it, so that both become durable together:
///   - certificates that are issued, but for those that wait for their owners
///   - those that are confirmed
///   - all that are revoked, held or released, of whichever profile: it may have been published
///     under other settings
///   - those whose holder, or an agent, chose (publishCert)
///   - those for which publishCert was sent
/// Nothing where no profile is published.
void add_publications(const PublishedProfiles& published, Time now, store::Commit& commit);

}  // namespace signet::authority
