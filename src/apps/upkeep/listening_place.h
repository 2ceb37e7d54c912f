#pragma once

#include <string>

#include "apps/folder/new_authority.h"

namespace signet::tool {

/// Where a new authority listens: "127.0.0.1:8443", "[::1]:8443".
std::string listening_place(const NewAuthority& wanted);

/// The same for a person, who is told how other machines can reach it where only this one does.
/// `configuration`: its signetd.toml.
std::string listening_text(const NewAuthority& wanted, const std::string& configuration);

}  // namespace signet::tool
