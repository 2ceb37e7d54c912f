#include "client/retrieved.h"

#include "client/check_status.h"
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
                                            const pkix::Certificate& issuer) {
  std::optional<Error> why;
  for (const auto& crl : checked.crls) {
    auto read = read_crl_of(issuer, crl.der);
    if (read.ok()) return read;
    if (!why) why = read.error();  // an authority with two keys sends the CRLs of both
  }
  if (why) return *why;
  return Error{Fault::crl_not_found, "the answer says success and holds no CRL"};
}

}  // namespace signet::client
