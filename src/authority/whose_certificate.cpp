#include "authority/own_certificate.h"

namespace signet::authority {

bool is_own(const store::CertificateRecord& target, const proof::ProvenIdentity& identity) {
  if (identity.role() == proof::Role::agent) return true;
  if (!identity.subject().empty()) return equal(target.subject_der, identity.subject().der());
  const auto* own = identity.certificate();
  return own != nullptr && target.certificate_der == own->der;
}

}  // namespace signet::authority
