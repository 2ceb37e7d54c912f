#pragma once

#include <string>

#include "adapters/http/server.h"

namespace signet::server {

/// One line for whoever reads it.
http::Response text(int status, std::string words);

/// What is only shown was asked for by another method.
http::Response only_shown();

/// Says after how long to ask once more (Retry-After).
void come_again(http::Response& response);

}  // namespace signet::server
