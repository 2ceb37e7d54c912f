#pragma once

#include <map>
#include <string>

#include "codec/cmc/controls.h"

namespace signet::tool {

/// The words of RFC 5280 §5.3.1.
const std::map<std::string, cmc::CRLReason>& crl_reasons();
/// "keyCompromise"; the number itself for one that has no name.
std::string reason_name(int reason);

}  // namespace signet::tool
