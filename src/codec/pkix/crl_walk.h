#pragma once

#include <functional>

#include "codec/pkix/certificate.h"

namespace signet::pkix {

/// The largest CRL that is looked through: one of 1,000,000 entries has about 50 MB.
inline constexpr std::size_t kLargestWalkedCrl = 256UL * 1024 * 1024;

/// A CRL without its entries. `tbs_der` views the octets that were walked.
struct CrlFrame {
  TBSCertList head;  ///< `revoked_certificates` stays empty
  ByteView tbs_der;  ///< what the signature is over
  AlgorithmIdentifier signature_algorithm;
  BitString signature_value;
};

/// Reads a CRL and hands over its entries one after the other; none is kept, so that memory does
/// not grow with them. `take` sees them before anybody verified the signature.
/// Faults: as read_certificate_list, too_large beyond kLargestWalkedCrl; those of `take`, which end
/// the walk.
Result<CrlFrame> walk_certificate_list(ByteView der,
                                       const std::function<Result<void>(RevokedCertificate)>& take);

}  // namespace signet::pkix
