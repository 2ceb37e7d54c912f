#include "apps/signetd/client_standing.h"

namespace signet::server {
namespace {

/// Short, so that who was revoked is soon anybody; long, so that a flood is no flood of look-ups.
constexpr std::chrono::seconds kRemembered{10};

}  // namespace

bool ClientStanding::is_in_force(ByteView certificate) {
  const auto now = parts_.clock.now();
  const auto key = decltype(verdicts_)::key_of(certificate);
  const auto known = verdicts_.find(key);
  // A clock that was set back must not keep a verdict.
  if (known && now < known->until && known->until <= now + kRemembered) return known->is_in_force;
  const auto judged = judge(certificate, now);
  if (!judged.ok()) return false;
  verdicts_.keep(key, {*judged, now + kRemembered});
  return *judged;
}

Result<bool> ClientStanding::judge(ByteView der, Time now) const {
  const auto certificate = pkix::read_certificate(der);
  if (!certificate.ok()) return false;
  const auto& validity = (*certificate)->validity;
  if (now < validity.not_before || validity.not_after < now) return false;
  const bool is_ours = pkix::names_match((*certificate)->issuer, parts_.authority);
  if (!is_ours) return true;  // a foreign issuer's: we know nothing of its revocations
  const auto record = TRY(parts_.store.find_certificate((*certificate)->serial_number));
  return record && record->certificate_der == certificate->der &&
         record->status == store::CertificateStatus::valid;
}

}  // namespace signet::server
