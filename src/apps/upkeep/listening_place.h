#pragma once

#include <string>

#include "apps/folder/new_authority.h"

namespace signet::tool {

/// Where a new authority listens: "127.0.0.1:8443", "[::1]:8443".
std::string listening_place(const NewAuthority& wanted);

/// How clients reach it, by the first name in its TLS certificate: "https://ca.example.org:8443".
std::string server_url(const NewAuthority& wanted);

/// Where it listens, for a person, who is told how other machines can reach it where only this one
/// does. `configuration`: its signetd.toml.
std::string listening_text(const NewAuthority& wanted, const std::string& configuration);

}  // namespace signet::tool
