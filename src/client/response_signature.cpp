#include "client/response_signature.h"

#include <algorithm>

#include "client/check_crl.h"
#include "codec/pkix/oids.h"
#include "envelope/signed_data.h"

namespace signet::client {
namespace {

bool asserts_ca(const pkix::Certificate& certificate) {
  const auto* found = pkix::find_extension(certificate->extensions, pkix::oid::kBasicConstraints);
  if (found == nullptr) return false;
  const auto constraints = pkix::read_basic_constraints(found->extn_value);
  return constraints.ok() && constraints->ca;
}

bool lists(const pkix::CertificateList& crl, const asn1::Integer& serial_number) {
  const auto& entries = crl.tbs.value.revoked_certificates;
  return std::any_of(entries.begin(), entries.end(), [&](const pkix::RevokedCertificate& entry) {
    return entry.user_certificate == serial_number;
  });
}

/// By the CRLs that came along, where one is of the certificate's own issuer. Nothing else is known
/// here of what was revoked.
Result<void> check_not_revoked(const pkix::Certificate& certificate,
                               const cms::SignedData& signed_data) {
  for (const auto& crl : signed_data.crls) {
    if (!lists(crl, certificate->serial_number)) continue;
    for (const auto& issuer : signed_data.certificates) {
      const bool is_issuer =
          issuer->subject == certificate->issuer && check_crl_of(issuer, crl).ok();
      if (!is_issuer) continue;
      return Error{Fault::untrusted_signer,
                   "the answer is signed by a certificate that was revoked, as a CRL in the same "
                   "answer says: ask the server's operator for another one"};
    }
  }
  return {};
}

/// What it was given to do, and no longer than it may. Gives whether it only registers.
Result<bool> check_delegate(const pkix::Certificate& certificate,
                            const cms::SignedData& signed_data, Answerer answerer) {
  const bool speaks = certificate.has_extended_key_usage(pkix::oid::kCmcCA);
  const bool registers = !speaks && answerer == Answerer::authority_or_ra &&
                         certificate.has_extended_key_usage(pkix::oid::kCmcRA);
  if (speaks || registers) {
    TRY(check_not_revoked(certificate, signed_data));
    return registers;
  }
  return Error{Fault::untrusted_signer,
               "the answer is signed by " + pkix::to_text(certificate->subject) +
                   ", which is neither an authority nor has id-kp-cmcCA: whoever sent it does "
                   "not speak for the authority"};
}

Result<ResponseSigner> verify(const cms::SignedData& signed_data, const cms::SignerInfo& signer,
                              const proof::Trust& trust, Time now, Answerer answerer) {
  const auto* certificate = envelope::find_signer_certificate(signed_data, signer.sid);
  if (certificate == nullptr) {
    return Error{Fault::untrusted_signer,
                 "the answer does not carry the certificate of its signer: ask the server's "
                 "operator to send it"};
  }
  const auto key = TRY(crypto::PublicKey::from((*certificate)->subject_public_key_info));
  TRY(envelope::verify_signer(signed_data, signer, key));
  //= E58 RFC 10002 §4.2: no certificate is trusted for standing in the answer
  TRY(trust.validate(*certificate, signed_data.certificates, now));
  const bool delegated = !asserts_ca(*certificate);
  const bool registers = delegated && TRY(check_delegate(*certificate, signed_data, answerer));
  return ResponseSigner{*certificate, delegated, registers};
}

}  // namespace

Result<std::vector<ResponseSigner>> verify_response_signature(const cms::SignedData& signed_data,
                                                              const proof::Trust& trust, Time now,
                                                              Answerer answerer) {
  if (signed_data.signer_infos.empty()) {
    return Error{Fault::bad_signature, "the answer holds a PKIResponse that nobody signed"};
  }
  std::vector<ResponseSigner> signers;
  //= E40 RFC 10002 §3.2.1.3.4: every signature is verified
  for (const auto& signer : signed_data.signer_infos) {
    signers.push_back(TRY(verify(signed_data, signer, trust, now, answerer)));
  }
  return signers;
}

Result<void> check_may_grant(const std::vector<ResponseSigner>& signers,
                             const pkix::Certificate& certificate) {
  const bool may = std::any_of(signers.begin(), signers.end(), [&](const ResponseSigner& signer) {
    if (signer.registers) return false;
    const auto& speaks_for =
        signer.delegated ? signer.certificate->issuer : signer.certificate->subject;
    return pkix::names_match(speaks_for, certificate->issuer);
  });
  if (may) return {};
  return Error{Fault::untrusted_signer, "the answer is signed by " +
                                            pkix::to_text(signers.front().certificate->subject) +
                                            ", but the certificate in it was issued by " +
                                            pkix::to_text(certificate->issuer)};
}

}  // namespace signet::client
