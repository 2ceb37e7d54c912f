#include "apps/dogtag/public_database.h"

#include "adapters/pkcs11/nss_trust.h"
#include "adapters/pkcs11/place.h"

namespace signet::dogtag {
namespace {

PublicDatabase read_all(pkcs11::Session& session) {
  pkcs11::Template wanted(CKO_CERTIFICATE);
  wanted.number(CKA_CERTIFICATE_TYPE, CKC_X_509);
  PublicDatabase found;
  for (const auto object : session.find(wanted)) {
    auto certificate =
        pkix::read_certificate(session.attribute(object, CKA_VALUE).value_or(Bytes{}));
    if (!certificate.ok()) continue;
    if (pkcs11::is_server_authority(session, *certificate)) {
      found.server_authorities.push_back(*certificate);
    }
    found.certificates.push_back({session.label(object), *std::move(certificate), false});
  }
  return found;
}

}  // namespace

Result<PublicDatabase> read_public_database(const std::string& folder) {
  const auto place = TRY(pkcs11::place_of_nss(folder));
  const auto slot = TRY(place->find());
  CK_SESSION_HANDLE handle = 0;
  auto answer =
      slot.functions->C_OpenSession(slot.id, CKF_SERIAL_SESSION, nullptr, nullptr, &handle);
  PublicDatabase found;
  if (answer == CKR_OK) {
    pkcs11::Session session(slot.functions, handle, 0);
    found = read_all(session);
    answer = session.answer();
    session->C_CloseSession(handle);
  }
  if (answer == CKR_OK) return found;
  return Error{Fault::token_failed, place->name() + " cannot be read: " + pkcs11::to_text(answer)};
}

}  // namespace signet::dogtag
