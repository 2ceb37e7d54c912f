#pragma once

#include <memory>
#include <vector>

#include "apps/configuration/configuration.h"
#include "apps/signetd/keeping.h"
#include "apps/signetd/named_files.h"
#include "authority/certificate_authority.h"
#include "authority/crl_maker.h"
#include "authority/ocsp_responder.h"

namespace signet::server {

/// What signs: the authority by its present key, and for each key what tells how the certificates
/// stand that it issued.
struct Signing {
  std::vector<issuance::Issuer> earlier_issuers;  ///< the authority's keys before the present one
  std::unique_ptr<authority::CertificateAuthority> authority;
  // One for each key, the oldest first.
  std::vector<std::unique_ptr<authority::CrlMaker>> crl_makers;
  std::vector<std::unique_ptr<authority::OcspResponder>> ocsp;  ///< empty: not offered

  /// In the order of those.
  [[nodiscard]] const issuance::Issuer& issuer_at(std::size_t at) const;
};

/// `files` gives up its trust. Faults: as open_proof_parts.
Result<Signing> make_signing(const Configuration& configuration, NamedFiles& files,
                             std::shared_ptr<const policy::OfferedProfiles> offered,
                             const Ground& ground);

}  // namespace signet::server
