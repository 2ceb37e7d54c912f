#include "client/check_status.h"

#include <algorithm>

#include "client/signed_status.h"
#include "codec/ocsp/oids.h"
#include "codec/pkix/oids.h"
#include "crypto/certification_path.h"
#include "crypto/public_key.h"

namespace signet::client {
namespace {

using ocsp::OCSPResponseStatus;
using Status = CertificateStanding::Status;

constexpr std::size_t kOcspNonceOctets = 32;

Error told_by_responder(OCSPResponseStatus status) {
  const bool later = status == OCSPResponseStatus::tryLater;
  return {later ? Fault::busy : Fault::directory_unreachable,
          "the OCSP responder answers " + std::string(ocsp::to_text(status))};
}

/// Made for OCSP by the issuer itself, and in force.
Result<void> check_delegate(const pkix::Certificate& delegate, const pkix::Certificate& issuer,
                            Time now) {
  const bool is_made_for_it = delegate->issuer == issuer->subject &&
                              delegate.has_extended_key_usage(pkix::oid::kOcspSigning);
  const auto& validity = delegate->validity;
  if (!is_made_for_it || now < validity.not_before || validity.not_after < now) {
    return Error{Fault::untrusted_signer, "the OCSP answer is signed by " +
                                              pkix::to_text(delegate->subject) +
                                              ", which is not the issuer's responder now"};
  }
  return crypto::verify_certificate_signature(delegate, issuer->subject_public_key_info);
}

bool is_named(const ocsp::ResponderID& id, const pkix::Certificate& certificate) {
  if (const auto* name = std::get_if<pkix::Name>(&id)) return *name == certificate->subject;
  return std::get<ocsp::KeyHash>(id).octets ==
         crypto::key_identifier(certificate->subject_public_key_info);
}

/// The issuer, or the delegate among the certificates of the answer.
Result<void> check_signer(const ocsp::BasicOCSPResponse& basic, const pkix::Certificate& issuer,
                          Time now) {
  const auto& data = basic.tbs_response_data;
  const auto& id = data.value.responder_id;
  const auto verify_by = [&](const pkix::Certificate& signer) {
    return verify(basic.signature_algorithm, data.der, basic.signature,
                  signer->subject_public_key_info);
  };
  if (is_named(id, issuer)) return verify_by(issuer);
  for (const auto& delegate : basic.certs) {
    if (!is_named(id, delegate)) continue;
    TRY(check_delegate(delegate, issuer, now));
    return verify_by(delegate);
  }
  return Error{Fault::untrusted_signer, "the OCSP answer does not carry its signer's certificate"};
}

Result<void> check_nonce(const ocsp::ResponseData& data, ByteView nonce) {
  const auto* found = pkix::find_extension(data.response_extensions, ocsp::oid::kNonce);
  if (found != nullptr && equal(TRY(ocsp::read_nonce(found->extn_value)), nonce)) return {};
  return Error{Fault::replayed, "the OCSP answer does not bear our nonce: it may be an old one"};
}

CertificateStanding standing_of(const ocsp::SingleResponse& single) {
  CertificateStanding standing;
  standing.this_update = single.this_update;
  standing.next_update = single.next_update;
  if (std::holds_alternative<ocsp::Good>(single.cert_status)) standing.status = Status::good;
  if (const auto* revoked = std::get_if<ocsp::RevokedInfo>(&single.cert_status)) {
    standing.status = Status::revoked;
    standing.revoked_at = revoked->revocation_time;
    standing.reason = revoked->revocation_reason;
  }
  return standing;
}

}  // namespace

Result<StatusQuestion> ask_status(const pkix::Certificate& certificate,
                                  const pkix::Certificate& issuer, RandomSource& random) {
  using crypto::DigestAlgorithm;
  StatusQuestion question;
  question.nonce = TRY(random.octets(kOcspNonceOctets));
  ocsp::CertID id{crypto::algorithm_identifier(DigestAlgorithm::sha256),
                  crypto::sha256(issuer->subject.der()),
                  crypto::key_identifier(issuer->subject_public_key_info, DigestAlgorithm::sha256),
                  certificate->serial_number};
  question.cert_id_der = ocsp::write_cert_id(id);
  ocsp::TBSRequest tbs;
  tbs.request_list.push_back({{std::move(id), question.cert_id_der}, {}});
  tbs.request_extensions.push_back({ocsp::oid::kNonce, false, ocsp::write_nonce(question.nonce)});
  question.octets = ocsp::write_ocsp_request(ocsp::write_tbs_request(tbs));
  return question;
}

Result<CertificateStanding> read_status(ByteView ocsp_response, const StatusQuestion& question,
                                        const pkix::Certificate& issuer, Time now) {
  const auto response = TRY(ocsp::read_ocsp_response(ocsp_response));
  if (!response.response_bytes) return told_by_responder(response.response_status);
  const auto basic = TRY(ocsp::read_basic_ocsp_response(response.response_bytes->response));
  TRY(check_signer(basic, issuer, now));
  const auto& data = basic.tbs_response_data.value;
  TRY(check_nonce(data, question.nonce));
  const auto ours =
      std::find_if(data.responses.begin(), data.responses.end(),
                   [&](const auto& single) { return single.cert_id.der == question.cert_id_der; });
  if (ours == data.responses.end()) {
    return Error{Fault::certificate_not_found, "the OCSP answer is about another certificate"};
  }
  TRY(check_time(ours->this_update, ours->next_update, now, "OCSP answer"));
  return standing_of(*ours);
}

}  // namespace signet::client
