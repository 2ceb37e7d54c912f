#pragma once

#include "codec/pkix/certificate.h"

namespace signet::client {

// What OCSP answers and CRLs are both checked for.

/// Faults: bad_signature; as crypto::PublicKey.
Result<void> verify(const pkix::AlgorithmIdentifier& algorithm, ByteView signed_der,
                    const pkix::BitString& signature, const pkix::SubjectPublicKeyInfo& by);

/// Begun, and not over; five minutes between the clocks are let pass. `what` is for the fault's
/// text. Faults: stale_time.
Result<void> check_time(Time this_update, const std::optional<Time>& next_update, Time now,
                        std::string_view what);

}  // namespace signet::client
