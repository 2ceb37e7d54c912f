#pragma once

#include "base/bytes.h"
#include "crypto/digest.h"

namespace signet::proof {

/// How the MAC of a witness was computed.
enum class MacComputation {
  rfc2104,
  /// As Dogtag's tools before 10.7 have it: the key padded to 64 octets whatever the hash, where
  /// RFC 2104 §2 pads it to the hash's block, 128 octets of SHA-384 and SHA-512
  /// (dogtag/clients.md §1.4).
  old_dogtag,
};

/// Whether the two computations give different MACs.
bool computations_differ(crypto::MacAlgorithm algorithm);

/// The MAC; by rfc2104 it is crypto::mac. `key`: 64 octets at most for old_dogtag.
Bytes mac_computed(MacComputation computation, crypto::MacAlgorithm algorithm, ByteView key,
                   ByteView message);

}  // namespace signet::proof
