#pragma once

#include <memory>

#include "apps/configuration/configuration.h"
#include "base/log.h"

namespace signet::server {

/// The log on standard error, by spdlog: lines of text, or JSON objects.
std::unique_ptr<Log> make_log(const Configuration::Logging& settings);

}  // namespace signet::server
