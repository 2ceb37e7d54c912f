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
  std::string problem;  ///< what else is wrong with it; empty: nothing
  std::string next;     ///< what to do where it is due or there is a problem; empty: the words say
  std::optional<Service> service;  ///< what `signet ca renew` calls it; none: it renews no such one
};

using StoreAsOpened = Result<std::unique_ptr<const store::Engine>>;

/// The authority's, one for each key, and those that there are of its services. `within`: due so
/// long before the end. A file that cannot be read, a key that is not there, is another one or may
/// be read by others, and one that `engine` knows as revoked, is told as a problem. `engine`: as
/// look_into_store gave it. Faults: none but those of the authority's own certificates.
Result<std::vector<OwnCertificateStatus>> own_certificate_status(const AuthorityFolder& folder,
                                                                 const StoreAsOpened& engine,
                                                                 std::chrono::days within,
                                                                 const Clock& clock);

}  // namespace signet::tool
