#pragma once

#include <string>
#include <vector>

#include "apps/configuration/configuration.h"

namespace signet::server {

/// Which listeners would take one port from each other: it is the same at one address, or at two
/// of which one holds the other (0.0.0.0, ::). Otherwise the second one to listen would find
/// another server there, which is this one. A port that the system chooses (0) is never so.
std::vector<std::string> faults_of_listeners(const Configuration& configuration);

}  // namespace signet::server
