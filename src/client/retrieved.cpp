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
  if (checked.crls.empty()) {
    return Error{Fault::crl_not_found, "the answer says success and holds no CRL"};
  }
  auto crl = TRY(read_crl_of(issuer, checked.crls.front().der));
  if (checked.simple) TRY(check_in_force(crl.tbs.value, now));
  return crl;
}

}  // namespace signet::client
