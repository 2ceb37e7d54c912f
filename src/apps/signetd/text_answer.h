#pragma once

#include <string>

#include "adapters/http/server.h"

namespace signet::server {

/// One line for whoever reads it.
http::Response text(int status, std::string words);

/// Asked for by a method that is not served there. `allowed`: those that are, as Allow lists them.
http::Response not_by_this_method(const char* allowed, std::string words);
/// The same where something is only shown.
http::Response only_shown();

/// Says after how long to ask once more (Retry-After).
void come_again(http::Response& response);

}  // namespace signet::server
