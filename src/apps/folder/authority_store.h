#pragma once

#include <memory>
#include <string>

#include "store/certificate_store.h"

namespace signet::tool {

/// The store of the authority in a folder that `signet ca init` made: what [store] of its
/// signetd.toml names; without one, the file store.db. Works beside a running server. Faults:
/// storage_failed, saying so when there is none; bad_configuration.
Result<std::unique_ptr<store::Engine>> open_authority_store(const std::string& directory);

/// The same for who only asks: nothing is made, and a schema of an older Signet is left to the
/// server. Faults: as above; bad_configuration also where the schema is an older Signet's.
Result<std::unique_ptr<const store::Engine>> look_into_authority_store(
    const std::string& directory);

/// Whether it may be the URI of a database that nodes share. Faults: bad_configuration.
Result<void> check_database(const std::string& uri);
/// Whether a store can be made there, before anything is. Empty: a file. Faults: as
/// make_authority_store.
Result<void> check_reachable(const std::string& uri);

/// For a new authority. `uri`: of a database that nodes share; empty: the file store.db.
/// Faults: storage_failed, bad_configuration.
Result<std::unique_ptr<store::Engine>> make_authority_store(const std::string& directory,
                                                            const std::string& uri);

}  // namespace signet::tool
