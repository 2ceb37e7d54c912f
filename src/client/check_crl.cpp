#include "client/check_crl.h"

#include <algorithm>

#include "client/is_less.h"
#include "client/signed_status.h"
#include "codec/asn1/whole.h"
#include "codec/pkix/crl_walk.h"
#include "codec/pkix/distribution_point.h"
#include "codec/pkix/oids.h"

namespace signet::client {
namespace {

namespace oid = pkix::oid;
using Status = CertificateStanding::Status;

// ------------------------------------------------------------ extensions

/// One that RFC 5280 does not know says nothing.
std::optional<pkix::CRLReason> reason_of(const pkix::RevokedCertificate& entry) {
  const auto* found = pkix::find_extension(entry.crl_entry_extensions, oid::kReasonCode);
  if (found == nullptr) return std::nullopt;
  const auto reason =
      asn1::read_whole(found->extn_value, asn1::Limits::der(), pkix::read_crl_reason);
  return reason.ok() ? std::optional(*reason) : std::nullopt;
}

/// cRLNumber, or deltaCRLIndicator. Faults: crl_not_found when there is none; malformed.
Result<asn1::Integer> number_in(const pkix::TBSCertList& crl, const asn1::Oid& type) {
  const auto* found = pkix::find_extension(crl.crl_extensions, type);
  if (found == nullptr) {
    return Error{Fault::crl_not_found, "the CRL of " + to_text(crl.this_update) +
                                           " has no extension " + type.to_text() +
                                           ": nothing says which CRLs belong together"};
  }
  const auto number =
      TRY(asn1::read_whole(found->extn_value, asn1::Limits::der(),
                           [](asn1::Reader& reader) { return reader.read_integer(); }));
  if (!number.is_negative()) return number;
  return Error{Fault::malformed, "a CRL number is negative"};
}

/// All names of the points of cRLDistributionPoints or freshestCRL.
Result<pkix::GeneralNames> named_points(const pkix::Extensions& extensions, const asn1::Oid& type) {
  pkix::GeneralNames names;
  const auto* found = pkix::find_extension(extensions, type);
  if (found == nullptr) return names;
  const auto points = TRY(pkix::read_crl_distribution_points(found->extn_value));
  for (const auto& point : points) names.insert(names.end(), point.begin(), point.end());
  return names;
}

std::string first_address(const pkix::Extensions& extensions, const asn1::Oid& type) {
  const auto names = named_points(extensions, type);
  if (!names.ok()) return {};
  for (const auto& name : *names) {
    const auto* uri = std::get_if<pkix::UniformResourceIdentifier>(&name);
    if (uri != nullptr && uri->value.starts_with("http")) return uri->value;
  }
  return {};
}

// ------------------------------------------------------------ what a CRL is about

Result<void> check_is_about(const pkix::Extension& issuing_point,
                            const pkix::Certificate& certificate) {
  const auto point = TRY(pkix::read_issuing_distribution_point(issuing_point.extn_value));
  if (point.narrowed) {
    return Error{Fault::unsupported_message,
                 "the CRL is about some kinds of certificates or reasons: ask by OCSP"};
  }
  const auto named = TRY(named_points(certificate->extensions, oid::kCrlDistributionPoints));
  const bool shared = std::find_first_of(named.begin(), named.end(), point.full_name.begin(),
                                         point.full_name.end()) != named.end();
  if (shared || point.full_name.empty()) return {};
  return Error{
      Fault::crl_not_found,
      "the CRL is about other certificates: this one does not name its distribution point"};
}

enum class Kind { full, delta };

Result<void> check_scope(const pkix::TBSCertList& crl, Kind kind,
                         const pkix::Certificate& certificate) {
  for (const auto& extension : crl.crl_extensions) {
    if (!extension.critical) continue;
    if (extension.extn_id == oid::kIssuingDistributionPoint) {
      TRY(check_is_about(extension, certificate));
      continue;
    }
    if (extension.extn_id == oid::kDeltaCrlIndicator && kind == Kind::delta) continue;
    return Error{Fault::unsupported_message, "the CRL has the critical extension " +
                                                 extension.extn_id.to_text() +
                                                 " (a delta, or a part of all): ask by OCSP"};
  }
  return {};
}

Error no_pair(const std::string& why) {
  return {Fault::crl_not_found, "the full CRL and its delta do not belong together: " + why};
}

/// The same extension in both, octet for octet, or in neither.
bool share(const CrlFinding& full, const CrlFinding& delta, const asn1::Oid& type) {
  const auto* one = pkix::find_extension(full.head().crl_extensions, type);
  const auto* other = pkix::find_extension(delta.head().crl_extensions, type);
  if (one == nullptr || other == nullptr) return one == other;
  return one->extn_value == other->extn_value;
}

/// RFC 5280 §5.2.4 (a) to (c). That both are of one issuer, look_through saw. Gives the full one's
/// number.
Result<asn1::Integer> check_pair(const CrlFinding& full, const CrlFinding& delta) {
  if (!share(full, delta, oid::kAuthorityKeyIdentifier)) return no_pair("they name other keys");
  if (!share(full, delta, oid::kIssuingDistributionPoint)) {
    return no_pair("they are about other certificates (issuingDistributionPoint)");
  }
  const auto base = TRY(number_in(delta.head(), oid::kDeltaCrlIndicator));
  auto number = TRY(number_in(full.head(), oid::kCrlNumber));
  if (!is_less(number, base)) return number;
  return no_pair("the delta begins at CRL " + base.to_decimal() + ", the full one is " +
                 number.to_decimal() + ": fetch it anew");
}

CertificateStanding standing_of(const CrlFinding& finding) {
  CertificateStanding standing;
  standing.status = Status::good;
  standing.this_update = finding.head().this_update;
  standing.next_update = finding.head().next_update;
  if (!finding.entry()) return standing;
  const auto reason = reason_of(*finding.entry());
  if (reason == pkix::CRLReason::removeFromCRL) return standing;
  standing.status = Status::revoked;
  standing.revoked_at = finding.entry()->revocation_date;
  standing.reason = reason;
  return standing;
}

Result<void> check_issuer(const pkix::Name& named, const pkix::Certificate& issuer) {
  if (named == issuer->subject) return {};
  return Error{Fault::untrusted_signer,
               "the CRL is of " + pkix::to_text(named) + ", not " + pkix::to_text(issuer->subject)};
}

}  // namespace

Result<void> check_crl_of(const pkix::Certificate& issuer, const pkix::CertificateList& crl) {
  TRY(check_issuer(crl.tbs.value.issuer, issuer));
  return verify(crl.signature_algorithm, crl.tbs.der, crl.signature_value,
                issuer->subject_public_key_info);
}

Result<void> check_in_force(const pkix::TBSCertList& crl, Time now) {
  return check_time(crl.this_update, crl.next_update, now, "CRL");
}

Result<CrlFinding> look_through(ByteView crl, const pkix::Certificate& certificate,
                                const pkix::Certificate& issuer) {
  CrlFinding finding;
  const auto take = [&](pkix::RevokedCertificate entry) -> Result<void> {
    const bool is_it = entry.user_certificate == certificate->serial_number;
    if (is_it) finding.entry_ = std::move(entry);
    return {};
  };
  auto frame = TRY(pkix::walk_certificate_list(crl, take));
  TRY(check_issuer(frame.head.issuer, issuer));
  TRY(verify(frame.signature_algorithm, frame.tbs_der, frame.signature_value,
             issuer->subject_public_key_info));
  finding.head_ = std::move(frame.head);
  return finding;
}

Result<CertificateStanding> standing_by(const CrlFinding& full,
                                        const pkix::Certificate& certificate, Time now) {
  TRY(check_scope(full.head(), Kind::full, certificate));
  TRY(check_in_force(full.head(), now));
  return standing_of(full);
}

Result<CertificateStanding> standing_by(const CrlFinding& full, const CrlFinding& delta,
                                        const pkix::Certificate& certificate, Time now) {
  const auto before = TRY(standing_by(full, certificate, now));
  TRY(check_scope(delta.head(), Kind::delta, certificate));
  const auto full_number = TRY(check_pair(full, delta));
  TRY(check_in_force(delta.head(), now));
  const auto delta_number = TRY(number_in(delta.head(), oid::kCrlNumber));
  if (!is_less(full_number, delta_number)) return before;
  auto standing = delta.entry() ? standing_of(delta) : before;
  standing.by_delta = true;
  standing.this_update = delta.head().this_update;
  standing.next_update = delta.head().next_update;
  return standing;
}

Result<CertificateStanding> look_up(ByteView crl, const pkix::Certificate& certificate,
                                    const pkix::Certificate& issuer, Time now) {
  return standing_by(TRY(look_through(crl, certificate, issuer)), certificate, now);
}

std::string crl_address(const pkix::Certificate& certificate) {
  return first_address(certificate->extensions, oid::kCrlDistributionPoints);
}

std::string delta_address(const pkix::Certificate& certificate, const CrlFinding& full) {
  const auto named = first_address(certificate->extensions, oid::kFreshestCrl);
  return named.empty() ? first_address(full.head().crl_extensions, oid::kFreshestCrl) : named;
}

}  // namespace signet::client
