#pragma once

#include "store/records.h"

namespace signet::authority {

/// That what is told as granted, or as taken, may be used: it is not revoked, nor on hold. Faults:
/// not_allowed.
Result<void> check_in_force(const store::CertificateRecord& record);

}  // namespace signet::authority
