#include "client/retrieved.h"

#include <algorithm>

#include "client/check_crl.h"
#include "client/issuer.h"

namespace signet::client {
namespace {

using Certificates = std::vector<pkix::Certificate>;

bool names_one_of(const Certificates& issuers, const pkix::Certificate& certificate) {
  return std::any_of(issuers.begin(), issuers.end(), [&](const pkix::Certificate& issuer) {
    return certificate->issuer == issuer->subject;
  });
}

/// As one issuer's; what is wrong with it by the first of them, where it is nobody's.
Result<void> check_crl_of_any(const Certificates& issuers, const pkix::CertificateList& crl) {
  std::optional<Error> why;
  for (const auto& issuer : issuers) {
    auto checked = check_crl_of(issuer, crl);
    if (checked.ok()) return checked;
    if (!why) why = std::move(checked).error();
  }
  return why.value_or(Error{Fault::untrusted_signer, "nobody is known whose the CRL could be"});
}

}  // namespace

Result<pkix::Certificate> retrieved_certificate(const CheckedResponse& checked,
                                                const Certificates& issuers,
                                                const asn1::Integer& serial_number) {
  for (const auto& certificate : checked.chain) {
    const bool is_it =
        certificate->serial_number == serial_number && names_one_of(issuers, certificate);
    if (!is_it) continue;
    if (find_issuer(certificate, issuers) != nullptr) return certificate;
    return Error{Fault::bad_signature,
                 "the certificate in the answer names " + pkix::to_text(certificate->issuer) +
                     " as its issuer, but is signed by no key of its that is trusted"};
  }
  return Error{Fault::certificate_not_found,
               "the answer says success and holds no such certificate"};
}

Result<pkix::CertificateList> retrieved_crl(const CheckedResponse& checked,
                                            const Certificates& issuers, Time now) {
  std::optional<Error> why;
  for (const auto& crl : checked.crls) {
    const auto is_theirs = check_crl_of_any(issuers, crl);
    if (!is_theirs.ok()) {
      if (!why) why = is_theirs.error();  // an authority with two keys sends the CRLs of both
      continue;
    }
    if (checked.simple) TRY(check_in_force(crl.tbs.value, now));
    return crl;
  }
  if (why) return *why;
  return Error{Fault::crl_not_found, "the answer says success and holds no CRL"};
}

}  // namespace signet::client
