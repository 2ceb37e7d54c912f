#pragma once

#include "apps/upkeep/service_certificates.h"

namespace signet::tool {

/// One certificate that the authority needs in order to serve.
struct OwnCertificateStatus {
  std::string what;  ///< "authority", "authority (earlier key)", "tls", …
  std::string file;
  std::optional<pkix::Certificate> certificate;  ///< none: it cannot be read
  std::chrono::days left{0};
  /// Ends within the time asked for, and another could live longer.
  bool due = false;
  std::string problem;             ///< what else is wrong with it; empty: nothing
  std::optional<Service> service;  ///< what `signet ca renew` calls it; none: it renews no such one
};

/// The authority's, one for each key, and those that there are of its services. `within`: due so
/// long before the end. A file that cannot be read is told as a problem. Faults: none but those of
/// the authority's own certificates.
Result<std::vector<OwnCertificateStatus>> own_certificate_status(const AuthorityFolder& folder,
                                                                 std::chrono::days within,
                                                                 const Clock& clock);

}  // namespace signet::tool
