#pragma once

#include "codec/cmc/controls.h"

namespace signet::cmc {

/// Whether getCert or confirmCertAcceptance names its issuer as Dogtag's client does, which is
/// read but is not the standard's form (dogtag/clients.md §1.8):
///   getCert                SEQUENCE { Name, INTEGER }              instead of GeneralName
///   confirmCertAcceptance  SEQUENCE { SEQUENCE OF Name, INTEGER }  instead of Name
/// False for every other control, and for values that cannot be read.
bool names_issuer_bare(const TaggedAttribute& control);

}  // namespace signet::cmc
