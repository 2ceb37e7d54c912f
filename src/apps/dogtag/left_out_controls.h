#pragma once

#include <string>
#include <vector>

#include "apps/dogtag/configuration.h"

namespace signet::dogtag {

/// What a configuration of CMCRequest turns on without effect, a sentence each: switches of another
/// kind of message, as Dogtag passes over them too; a proof of version 1 beside one of version 2;
/// and a proof of identity that does not say whose secret it is.
std::vector<std::string> left_out_controls(const Configuration& file);

}  // namespace signet::dogtag
