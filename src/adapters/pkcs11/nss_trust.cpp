#include "adapters/pkcs11/nss_trust.h"

#include "adapters/pkcs11/nss_numbers.h"
#include "codec/asn1/writer.h"

namespace signet::pkcs11 {
namespace {

// NSS's own object class, attribute and value (pkcs11n.h).
constexpr CK_OBJECT_CLASS kTrust = kNss + 3;
constexpr CK_ATTRIBUTE_TYPE kServerAuthentication = kNss + 0x2000 + 8;
constexpr CK_ULONG kTrustedDelegator = kNss + 2;

}  // namespace

bool is_server_authority(Session& session, const pkix::Certificate& certificate) {
  asn1::Writer serial;
  serial.integer(certificate->serial_number);
  Template wanted(kTrust);
  wanted.octets(CKA_ISSUER, certificate->issuer.der()).octets(CKA_SERIAL_NUMBER, serial.view());
  for (const auto object : session.find(wanted)) {
    if (session.number(object, kServerAuthentication) == kTrustedDelegator) return true;
  }
  return false;
}

}  // namespace signet::pkcs11
