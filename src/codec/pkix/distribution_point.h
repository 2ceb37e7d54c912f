#pragma once

#include "codec/pkix/general_name.h"

namespace signet::pkix {

/// IssuingDistributionPoint (RFC 5280 §5.2.5): what a CRL is about.
struct IssuingDistributionPoint {
  GeneralNames full_name;  ///< distributionPoint.fullName; empty when absent
  /// Whether there is anything else in it: kinds of certificates, reasons, other issuers.
  bool narrowed = false;
  bool operator==(const IssuingDistributionPoint&) const = default;
};

// As the pairs of extension.h. Faults: malformed, trailing_data.

/// Does not check what else is in it than the full name.
Result<IssuingDistributionPoint> read_issuing_distribution_point(ByteView extn_value);
Bytes write_issuing_distribution_point(const GeneralNames& full_name);

/// The full names of those points of cRLDistributionPoints or freshestCRL that are for all reasons
/// and of the certificate's own issuer; empty ones left out. See write_crl_distribution_points.
Result<std::vector<GeneralNames>> read_crl_distribution_points(ByteView extn_value);

}  // namespace signet::pkix
