#include "issuance/crl.h"

#include "codec/pkix/oids.h"

namespace signet::issuance {
namespace {

namespace oid = pkix::oid;

pkix::RevokedCertificate entry_of(const store::RevokedEntry& revoked) {
  constexpr int kUnspecified = 0;
  pkix::RevokedCertificate entry{revoked.serial_number, revoked.revoked_at, {}};
  // RFC 5280 §5.3.1: reasonCode is left out rather than unspecified.
  if (revoked.reason != kUnspecified) {
    entry.crl_entry_extensions.push_back(
        {oid::kReasonCode, false, pkix::write_reason_code(revoked.reason)});
  }
  if (revoked.invalidity_date) {
    entry.crl_entry_extensions.push_back(
        {oid::kInvalidityDate, false, pkix::write_invalidity_date(*revoked.invalidity_date)});
  }
  return entry;
}

pkix::Extension authority_key_identifier(const pkix::Certificate& issuer) {
  pkix::AuthorityKeyIdentifier identifier;
  identifier.key_identifier = issuer.subject_key_identifier();
  return {oid::kAuthorityKeyIdentifier, false, pkix::write_authority_key_identifier(identifier)};
}

Result<void> check(const Bytes& der, const Issuer& issuer) {
  const auto list = TRY(pkix::read_certificate_list(der));
  const auto key = TRY(crypto::PublicKey::from(issuer.certificate()->subject_public_key_info));
  return key.verify(list.signature_algorithm, list.tbs.der, list.signature_value.octets);
}

}  // namespace

Result<store::CrlRecord> make_crl(const Issuer& issuer, const CrlInput& input) {
  pkix::TBSCertList list;
  list.signature = input.signature_algorithm;
  list.issuer = issuer.certificate()->subject;
  list.this_update = input.this_update;
  list.next_update = input.next_update;
  for (const auto& revoked : input.revoked) list.revoked_certificates.push_back(entry_of(revoked));
  list.crl_extensions.push_back(authority_key_identifier(issuer.certificate()));
  list.crl_extensions.push_back(
      {oid::kCrlNumber, false, pkix::write_crl_number(pkix::Integer::from(input.number))});

  const auto tbs = pkix::write_tbs_cert_list(list);
  auto signature = TRY(issuer.key().sign(input.signature_algorithm, tbs));
  auto der =
      pkix::write_certificate_list(tbs, input.signature_algorithm, {std::move(signature), 0});
  if (const auto checked = check(der, issuer); !checked.ok()) {
    return Error{Fault::signing_failed,
                 "a CRL that does not verify with the authority's own "
                 "certificate: " +
                     checked.error().detail};
  }
  return store::CrlRecord{input.number, input.this_update, input.next_update, std::move(der)};
}

}  // namespace signet::issuance
