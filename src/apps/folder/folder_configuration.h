#pragma once

#include <optional>
#include <string>

#include "apps/configuration/configuration.h"

namespace signet::tool {

/// What signetd.toml in this folder says, read as the server reads it: what signetd would refuse is
/// refused with the same words. None where there is no such file. Faults: bad_configuration, as
/// server::read_configuration; storage_failed.
Result<std::optional<server::Configuration>> read_folder_configuration(
    const std::string& directory);

}  // namespace signet::tool
