#include "authority/ocsp_signer.h"

#include <algorithm>

#include "authority/published_profiles.h"
#include "codec/pkix/oids.h"
#include "crypto/certification_path.h"
#include "crypto/key_hash.h"
#include "issuance/authority_certificates.h"

namespace signet::authority {
namespace {

constexpr const char* kRequester = "$System$";
/// The clocks of those who ask may be behind ours by so much.
constexpr std::chrono::minutes kClockSkew{10};

std::string common_name(const pkix::Name& authority) {
  constexpr std::size_t kMostOctets = 64;  // ub-common-name
  const auto full = "OCSP responder of " + authority.last(pkix::oid::kCommonName);
  return full.size() <= kMostOctets ? full : "OCSP responder";
}

/// The authority's name with a common name of the responder's own.
Result<pkix::Name> responder_name(const pkix::Name& authority) {
  const auto is_common_name = [](const pkix::NameAttribute& attribute) {
    return attribute.type == pkix::oid::kCommonName;
  };
  std::vector<pkix::RelativeDistinguishedName> rdns;
  for (const auto& rdn : authority.rdns()) {
    if (std::none_of(rdn.begin(), rdn.end(), is_common_name)) rdns.push_back(rdn);
  }
  rdns.push_back({{pkix::oid::kCommonName, asn1::kUtf8String, to_bytes(common_name(authority))}});
  return pkix::make_name(rdns);
}

Result<std::unique_ptr<crypto::PrivateKey>> make_key(const issuance::Issuer& issuer) {
  const bool is_rsa = issuer.key().kind() == crypto::KeyKind::rsa;
  return crypto::generate_private_key(is_rsa ? "rsa:2048" : "ec:p256");
}

Result<pkix::Certificate> make_certificate(const OcspSignerInput& input,
                                           const crypto::PrivateKey& key) {
  const auto& authority = input.issuer.certificate();
  const auto from = std::max(input.clock.now() - kClockSkew, authority->validity.not_before);
  auto subject = TRY(responder_name(authority->subject));
  const issuance::ServiceInput wanted{.kind = issuance::ServiceKind::ocsp_responder,
                                      .subject = std::move(subject),
                                      .key = key.public_key_info(),
                                      .validity = input.validity,
                                      .now = from,
                                      .signature_algorithm = input.signature_algorithm};
  auto made = TRY(issuance::make_service_certificate(wanted, input.issuer.chain(),
                                                     input.issuer.key(), input.random));
  TRY(crypto::verify_certificate_signature(made, authority->subject_public_key_info));
  return made;
}

/// What an authority delegates outside of its own time is worth nothing.
Result<void> check_is_valid(const pkix::Certificate& authority, Time now) {
  const auto& validity = authority->validity;
  if (validity.not_before <= now && now < validity.not_after) return {};
  return Error{Fault::bad_configuration,
               "the authority's certificate is valid from " + to_text(validity.not_before) +
                   " to " + to_text(validity.not_after) + " only: no OCSP responder can sign now"};
}

store::CertificateRecord record_of(const OcspSignerInput& input,
                                   const pkix::Certificate& certificate) {
  const auto now = input.clock.now();
  auto record =
      store::record_of(certificate, crypto::key_hash(certificate->subject_public_key_info), now);
  record.profile_id = kOcspResponderProfile;
  record.requester = kRequester;
  record.crl_shard = input.crl_shard;
  return record;
}

audit::Event issued(const pkix::Certificate& certificate, const Clock& clock) {
  return {.name = "CERT_REQUEST_PROCESSED",
          .time = clock.now_precise(),
          .outcome = audit::EventOutcome::success,
          .fields = {{"SubjectID", kRequester},
                     {"ProfileID", std::string(kOcspResponderProfile)},
                     {"CertSubject", pkix::to_text(certificate->subject)},
                     {"CertSerialNum", "0x" + certificate->serial_number.to_hex()}}};
}

Result<void> put_on_record(const OcspSignerInput& input, const pkix::Certificate& certificate) {
  store::Commit commit;
  commit.certificates.push_back(record_of(input, certificate));
  commit.events.push_back(issued(certificate, input.clock));
  const auto outcome = input.committer.commit(std::move(commit));
  if (outcome.durable()) return {};
  return outcome.failed.value_or(
      Error{Fault::busy, "the serial number drawn for the OCSP responder is taken"});
}

}  // namespace

bool OcspSigner::is_valid_at(Time time) const {
  return certificate->validity.not_before <= time && time < certificate->validity.not_after;
}

Time OcspSigner::renew_from() const {
  const auto& validity = certificate->validity;
  return validity.not_before + (validity.not_after - validity.not_before) / 2;
}

Result<OcspSigner> make_ocsp_signer(const OcspSignerInput& input) {
  TRY(check_is_valid(input.issuer.certificate(), input.clock.now()));
  auto key = TRY(make_key(input.issuer));
  auto algorithm = TRY(crypto::default_signature_algorithm(*key));
  auto certificate = TRY(make_certificate(input, *key));
  TRY(put_on_record(input, certificate));
  auto key_hash = crypto::key_identifier(key->public_key_info());
  return OcspSigner{std::move(key), std::move(algorithm), std::move(certificate),
                    std::move(key_hash)};
}

}  // namespace signet::authority
