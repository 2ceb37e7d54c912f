#include "client/check_status.h"

#include <algorithm>

#include "codec/asn1/whole.h"
#include "codec/ocsp/oids.h"
#include "codec/pkix/distribution_point.h"
#include "codec/pkix/oids.h"
#include "crypto/certification_path.h"
#include "crypto/public_key.h"

namespace signet::client {
namespace {

using ocsp::OCSPResponseStatus;
using Status = CertificateStanding::Status;

constexpr std::size_t kNonceOctets = 32;
constexpr std::chrono::minutes kClockSkew{5};

Result<void> verify(const pkix::AlgorithmIdentifier& algorithm, ByteView signed_der,
                    const pkix::BitString& signature, const pkix::SubjectPublicKeyInfo& by) {
  const auto key = TRY(crypto::PublicKey::from(by));
  return key.verify(algorithm, signed_der, signature.octets);
}

// ------------------------------------------------------------ OCSP

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

Result<void> check_time(Time this_update, const std::optional<Time>& next_update, Time now,
                        std::string_view what) {
  const bool early = now + kClockSkew < this_update;
  const bool late = next_update && *next_update + kClockSkew < now;
  if (!early && !late) return {};
  return Error{Fault::stale_time,
               "the " + std::string(what) + " is of " + to_text(this_update) +
                   (next_update ? ", good until " + to_text(*next_update) : std::string()) +
                   "; here it is " + to_text(now)};
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

// ------------------------------------------------------------ CRL

std::optional<int> reason_of(const pkix::RevokedCertificate& entry) {
  const auto* found = pkix::find_extension(entry.crl_entry_extensions, pkix::oid::kReasonCode);
  if (found == nullptr) return std::nullopt;
  const auto reason = asn1::read_whole(
      found->extn_value, asn1::Limits::der(),
      [](asn1::Reader& reader) { return reader.read_small_integer(asn1::kEnumerated); });
  if (!reason.ok()) return std::nullopt;
  return static_cast<int>(*reason);
}

/// All names of the points of cRLDistributionPoints.
Result<pkix::GeneralNames> named_points(const pkix::Certificate& certificate) {
  pkix::GeneralNames names;
  const auto* found =
      pkix::find_extension(certificate->extensions, pkix::oid::kCrlDistributionPoints);
  if (found == nullptr) return names;
  const auto points = TRY(pkix::read_crl_distribution_points(found->extn_value));
  for (const auto& point : points) names.insert(names.end(), point.begin(), point.end());
  return names;
}

Result<void> check_is_about(const pkix::Extension& issuing_point,
                            const pkix::Certificate& certificate) {
  const auto point = TRY(pkix::read_issuing_distribution_point(issuing_point.extn_value));
  if (point.narrowed) {
    return Error{Fault::unsupported_message,
                 "the CRL is about some kinds of certificates or reasons: ask by OCSP"};
  }
  const auto named = TRY(named_points(certificate));
  const bool shared = std::find_first_of(named.begin(), named.end(), point.full_name.begin(),
                                         point.full_name.end()) != named.end();
  if (shared || point.full_name.empty()) return {};
  return Error{
      Fault::crl_not_found,
      "the CRL is about other certificates: this one does not name its distribution point"};
}

Result<void> check_scope(const pkix::TBSCertList& crl, const pkix::Certificate& certificate) {
  for (const auto& extension : crl.crl_extensions) {
    if (!extension.critical) continue;
    if (extension.extn_id == pkix::oid::kIssuingDistributionPoint) {
      TRY(check_is_about(extension, certificate));
      continue;
    }
    return Error{Fault::unsupported_message, "the CRL has the critical extension " +
                                                 extension.extn_id.to_text() +
                                                 " (a delta, or a part of all): ask by OCSP"};
  }
  return {};
}

}  // namespace

Result<StatusQuestion> ask_status(const pkix::Certificate& certificate,
                                  const pkix::Certificate& issuer, RandomSource& random) {
  using crypto::DigestAlgorithm;
  StatusQuestion question;
  question.nonce = TRY(random.octets(kNonceOctets));
  ocsp::CertID id{crypto::algorithm_identifier(DigestAlgorithm::sha256),
                  crypto::sha256(issuer->subject.der),
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

Result<pkix::CertificateList> read_crl_of(const pkix::Certificate& issuer, ByteView crl) {
  auto list = TRY(pkix::read_certificate_list(crl));
  const auto& tbs = list.tbs.value;
  if (tbs.issuer != issuer->subject) {
    return Error{Fault::untrusted_signer, "the CRL is of " + pkix::to_text(tbs.issuer) + ", not " +
                                              pkix::to_text(issuer->subject)};
  }
  TRY(verify(list.signature_algorithm, list.tbs.der, list.signature_value,
             issuer->subject_public_key_info));
  return list;
}

Result<CertificateStanding> look_up(ByteView crl, const pkix::Certificate& certificate,
                                    const pkix::Certificate& issuer, Time now) {
  const auto list = TRY(read_crl_of(issuer, crl));
  const auto& tbs = list.tbs.value;
  TRY(check_scope(tbs, certificate));
  TRY(check_time(tbs.this_update, tbs.next_update, now, "CRL"));
  CertificateStanding standing;
  standing.status = Status::good;
  standing.this_update = tbs.this_update;
  standing.next_update = tbs.next_update;
  for (const auto& entry : tbs.revoked_certificates) {
    if (entry.user_certificate != certificate->serial_number) continue;
    standing.status = Status::revoked;
    standing.revoked_at = entry.revocation_date;
    standing.reason = reason_of(entry);
  }
  return standing;
}

std::string crl_address(const pkix::Certificate& certificate) {
  const auto names = named_points(certificate);
  if (!names.ok()) return {};
  for (const auto& name : *names) {
    const auto* uri = std::get_if<pkix::UniformResourceIdentifier>(&name);
    if (uri != nullptr && uri->value.starts_with("http")) return uri->value;
  }
  return {};
}

}  // namespace signet::client
