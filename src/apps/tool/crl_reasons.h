#pragma once

#include <map>
#include <string>

#include "codec/pkix/crl_reason.h"

namespace signet::tool {

/// The words of RFC 5280 §5.3.1, for options.
const std::map<std::string, pkix::CRLReason>& crl_reasons();

}  // namespace signet::tool
