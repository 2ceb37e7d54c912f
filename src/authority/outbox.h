#pragma once

#include "authority/published_profiles.h"
#include "store/records.h"

namespace signet::authority {

/// Puts into the outbox what a directory is to be told of the commit, so that both become durable
/// together:
///   - certificates that are issued, but for those that wait for their owners
///   - those that are confirmed
///   - all that are revoked, held or released, of whichever profile: it may have been published
///     under other settings
///   - those for which publishCert changed what is wished; these do not press: their senders may
///     send as many as they like, and nobody else's revocation waits for them
/// Each once; nothing where no profile is published.
void add_to_outbox(const PublishedProfiles& published, Time now, store::Commit& commit);

}  // namespace signet::authority
