#include "issuance/crl.h"

#include <limits>

#include "codec/asn1/whole.h"
#include "codec/pkix/oids.h"
#include "codec/pkix/signed_parts.h"

namespace signet::issuance {
namespace {

namespace oid = pkix::oid;

using pkix::CRLReason;

pkix::TBSCertList head_of(const Issuer& issuer, const CrlInput& input) {
  pkix::TBSCertList list;
  list.signature = input.signature_algorithm;
  list.issuer = issuer.certificate()->subject;
  list.this_update = input.this_update;
  list.next_update = input.next_update;
  return list;
}

/// RFC 5280 §5.3.1: reasonCode is left out rather than unspecified.
Bytes entry_extensions(CRLReason reason, const std::optional<Time>& invalidity_date) {
  pkix::Extensions extensions;
  if (reason != CRLReason::unspecified) {
    extensions.push_back({oid::kReasonCode, false, pkix::write_reason_code(reason)});
  }
  if (invalidity_date) {
    extensions.push_back(
        {oid::kInvalidityDate, false, pkix::write_invalidity_date(*invalidity_date)});
  }
  return extensions.empty() ? Bytes{} : pkix::write_entry_extensions(extensions);
}

pkix::Extension key_identifier_of_issuer(const pkix::Certificate& issuer) {
  pkix::AuthorityKeyIdentifier identifier;
  identifier.key_identifier = crypto::issuer_key_identifier(issuer);
  return {oid::kAuthorityKeyIdentifier, false, pkix::write_authority_key_identifier(identifier)};
}

}  // namespace

Result<void> check_crl_signature(ByteView der, const Issuer& issuer) {
  constexpr auto kNoLimit = std::numeric_limits<std::size_t>::max();
  const auto parts = TRY(asn1::read_whole(
      der, asn1::Limits{.octets = kNoLimit, .elements = kNoLimit}, pkix::read_signed));
  const auto key = TRY(crypto::PublicKey::from(issuer.certificate()->subject_public_key_info));
  return key.verify(parts.signature_algorithm, parts.to_be_signed_der, parts.signature.octets);
}

CrlBuilder::CrlBuilder(const Issuer& issuer, CrlInput input)
    : issuer_(issuer), input_(std::move(input)), writer_(head_of(issuer, input_)) {}

void CrlBuilder::add(const store::StatusEntry& entry) {
  const bool is_released = entry.status == store::CertificateStatus::valid;
  const auto reason = is_released ? CRLReason::removeFromCRL : entry.reason;
  const auto date = entry.revoked_at.value_or(input_.this_update);
  if (!entry.invalidity_date) return writer_.add(entry.serial_number, date, reason_alone(reason));
  writer_.add(entry.serial_number, date, entry_extensions(reason, entry.invalidity_date));
}

/// Nearly all entries have one of these few, so they are written once.
const Bytes& CrlBuilder::reason_alone(CRLReason reason) {
  auto& written = reasons_[static_cast<std::size_t>(reason)];
  if (written.empty()) written = entry_extensions(reason, std::nullopt);
  return written;
}

pkix::Extensions CrlBuilder::crl_extensions() const {
  const auto number = [](std::uint64_t value) {
    return pkix::write_crl_number(pkix::Integer::from(value));
  };
  pkix::Extensions extensions{key_identifier_of_issuer(issuer_.certificate()),
                              {oid::kCrlNumber, false, number(input_.number)}};
  if (input_.base_number) {
    extensions.push_back({oid::kDeltaCrlIndicator, true, number(*input_.base_number)});
  }
  if (!input_.issuing_point.empty()) {
    extensions.push_back({oid::kIssuingDistributionPoint, true, input_.issuing_point});
  }
  if (!input_.base_number && !input_.deltas.empty()) {
    extensions.push_back(
        {oid::kFreshestCrl, false, pkix::write_crl_distribution_points({input_.deltas})});
  }
  return extensions;
}

Result<store::CrlRecord> CrlBuilder::sign(std::uint64_t last_change) {
  auto tbs = writer_.finish(crl_extensions());
  auto signature = TRY(issuer_.key().sign(input_.signature_algorithm, tbs));
  auto der =
      pkix::write_certificate_list(tbs, input_.signature_algorithm, {std::move(signature), 0});
  tbs = {};
  if (const auto checked = check_crl_signature(der, issuer_); !checked.ok()) {
    return Error{Fault::signing_failed,
                 "a CRL that does not verify with the authority's own "
                 "certificate: " +
                     checked.error().detail};
  }
  store::CrlRecord record{input_.number, input_.this_update, input_.next_update, std::move(der)};
  record.shard = input_.shard;
  record.base_number = input_.base_number;
  record.last_change = last_change;
  record.issuing_point = input_.issuing_point;
  return record;
}

}  // namespace signet::issuance
