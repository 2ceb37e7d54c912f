// The server's units: configuration, log, and the metrics' library.
#pragma once

#include <prometheus/registry.h>
#include <spdlog/spdlog.h>

#include "standard.h"
