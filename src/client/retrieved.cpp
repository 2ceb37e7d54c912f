#include "client/retrieved.h"

#include "client/check_crl.h"
#include "crypto/certification_path.h"

namespace signet::client {

Result<pkix::Certificate> retrieved_certificate(const CheckedResponse& checked,
                                                const pkix::Certificate& issuer,
                                                const asn1::Integer& serial_number) {
  for (const auto& certificate : checked.chain) {
    const bool is_it =
        certificate->serial_number == serial_number && certificate->issuer == issuer->subject;
    if (!is_it) continue;
    TRY(crypto::verify_certificate_signature(certificate, issuer->subject_public_key_info));
    return certificate;
  }
  return Error{Fault::certificate_not_found,
               "the answer says success and holds no such certificate"};
}

Result<pkix::CertificateList> retrieved_crl(const CheckedResponse& checked,
                                            const pkix::Certificate& issuer, Time now) {
  std::optional<Error> why;
  for (const auto& each : checked.crls) {
    auto crl = read_crl_of(issuer, each.der);
    if (!crl.ok()) {
      if (!why) why = crl.error();  // an authority with two keys sends the CRLs of both
      continue;
    }
    if (checked.simple) TRY(check_in_force(crl->tbs.value, now));
    return crl;
  }
  if (why) return *why;
  return Error{Fault::crl_not_found, "the answer says success and holds no CRL"};
}

}  // namespace signet::client
