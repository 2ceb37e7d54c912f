#include "authority/whose_certificate.h"

namespace signet::authority {

bool may_act_on(const store::CertificateRecord& target, const proof::ProvenIdentity& identity) {
  if (identity.role() == proof::Role::agent) return true;
  if (identity.is_foreign()) return false;
  if (!identity.subject().empty()) return equal(target.subject_der, identity.subject().der());
  const auto* own = identity.certificate();
  return own != nullptr && target.certificate_der == own->der;
}

}  // namespace signet::authority
