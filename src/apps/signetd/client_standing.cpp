#include "apps/signetd/client_standing.h"

#include <algorithm>

#include "crypto/certification_path.h"

namespace signet::server {
namespace {

/// Short, so that who was revoked is soon anybody; long, so that a flood is no flood of look-ups.
constexpr std::chrono::seconds kRemembered{10};

}  // namespace

bool ClientStanding::is_in_force(ByteView certificate, ByteView hash) {
  const auto now = parts_.clock.now();
  const auto key = decltype(verdicts_)::key_of_hash(hash);
  const auto known = verdicts_.find(key);
  // A clock that was set back must not keep a verdict.
  if (known && now < known->until && known->until <= now + kRemembered) return known->is_in_force;
  const auto judged = judge(certificate, now);
  // A store that fails is not asked again at once: each question could take as long as its timeout.
  const bool is_in_force = judged.ok() && *judged;
  verdicts_.keep(key, {is_in_force, now + kRemembered});
  return is_in_force;
}

Result<bool> ClientStanding::judge(ByteView der, Time now) const {
  const auto certificate = pkix::read_certificate(der);
  if (!certificate.ok()) return false;
  const auto& validity = (*certificate)->validity;
  if (now < validity.not_before || validity.not_after < now) return false;
  const bool is_ours = pkix::names_match((*certificate)->issuer, parts_.authority);
  if (!is_ours) return is_by_foreign_issuer(*certificate);  // of whose revocations we know nothing
  const auto record = TRY(parts_.store.find_certificate((*certificate)->serial_number));
  return record && record->certificate_der == certificate->der &&
         record->status == store::CertificateStatus::valid;
}

bool ClientStanding::is_by_foreign_issuer(const pkix::Certificate& certificate) const {
  const auto& issuers = parts_.foreign_issuers;
  return std::any_of(issuers.begin(), issuers.end(), [&](const pkix::Certificate& issuer) {
    return pkix::names_match(certificate->issuer, issuer->subject) &&
           crypto::verify_certificate_signature(certificate, issuer->subject_public_key_info).ok();
  });
}

}  // namespace signet::server
