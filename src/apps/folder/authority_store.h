#pragma once

#include <memory>
#include <string>

#include "store/certificate_store.h"

namespace signet::tool {

/// The store of the authority in a folder that `signet ca init` made: what [store] of its
/// signetd.toml names; without one, the file store.db. Works beside a running server. Faults:
/// storage_failed, saying so when there is none; bad_configuration.
Result<std::unique_ptr<store::Engine>> open_authority_store(const std::string& directory);

/// Whether it may be the URI of a database that nodes share. Faults: bad_configuration.
Result<void> check_database(const std::string& uri);

/// For a new authority. `uri`: of a database that nodes share; empty: the file store.db.
/// Faults: storage_failed, bad_configuration.
Result<std::unique_ptr<store::Engine>> make_authority_store(const std::string& directory,
                                                            const std::string& uri);

}  // namespace signet::tool
