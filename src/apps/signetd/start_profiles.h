#pragma once

#include <optional>

#include "apps/configuration/configuration.h"
#include "apps/signetd/keeping.h"
#include "apps/signetd/profile_watch.h"

/// The profiles that a server starts with. Faults of all: as begin_profiles.
namespace signet::server {

/// From the folder; none where the store has them. Changes nothing: where no profile can be
/// offered, all stays as it was.
Result<std::optional<BegunProfiles>> begin_in_folder(const Configuration::Authority& settings,
                                                     Log& log);
/// From the store, where the folder becomes the first edition while there is none.
Result<BegunProfiles> begin_in_store(const Configuration::Authority& settings,
                                     const Ground& ground);

/// Of what is no fault, but seldom meant.
void warn_of_profiles(const Configuration& configuration,
                      const policy::ProfileCollection& collection, Log& log);

/// Looks through those of the folder, be they `begun` with or what would become the first edition.
/// Faults: also those of profiles that a server starts without.
Result<void> check_profiles(const Configuration& configuration,
                            const std::optional<BegunProfiles>& begun, Log& log);

}  // namespace signet::server
