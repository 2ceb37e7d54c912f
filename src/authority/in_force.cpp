#include "authority/in_force.h"

namespace signet::authority {

using store::CertificateStatus;

Result<void> check_in_force(const store::CertificateRecord& record) {
  if (record.status == CertificateStatus::valid) return {};
  const bool held = record.status == CertificateStatus::on_hold;
  return Error{Fault::not_allowed,
               "the certificate with serial number 0x" + record.serial_number.to_hex() +
                   (held ? " is on hold" : " is revoked") +
                   (record.revoked_at ? " since " + to_text(*record.revoked_at) : "") +
                   ": it was not confirmed in time, or was withdrawn for another reason; " +
                   (held ? "have an agent release it, or ask for a new one" : "ask for a new one")};
}

}  // namespace signet::authority
