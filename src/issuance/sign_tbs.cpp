#include "issuance/sign_tbs.h"

#include "issuance/lint.h"

namespace signet::issuance {

Result<LintedTbs> write_linted(pkix::TBSCertificate tbs, const pkix::Certificate& issuer) {
  auto der = pkix::write_tbs_certificate(tbs);
  TRY(lint(tbs, der, issuer));
  return LintedTbs{std::move(tbs), std::move(der)};
}

Result<pkix::Certificate> sign_linted(LintedTbs linted, const crypto::PrivateKey& key) {
  const auto algorithm = linted.tbs.signature;
  auto signature = key.sign(algorithm, linted.der);
  if (!signature.ok()) {
    const auto& why = signature.error();
    return Error{why.fault == Fault::token_failed ? why.fault : Fault::signing_failed,
                 "the authority's key did not sign: " + why.detail};
  }
  asn1::BitString value{*std::move(signature), 0};
  auto der = pkix::write_certificate(linted.der, algorithm, value);
  if (!equal(TRY(pkix::tbs_tlv_of(der)), linted.der)) {
    return Error{Fault::signing_failed,
                 "the certificate does not hold the octets that were linted"};
  }
  return pkix::Certificate{
      {std::move(linted.tbs), std::move(linted.der)}, algorithm, std::move(value), std::move(der)};
}

}  // namespace signet::issuance
