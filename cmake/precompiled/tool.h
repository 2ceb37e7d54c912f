// The tool's units parse the command line and write JSON: both libraries are large headers.
#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "standard.h"
