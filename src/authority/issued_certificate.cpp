#include "authority/issued_certificate.h"

namespace signet::authority {

using Parts = CertificateAuthority::Parts;

Result<store::CertificateRecord> find_issued(const Parts& parts,
                                             const cms::IssuerAndSerialNumber& id) {
  const bool is_ours = pkix::names_match(id.issuer, parts.issuer.certificate()->subject);
  if (is_ours) {
    if (auto record = TRY(parts.store.find_certificate(id.serial_number))) {
      return std::move(*record);
    }
  }
  return Error{Fault::certificate_not_found,
               "no certificate of this authority has serial number 0x" + id.serial_number.to_hex() +
                   " and issuer " + pkix::to_text(id.issuer) + ": check both"};
}

}  // namespace signet::authority
